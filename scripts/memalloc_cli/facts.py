# SPDX-License-Identifier: GPL-2.0
"""The files `environment` and `stats`, for programs."""

Value = int | bool | str
# What the module writes for truth.
TRUTH = {"yes": True, "no": False}


def value_of(word: str) -> Value:
    """A value as a program would have it; those of the kernel's configuration stay y, n and m."""
    if word.isascii() and word.isdigit():
        return int(word)
    return TRUTH.get(word, word)


def as_object(text: str) -> dict[str, Value | dict[str, dict[str, Value]]]:
    """An object of facts, which are a line each, and of the table that follows them in `stats`.

    The table has the allocators as its rows: they become `allocators`.
    """
    found: dict[str, Value | dict[str, dict[str, Value]]] = {}
    rows: dict[str, dict[str, Value]] = {}
    headings: list[str] = []
    for line in text.splitlines():
        name, _, rest = line.partition(" ")
        if headings:
            rows[name] = {
                heading: value_of(word)
                for heading, word in zip(headings, rest.split(), strict=True)
            }
        elif name == "allocator":
            headings = rest.split()
        else:
            found[name] = value_of(rest)
    return {**found, "allocators": rows} if rows else found
