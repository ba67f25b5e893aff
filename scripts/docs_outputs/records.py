# SPDX-License-Identifier: GPL-2.0
"""The page of records, made from what each scenario leaves in the file `results`."""

import json
from typing import Any

from memalloc_cli.results import COMMON

from .rst import COMMENT, heading, table, title

INTRODUCTION = """\
The file ``results``, and ``scripts/memalloc run --json``, have the last run as JSON Lines: one
object a line. These are the kinds of objects of each scenario, and their members, as a run by the
scenario's name alone leaves them on Debian's kernel. The types are those of one successful run.
Any figure may also be ``null`` where ``outcome`` is not ``ok``, and ``served_by`` where allocations
were served in different ways.

Every object has ``schema`` (the version of this form), ``run`` (the number of the run since the
module was loaded), ``scenario`` and ``kind``. A run begins with an object of kind ``begin``,
which has the kernel's release and every parameter as it was understood (``kind`` of ``misuse`` is
called ``rule`` there), and ends with one of kind ``end``:

``status``
   ``complete``, ``cancelled``, ``timeout``, ``unmet``, ``corrupt``, ``leaked``,
   ``answer_failed`` or ``no_threads``; see :doc:`errors`.

``reason``
   why it ended early, or ``null``.

``allocations``, ``outstanding``
   how many allocations were made, and how many of them were not freed: 0, unless ``status`` is
   ``leaked``.

``elapsed_ns``
   how long the run took.

A member's name ends with its unit. A pair ``x`` and ``x_of`` is "x out of x_of". What could not be
measured is ``null``. New members and new kinds may come; a member that goes away or
changes its meaning raises ``schema``.
"""

OF_MEANINGS = """\
Only members whose names do not say it all. Clock overhead is subtracted from all times except
``elapsed_ns``; shorter times read 0.
"""

