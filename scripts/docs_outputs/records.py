# SPDX-License-Identifier: GPL-2.0
"""The page of records, made from what each scenario leaves in the file `results`."""

import json
from typing import Any

from memalloc_cli.results import COMMON

from .rst import COMMENT, heading, table, title

INTRODUCTION = """\
The file ``results``, and ``scripts/memalloc run --json``, have the last run as JSON Lines: one
object a line. These are the kinds of objects of each scenario, and their members, as a run by the
scenario's name alone leaves them on Debian's kernel.

Every object has ``schema`` (the version of this form), ``run`` (the number of the run since the
module was loaded), ``scenario`` and ``kind``. A run begins with an object of kind ``begin``,
which has the kernel's release and every parameter as it was understood, and ends with one of kind
``end``:

``status``
   ``complete``, ``cancelled``, ``timeout``, ``unmet``, ``corrupt``, ``leaked``,
   ``answer_failed`` or ``no_threads``; see :doc:`errors`.

``reason``
   why it ended early, or ``null``.

``allocations``, ``outstanding``
   how many allocations were made, and how many of them were not freed, which is always 0.

``elapsed_ns``
   how long it took.

A member's name ends with its unit. A pair ``x`` and ``x_of`` is one figure out of so many. What
could not be measured is ``null``. New members and new kinds may come; a member that goes away or
changes its meaning raises ``schema``.
"""


def type_name(value: object) -> str:
    """What a member holds."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case list():
            return "list of numbers"
        case _:
            return "string"


def kinds_of(lines: list[str]) -> dict[str, dict[str, set[str]]]:
    """Of each kind its members, and of each of these the types of its values."""
    kinds: dict[str, dict[str, set[str]]] = {}
    for line in lines:
        record: dict[str, Any] = json.loads(line)
        members = kinds.setdefault(record["kind"], {})
        for key, value in record.items():
            if key not in COMMON:
                members.setdefault(key, set()).add(type_name(value))
    return kinds


def section(name: str, lines: list[str]) -> str:
    """A section of its own."""
    rows = [
        [f"``{kind}``" if number == 0 else "", f"``{member}``", " or ".join(sorted(types))]
        for kind, members in kinds_of(lines).items()
        if kind not in ("begin", "end")
        for number, (member, types) in enumerate(members.items())
    ]
    return f"{heading(name)}\n{table(['Kind', 'Member', 'Holds'], [22, 48, 30], rows)}"


def page(facts: dict[str, Any]) -> str:
    """The records of all scenarios."""
    parts = [
        COMMENT,
        title("Records"),
        INTRODUCTION,
        *(section(name, lines) for name, lines in facts["results"].items()),
    ]
    for name in facts["refusals"]:
        parts += [heading(name), "It does not run by its name alone on this kernel.\n"]
    return "\n".join(parts)
