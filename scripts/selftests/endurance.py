# SPDX-License-Identifier: GPL-2.0
"""One long run: the books are exact, and memory is as much at its end as near its start."""

import json
import os
import re
import time
from collections.abc import Iterator
from typing import NamedTuple

import lab

# What the kernel keeps in lists of its own, and other tasks do, explains so much, in KiB. It counts
# the objects of whole slabs.
TOLERANCE_KIB = 4096
TOLERANCE_OBJECTS = 256


class Sample(NamedTuple):
    """What there was at one moment."""

    available_kib: int
    objects: int


def sample() -> Sample:
    meminfo = lab.read_text("/proc/meminfo")
    available = re.search(r"^MemAvailable: +(\d+) kB", meminfo, re.MULTILINE)
    objects = 0
    for line in lab.read_text("/proc/slabinfo").splitlines():
        if line.startswith("kmalloc-128 "):
            objects = int(line.split()[1])
    return Sample(int(available.group(1)) if available else 0, objects)


def has_quarantine() -> bool:
    return " kasan_quarantine_put\n" in lab.read_text("/proc/kallsyms")


def one_long_run() -> Iterator[str]:
    operations = lab.scaled(
        10_000_000, 200_000 if lab.SLOWNESS == 1 else 20_000, "operations in one run"
    )
    # This fills the kernel's lists.
    lab.records(f"probe size=100 repeat={operations // 10}", "end")
    before, first = lab.books("kmalloc"), sample()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        outcome = lab.ask(f"probe size=100 repeat={operations}")
        os.write(theirs, json.dumps(outcome).encode())
        os._exit(0)
    os.close(theirs)
    watch(child, operations)
    error, answer = json.loads(lab.read_rest(ours))
    last_line = (answer.splitlines() or [""])[-1]
    if error != "OK" or not last_line.startswith(
        f"complete: {operations} allocations, 0 outstanding, "
    ):
        yield f"{error}: {last_line!r}"
    after = lab.books("kmalloc")
    made, freed = after.allocations - before.allocations, after.frees - before.frees
    failed = after.failures - before.failures
    if (made, freed, failed) != (operations, operations, 0):
        yield f"the books: {made} allocations, {freed} frees, {failed} failures"
    yield from lab.ledger()
    yield from lost(first, settled(first))


def watch(child: int, operations: int) -> None:
    """Says how far the run is, until the process that wrote the command is over."""
    said = time.monotonic()
    while not os.waitpid(child, os.WNOHANG)[0]:
        time.sleep(0.1)
        if time.monotonic() - said > 30:
            said = time.monotonic()
            now = sample()
            print(f"# {lab.done()} of {operations} operations, {now}", flush=True)


def settled(first: Sample) -> Sample:
    """What there is when processes that have ended, and the CPUs' lists, have given back theirs."""
    last = sample()
    for _ in range(30):
        if (
            first.available_kib - last.available_kib <= TOLERANCE_KIB
            and last.objects - first.objects <= TOLERANCE_OBJECTS
        ):
            break
        time.sleep(1)
        last = sample()
    return last


def lost(first: Sample, last: Sample) -> Iterator[str]:
    """What is there no more, and nobody can explain."""
    kib = first.available_kib - last.available_kib
    objects = last.objects - first.objects
    print(f"# {kib} KiB less, {objects} objects of 128 bytes more", flush=True)
    if has_quarantine():
        print("# KASAN holds back what was freed: looking at the module's books only", flush=True)
        return
    if kib > TOLERANCE_KIB:
        yield f"{kib} KiB were lost; what others do explains {TOLERANCE_KIB}"
    if objects > TOLERANCE_OBJECTS:
        yield f"{objects} objects were lost; the kernel's lists explain {TOLERANCE_OBJECTS}"


lab.check([("one long run leaves memory as it was", one_long_run)])