# Of members of the same name in several scenarios, each has the same meaning.
MEANINGS = {
    "outcome": "``ok``, or why the request was not met, or not tried",
    "gfp": "the allocation flags, as a command would give them",
    "served_by": (
        "which allocator the memory came from: ``slab``, ``large`` (the page allocator, through "
        "kmalloc), ``vmalloc`` or ``pages``; ``null`` if there were several"
    ),
    "usable_bytes": "the memory that was set aside for the request",
    "predicted_bytes": "what ``kmalloc_size_roundup()`` returns for that size",
    "usable_witness": (
        "the source of ``usable_bytes``: ``ksize()``, and whether it agrees with "
        "``predicted_bytes``; or the number of pages; of an object that KFENCE guards, exactly the "
        "requested bytes are usable"
    ),
    "waste_percent": "the part of the usable memory that was not requested",
    "alignment_min_bytes": (
        "the alignment that all of them had; the fewer there were, the more of it is chance"
    ),
    "came_zeroed": (
        "whether the memory was zero before anything was written; in totals, how many allocations "
        "were"
    ),
    "zeroed": "allocations that were zero before anything was written",
    "asked": (
        "requests that were made, the one included that was not met: it ends the series, and "
        "``outcome`` says why. So there may be fewer than ``count`` times ``repeat``"
    ),
    "without_sleep": "requests that were met with ``GFP_NOWAIT``",
    "pages": (
        "pages that the memory touches; of a block, its pages; of ``cache``, the pages in which "
        "objects begin"
    ),
    "runs": "pieces of physically contiguous memory",
    "runs_max": "the most pieces that one allocation consisted of",
    "longest_run_pages": "pages of the longest piece",
    "longest_run_min_pages": "the longest piece of each allocation; the shortest of these",
    "runs_by_log2_pages": "how many runs have 1 page, 2 to 3, 4 to 7, and so on",
    "offset_pages": "where the run begins, counted from the frame of the first page",
    "contiguous": "whether it is one piece; in totals, how many allocations were",
    "contiguity_promised": "``promised`` if the allocator guarantees it, otherwise ``luck``",
    "node": "the NUMA node of the first page; of ``numa``, the node asked for",
    "pages_elsewhere": (
        "pages on another node than the first page; of ``numa``, than the node asked for"
    ),
    "verified": "allocations that held what was written to them",
    "limit_bytes": "the most that the allocator can be asked for on this machine",
    "allocate_min_ns": "the shortest allocation",
    "free_min_ns": "the shortest free",
    "first_bytes": "the smallest size that the class serves; ``last_bytes`` is the largest",
    "worst_waste_percent": "the waste at ``first_bytes``",
    "staircase": "a bar for people, as long as the class is large",
    "largest_bytes": "the largest request that was met",
    "refused_bytes": "the smallest request that was tried and not met; a page more",
    "limited_by": (
        "what did not allow more: ``allocator``, ``memory``, ``budget`` (``max_live_bytes``), or "
        "``available``: no single allocation takes more than half of the available memory"
    ),
    "reason": "the same in words",
    "moved": "whether the resized memory begins at another address",
    "contents_kept": "whether it still holds what was written before",
    "equal": "whether the copy holds what it should",
    "terminated": "whether a string ends with NUL; ``null`` for memory that is no string",
    "overflows": "whether ``count * element_bytes`` is more than 64 bits hold",
    "unchecked_bytes": "that product as unchecked C computes it, without what overflows",
    "unchecked_usable_bytes": "what kmalloc gives for ``unchecked_bytes``; ``null`` if nothing",
    "checked": (
        "what ``Count::new()`` of the library says of ``count``: ``allowed``, ``refused``, or "
        "``refused for another reason``"
    ),
    "fails": "the member that cannot be allocated, or ``none``",
    "built": "members that were allocated before it",
    "freed_in_order": "the members that were freed, the first one first",
    "reverse_order": "whether they were freed in the reverse of the order in which they were built",
    "from": "``kmalloc``; ``cache``, one object at a time; or ``cache, bulk``, all in one call",
    "objects_per_page": "``count`` divided by ``pages``, rounded down",
    "place": "where the call is made, such as ``spinlock held``",
    "preempt_count": "``preempt_count()`` there, in hexadecimal",
    "done": "allocations that were made, and freed again in the same place",
    "freed_by": "the function that frees there",
    "freed_later": "whether that function leaves the memory to a worker",
    "attempt": "a line of Rust",
    "error": "the compiler's error code; ``null`` if it compiles",
    "refused_by": "the trait or type that is missing",
    "proof": "the file in ``tests/compile_fail`` that shows it",
    "found_by": "what finds the bug, since no type does",
    "looked_at": "what was compared, such as whether memory came zeroed",
    "without": "how often that was seen without the flag; ``null`` if it cannot be seen here",
    "with": "how often with it",
    "verdict": (
        "of ``gfp``: ``observed`` if the flag made a difference, otherwise ``not observed``; of "
        "``claims``: ``holds``, ``does_not_hold``, ``depends`` or ``not_measured``"
    ),
    "note": "why, or what that means; may be empty",
    "zone": "the memory zone of a page that was allocated with these flags",
    "state": "``as is``, or ``full`` or ``filled`` after the scenario took the node's memory",
    "on_node": "allocations with all pages on ``node``",
    "filled_bytes": "memory that the scenario took from the node",
    "full": "whether not a page was left for a request that does not wait",
    "largest_free_order": "no larger block was left free",
    "broken_bytes": "memory in the blocks that were broken up",
    "kept_bytes": "pages that stayed allocated, so that the rest could not merge",
    "ended": "why no more memory was broken up",
    "nowait_fragmented": (
        "requests that were met with ``GFP_NOWAIT``: before memory was broken up (``_before``), "
        "while it was (``_fragmented``), and after the pages were freed (``_after``)"
    ),
    "noretry_fragmented": (
        "the same with ``GFP_KERNEL | __GFP_NORETRY``, which reclaims and compacts once; at each "
        "order after ``nowait``"
    ),
    "kvmalloc_mapped_fragmented": "allocations of kvmalloc that came from vmalloc",
    "vmalloc_runs_fragmented": "the most pieces that memory from vmalloc consisted of",
    "via": "the code that called the kernel: ``library``, or ``c``, the macros of a driver in C",
    "operation": "``allocate`` or ``free``",
    "operations": "timed operations",
    "p50_ns": "half of them took no longer; so with ``p90``, ``p99`` and ``p999`` (99.9 %)",
    "interrupts": "interrupts that the CPU handled meanwhile",
    "migrations": "how often the thread was found on another CPU than before",
    "timer_ns": "the cost of reading the clock and calling nothing; it has been subtracted",
    "values_ns": "the times, in steps; ``counts`` has how many took each of them",
    "sizes": "``fixed``, ``uniform``, ``powers``, or ``given`` by a list",
    "elapsed_ns": "the time for all of it, from the moment at which all CPUs began",
    "operations_per_s": "``operations`` in a second of ``elapsed_ns``",
    "cpu": "the CPU of the line; ``null`` for all of them together",
    "fairness_percent": (
        "Jain's index of the CPUs' rates: 100 % if all are equal, and 100 % divided by the number "
        "of CPUs if only one got through; ``null`` with ``pattern=remote``"
    ),
    "guide": "the guide that says so",
    "depends_on": "what it depends on, if ``verdict`` is ``depends``",
    "measured": "what was measured, in words",
    "rule": "the rule that is broken",
    "safe": "the line of safe Rust that would break it",
    "memory": "``slab``, ``KFENCE``, or ``null`` if the rule is not about memory of kmalloc",
    "sight": "what the code that broke the rule saw itself",
    "reports": "reports of the kernel in its log",
    "noticed_by": "the first that reported; ``nothing``, or ``nothing yet``",
    "slabs_validated": "whether the slabs could be checked afterwards (``slab_debug=``)",
    "ask": "the command that makes kmemleak look; ``null`` if there is nothing to be asked",
    "by": "what reported",
    "address": "with ``show_addresses=1`` only: where the memory begins",
    "first_pfn": "with ``show_addresses=1`` only: the frame number of the first page",
}

