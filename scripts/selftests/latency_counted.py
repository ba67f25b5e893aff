# SPDX-License-Identifier: GPL-2.0
"""Where a nanosecond is an executed instruction, figures repeat, and show what a path adds."""

from collections.abc import Iterator

import lab

COMMAND = "latency via=all operations=4000"
# How far medians of two runs are apart at most. What vmalloc costs depends on the tree of areas
# that it searches, and on how many wait to be unmapped: each run leaves that otherwise.
REPEATS = {"kmalloc": 0.005, "kvmalloc": 0.005, "pages": 0.005, "vmalloc": 0.05}
# What the library may take more than C: it refuses, at run time, what the kernel would warn about.
CHECKS = 5


def medians(command: str) -> dict[tuple[str, str, str], int]:
    """For each allocator, path and operation."""
    return {
        (row["allocator"], row["via"], row["operation"]): row["p50_ns"]
        for row in lab.records(command, "latency")
    }


def medians_repeat() -> Iterator[str]:
    first = medians(COMMAND)
    for _ in range(4):
        for key, median in medians(COMMAND).items():
            if abs(median - first[key]) > REPEATS[key[0]] * first[key]:
                yield f"{key}: {first[key]}, then {median}"


def the_library_costs_what_c_costs() -> Iterator[str]:
    found = medians(COMMAND)
    for (allocator, via, operation), median in found.items():
        c = found[allocator, "c", operation]
        if via == "library" and abs(median - c) > CHECKS + (REPEATS[allocator] - 0.005) * c:
            yield f"{allocator}, {operation}: {median} through the library, {c} through C"


def zeroing_shows() -> Iterator[str]:
    """What takes longer is seen to take longer: to clear 8 KiB takes a thousand instructions."""
    plain = medians("latency allocator=kmalloc size=8k")
    zeroed = medians("latency allocator=kmalloc size=8k zero=yes")
    key = ("kmalloc", "library", "allocate")
    if zeroed[key] < plain[key] + 100:
        yield f"{plain[key]} without, {zeroed[key]} with zeroes"


def only_objects_are_timed() -> Iterator[str]:
    """What scenario cache has of kmalloc is what latency has, where as many are held."""
    shape = "pattern=all operations=1000 warmup=1000"
    rows = lab.records(f"latency allocator=kmalloc size=72 {shape}", "latency")
    alone = {row["operation"]: row["mean_ns"] for row in rows}
    for row in lab.records("cache count=1000", "packing"):
        if (row["size_bytes"], row["from"]) != (72, "kmalloc"):
            continue
        for operation in ("allocate", "free"):
            each = row[f"{operation}_ns_each"]
            if each > alone[operation] + 20:
                yield f"{operation}: {each}, and {alone[operation]} in latency"


lab.check(
    [
        ("medians repeat to half a percent", medians_repeat),
        ("the library's medians are those of C", the_library_costs_what_c_costs),
        ("zeroing shows", zeroing_shows),
        ("cache times objects alone", only_objects_are_timed),
    ]
)
