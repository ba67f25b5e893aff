# SPDX-License-Identifier: GPL-2.0
"""Results as tables for people."""

from collections.abc import Iterator

from .results import COMMON, Record, Run, groups

# Longer cells get lines of their own.
LONG = 40
# Members of `begin` that are told in the headline.
HEADLINE = (*COMMON, "kernel")


def bytes_text(number: int) -> str:
    """A number of bytes, as short as is exact: 4K, 4097."""
    for shift, suffix in ((30, "G"), (20, "M"), (10, "K")):
        if number >= 1 << shift and number % (1 << shift) == 0:
            return f"{number >> shift}{suffix}"
    return str(number)


def counted(number: int, noun: str) -> str:
    """A number of something."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def parse_bytes(text: str) -> int:
    """The number of bytes that a text such as 4096, 4k or 2M means."""
    shifts = {"k": 10, "m": 20, "g": 30}
    shift = shifts.get(text[-1:].lower(), 0)
    digits = text[:-1] if shift else text
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"'{text}' is not a size; write bytes, or 4k, 2M, 1G")
    return int(digits) << shift


def cell(key: str, value: object) -> str:
    """A member's value, for people."""
    match value:
        case None:
            return "-"
        case True:
            return "yes"
        case False:
            return "no"
        case int() if key.endswith("_bytes"):
            return bytes_text(value)
        case list():
            return " ".join(str(one) for one in value)
        case _:
            return str(value)


def cells(record: Record) -> dict[str, str]:
    """The members of a record by their headings; `x` and `x_of` make one."""
    shown: dict[str, str] = {}
    for key, value in record.items():
        if key in COMMON or (key.endswith("_of") and key.removesuffix("_of") in record):
            continue
        whole = record.get(f"{key}_of")
        text = cell(key, value) if whole is None else f"{cell(key, value)}/{whole}"
        shown[heading(key)] = text
    return shown


def heading(key: str) -> str:
    """A member's name, for people: bytes show their unit themselves."""
    return key.removesuffix("_bytes").replace("_", " ")


def is_number(text: str) -> bool:
    """Whether a cell stands on the right of its column."""
    return text[:1].isdigit() or text[:1] in "+-"


def columns(rows: list[dict[str, str]]) -> str:
    """Rows with the same headings, below each other."""
    headings = list(rows[0])
    widths = [max(len(name), *(len(row[name]) for row in rows)) for name in headings]
    right = [all(is_number(row[name]) for row in rows) for name in headings]

    def line(values: list[str]) -> str:
        parts = [
            value.rjust(width) if is_right else value.ljust(width)
            for value, width, is_right in zip(values, widths, right, strict=True)
        ]
        return "  ".join(parts).rstrip() + "\n"

    return line(headings) + "".join(line(list(row.values())) for row in rows)


def listing(row: dict[str, str]) -> str:
    """One figure a line."""
    width = max(map(len, row), default=0)
    return "".join(f"{name:{width}}  {value}\n" for name, value in row.items())


def with_long_cells(rows: list[dict[str, str]], long: set[str]) -> str:
    """A row of what is short, and below it lines of what is long."""
    short_rows = [{name: row[name] for name in row if name not in long} for row in rows]
    head, *lines = columns(short_rows).splitlines(keepends=True) if short_rows[0] else ["\n"]
    width = max(map(len, long))
    text = [head]
    for row, line in zip(rows, lines or ["\n"] * len(rows), strict=True):
        text.append(line)
        text += [
            f"    {name:{width}}  {row[name]}\n"
            for name in row
            if name in long and row[name] != "-"
        ]
    return "".join(text)


def group_text(group: list[Record]) -> str:
    """The table of records of one kind."""
    rows = [cells(record) for record in group]
    if not rows[0]:
        return ""
    if len(rows) == 1:
        return listing(rows[0])
    long = {name for row in rows for name, text in row.items() if len(text) > LONG}
    return with_long_cells(rows, long) if long else columns(rows)


def run_text(run: Run) -> Iterator[str]:
    """A run: a headline, its tables, and how it ended."""
    parameters = " ".join(
        f"{key}={cell(key, value)}" for key, value in run.begin.items() if key not in HEADLINE
    )
    yield f"run {run.number}: {run.scenario} {parameters}".rstrip() + f"\nkernel {run.kernel}\n"
    for group in groups(run.middle()):
        if text := group_text(group):
            yield text
    end = run.end
    if not end:
        yield "the file ends before the run does\n"
        return
    status = end["status"] if end["reason"] is None else f"{end['status']}: {end['reason']}"
    yield (
        f"{status}; {end['allocations']} allocations, {end['outstanding']} outstanding, "
        f"{end['elapsed_ns'] // 1_000_000} ms\n"
    )


def runs_text(runs: list[Run]) -> str:
    """Several runs, with blank lines between all parts."""
    return "\n".join("\n".join(run_text(run)) for run in runs)