# Records that a scenario's name alone does not leave: when there are any, and their members.
MORE = {
    "probe": (
        "With ``show_addresses=1`` there is also:",
        {"addresses": {"address": "string", "first_pfn": "number"}},
    ),
    "misuse": (
        "With ``kind=`` there are instead, beside ``safe_counterpart``:",
        {
            "deed": {
                "rule": "string",
                "language": "string",
                "memory": "null or string",
                "sight": "string",
                "reports": "number",
                "noticed_by": "string",
                "slabs_validated": "boolean",
                "ask": "null or string",
            },
            "report": {"by": "string", "text": "string"},
        },
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
    for name in facts["results"]:
        _, more = MORE.get(name, ("", {}))
        members.update(member for of_kind in more.values() for member in of_kind)
    rows = [[f"``{name}``", text] for name, text in MEANINGS.items() if name in members]
    if not rows:
        return ""
    head = heading("What the members mean")
    return f"{head}\n{OF_MEANINGS}\n{table(['Member', 'Meaning'], [30, 70], rows)}"


def table_of(kinds: dict[str, dict[str, str]]) -> str:
    """Kinds, their members, and what these hold."""
    rows = [
        [f"``{kind}``" if number == 0 else "", f"``{member}``", holds]
        for kind, members in kinds.items()
        for number, (member, holds) in enumerate(members.items())
    ]
    return table(["Kind", "Member", "Holds"], [22, 48, 30], rows)


def section(name: str, lines: list[str]) -> str:
    """A section of its own."""
    kinds = {
        kind: {member: " or ".join(sorted(types)) for member, types in members.items()}
        for kind, members in kinds_of(lines).items()
        if kind not in ("begin", "end")
    }
    text = f"{heading(name)}\n{table_of(kinds)}"
    if name in MORE:
        when, more = MORE[name]
        text += f"\n{when}\n\n{table_of(more)}"
    return text


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
