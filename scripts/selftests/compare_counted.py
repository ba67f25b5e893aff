# SPDX-License-Identifier: GPL-2.0
"""Recordings of the same differ in nothing; one of a slower kernel is told from them.

A nanosecond is an instruction here. What makes the kernel slower is its own tracing of kmalloc.
"""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lab
from program import Result, call

TRACING = Path("/sys/kernel/tracing/events/kmem/kmalloc/enable")
FOLDER = Path(sys.argv[1])
RUN = "latency allocator=kmalloc,pages operations=1000"
# Seven recordings make 21 pairs.
RECORDINGS = 7
WORSE = 4


def record(name: str) -> str:
    """Records, and returns the folder."""
    folder = str(FOLDER / name)
    outcome = call("record", folder, "--repeat", "6", "--run", RUN)
    if outcome.status != 0:
        raise AssertionError(outcome.err)
    return folder


def compare(before: str, after: str) -> Result:
    """Compares two recordings, for programs."""
    return call("compare", before, after, "--format", "json")


def recordings() -> list[str]:
    """Those of the kernel as it is."""
    return [str(FOLDER / f"same{number}") for number in range(RECORDINGS)]


def the_same_differs_in_nothing() -> Iterator[str]:
    for number in range(RECORDINGS):
        record(f"same{number}")
    different = [
        f"{before} and {after}: {outcome.out}"
        for before, after in itertools.combinations(recordings(), 2)
        if (outcome := compare(before, after)).status != 0 or '"improvement"' in outcome.out
    ]
    if len(different) > 1:
        yield from different


def what_is_slower_is_found() -> Iterator[str]:
    subprocess.run(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"], check=False)
    TRACING.write_text("1")
    try:
        slower = record("slower")
    finally:
        TRACING.write_text("0")
    outcome = compare(recordings()[0], slower)
    if outcome.status != WORSE:
        yield f"status {outcome.status}: {outcome.out}{outcome.err}"
        return
    if '"regression"' not in outcome.out or "kmalloc" not in outcome.out:
        yield outcome.out
    json.loads(outcome.out)


lab.check(
    [
        (
            "of 21 comparisons of the same, one at most finds a difference",
            the_same_differs_in_nothing,
        ),
        ("a kernel that traces kmalloc is found to be slower", what_is_slower_is_found),
    ]
)
