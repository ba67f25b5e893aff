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

OF_MEANINGS = """\
Those whose names do not say all. What it takes to look at the clock is subtracted from every time,
but for ``elapsed_ns``; what is less than that is told as 0.
"""

# Of members of the same name in several scenarios, each has the same meaning.
MEANINGS = {
    "served_by": (
        "which allocator the memory came from: ``slab``, ``large`` (the page allocator, through "
        "kmalloc), ``vmalloc`` or ``pages``; ``null`` if there were several"
    ),
    "usable_bytes": "the memory that was set aside for the request",
    "predicted_bytes": "what ``kmalloc_size_roundup()`` says of that size",
    "usable_witness": (
        "who says how much is usable: ``ksize()``, and whether it agrees with "
        "``predicted_bytes``; or the pages, counted; KFENCE guards an object now and then, of "
        "which exactly what was asked for is usable"
    ),
    "waste_percent": "the part of what is usable that nobody asked for",
    "alignment_min_bytes": (
        "the alignment that all of them had; the fewer there were, the more of it is chance"
    ),
    "came_zeroed": "it was zero before anything was written; or how many allocations were",
    "zeroed": "allocations that were zero before anything was written",
    "without_sleep": "requests that were met with ``GFP_NOWAIT``",
    "runs": "how many pieces of physical memory it is",
    "runs_max": "the most pieces that one allocation consisted of",
    "longest_run_min_pages": "the longest piece of each allocation; of these the shortest",
    "contiguous": "it is one piece of physical memory; or how many allocations were",
    "pages_elsewhere": "pages on another node than the first page",
    "allocate_min_ns": "the least that an allocation took",
    "free_min_ns": "the least that a free took",
    "nowait_fragmented": (
        "requests that were met with ``GFP_NOWAIT``: ``_before`` memory was broken up, while it "
        "was (``_fragmented``), and ``_after`` it was whole again"
    ),
    "noretry_fragmented": (
        "the same with ``GFP_KERNEL | __GFP_NORETRY``, which reclaims and compacts once; at each "
        "order after ``nowait``"
    ),
    "kvmalloc_mapped_fragmented": "allocations of kvmalloc that came from vmalloc",
    "vmalloc_runs_fragmented": "the most pieces that memory from vmalloc consisted of",
    "via": "who called the kernel: ``library``, or ``c``, the macros that a driver in C uses",
    "operations": "how many were timed",
    "p50_ns": "half of them took no longer; so with ``p90``, ``p99`` and ``p999`` (99.9 %)",
    "interrupts": "interrupts that the CPU handled meanwhile",
    "migrations": "how often the thread was found on another CPU than before",
    "timer_ns": "what it takes to look at the clock, and to call nothing; it has been subtracted",
    "values_ns": "how long they took, in steps; ``counts`` has how many took so long",
    "sizes": "``fixed``, ``uniform``, ``powers``, or ``given`` by a list",
    "elapsed_ns": "how long all of it took, from the moment at which all CPUs began",
    "operations_per_s": "``operations`` in a second of ``elapsed_ns``",
    "cpu": "which CPU the line is about; ``null`` if about all of them together",
    "fairness_percent": (
        "Jain's index of how often each CPU got through: 100 % if all did equally often, and 100 % "
        "divided by the number of CPUs if only one did"
    ),
}


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


def meanings(facts: dict[str, Any]) -> str:
    """What members mean, as far as these scenarios have them."""
    members = {
        member
        for lines in facts["results"].values()
        for of_kind in kinds_of(lines).values()
        for member in of_kind
    }
    rows = [[f"``{name}``", text] for name, text in MEANINGS.items() if name in members]
    if not rows:
        return ""
    head = heading("What the members mean")
    return f"{head}\n{OF_MEANINGS}\n{table(['Member', 'Meaning'], [30, 70], rows)}"


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
        meanings(facts),
        *(section(name, lines) for name, lines in facts["results"].items()),
    ]
    for name in facts["refusals"]:
        parts += [heading(name), "It does not run by its name alone on this kernel.\n"]
    return "\n".join(parts)
