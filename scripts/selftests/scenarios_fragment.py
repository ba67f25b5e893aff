# SPDX-License-Identifier: GPL-2.0
"""Fragmented memory, against the kernel's own count of free blocks."""

import errno
import os
import signal
import time
from collections.abc import Iterator
from typing import NamedTuple

import lab

PAGE = os.sysconf("SC_PAGESIZE")
VM = "/proc/sys/vm"
# The orders that the kernel kills tasks for, rather than to let a request fail.
COSTLY = 3


def free_above(order: int) -> int:
    """Bytes in free blocks above an order."""
    total = 0
    for line in lab.read_text("/proc/buddyinfo").splitlines():
        # Its zone is kept from requests that need not lie there.
        if line.split()[3] == "DMA":
            continue
        counts = [int(number) for number in line.split()[4:]]
        total += sum(count * (PAGE << n) for n, count in enumerate(counts) if n > order)
    return total


class Watched(NamedTuple):
    """A run that was looked at while it was under way."""

    # The least that was free in large blocks.
    least: int
    error: str
    # From the signal to the end.
    took_ms: int


def watch(command: str, stop_after_s: float | None = None) -> Watched:
    """Runs a command in another process, which gets a signal after a while."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, lambda *_: None)
        error = lab.ask(command).error
        os._exit(0 if error == "OK" else getattr(errno, error, 255))
    least, started, sent = 1 << 62, time.monotonic(), 0.0
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            took_ms = int((time.monotonic() - sent) * 1000) if sent else 0
            return Watched(least, errno.errorcode.get(code, "OK"), took_ms)
        least = min(least, free_above(COSTLY))
        if stop_after_s is not None and not sent and time.monotonic() - started > stop_after_s:
            os.kill(child, signal.SIGTERM)
            sent = time.monotonic()
        time.sleep(0.02)


BEFORE = free_above(COSTLY)
RUN = watch("fragment count=4")
RECORDS = lab.results()


def of_kind(kind: str) -> list[lab.Record]:
    """The rows of one kind."""
    return [record for record in RECORDS if record["kind"] == kind]


def it_ends_well() -> Iterator[str]:
    if RUN.error != "OK" or RECORDS[-1]["status"] != "complete" or RECORDS[-1]["outstanding"] != 0:
        yield f"{RUN.error}: {RECORDS[-1]}"
    yield from lab.ledger()


def buddyinfo_saw_it() -> Iterator[str]:
    """At some moment hardly any large block was free."""
    region = of_kind("region")[0]
    if region["ended"] != "no larger block is left":
        raise lab.SkipError(f"not all was broken up: {region['ended']}")
    if BEFORE < 64 << 20:
        raise lab.SkipError(f"only {BEFORE} bytes were in large blocks before")
    if RUN.least > BEFORE // 10:
        yield f"of {BEFORE} bytes in blocks above order {COSTLY}, {RUN.least} were never gone"


def little_is_kept() -> Iterator[str]:
    region = of_kind("region")[0]
    share = region["broken_bytes"] // (2 << COSTLY)
    if region["kept_bytes"] != share:
        yield f"{region['kept_bytes']} kept of {region['broken_bytes']}; expected {share}"
    if region["broken_bytes"] < BEFORE // 2 and "budget" not in region["ended"]:
        yield f"{region['broken_bytes']} bytes of {BEFORE} were broken up: {region['ended']}"


def rates_fall_above_the_order_only() -> Iterator[str]:
    rows = of_kind("blocks")
    if [row["order"] for row in rows] != list(range(len(rows))):
        yield f"orders: {[row['order'] for row in rows]}"
    fell = False
    for row in rows:
        for kind in ("nowait", "noretry"):
            if row["order"] <= COSTLY and row[f"{kind}_fragmented"] != row[f"{kind}_fragmented_of"]:
                yield f"order {row['order']}, {kind}: {row}"
        fell |= row["nowait_fragmented"] < row["nowait_before"]
    if not fell and of_kind("region")[0]["ended"] == "no larger block is left":
        yield "no order had fewer blocks than before"


def it_recovers() -> Iterator[str]:
    for row in of_kind("blocks"):
        # Without waiting, what each CPU keeps aside is not to be had.
        before, after = row["noretry_before"], row["noretry_after"]
        if after < before:
            yield f"order {row['order']}: {before} before, {after} after"
    # Each CPU keeps thousands of single pages, for good. Their neighbours make no large block.
    kept = lab.read_text(f"{VM}/percpu_pagelist_high_fraction")
    lab.write_text(f"{VM}/percpu_pagelist_high_fraction", "1000000")
    try:
        if not lab.until(is_given_back, pause=0.2):
            yield f"{BEFORE} bytes in large blocks before, {free_above(COSTLY)} a minute after"
    finally:
        lab.write_text(f"{VM}/percpu_pagelist_high_fraction", kept)


def is_given_back() -> bool:
    """Whether most is in large blocks again, after each CPU gave back some of what it keeps."""
    lab.read_text(f"{VM}/stat_refresh")
    return free_above(COSTLY) >= BEFORE * 3 // 4


def kvmalloc_falls_back() -> Iterator[str]:
    if of_kind("region")[0]["ended"] != "no larger block is left":
        raise lab.SkipError("not all was broken up")
    rows = of_kind("large")
    last = rows[-1]
    if last["kvmalloc_mapped_before"] != 0 or last["kvmalloc_mapped_fragmented"] == 0:
        yield f"kvmalloc: {last}"
    if not last["vmalloc_runs_before"] < last["vmalloc_runs_fragmented"]:
        yield f"vmalloc: {last}"
    # Pieces, of which some are neighbours, at best, and single pages at worst.
    pages = last["size_bytes"] // PAGE
    if not pages >> (COSTLY + 2) <= last["vmalloc_runs_fragmented"] <= pages:
        yield f"{last['vmalloc_runs_fragmented']} runs of {pages} pages"


def a_signal_frees_all() -> Iterator[str]:
    run = watch("fragment", 1.5)
    record = lab.results()[-1]
    if record["status"] == "complete":
        raise lab.SkipError("it was done before the signal came")
    if record["status"] != "cancelled" or record["outstanding"] != 0:
        yield f"{record}"
    # Far more than 100 ms, for a machine that is emulated and shared.
    if run.took_ms > 10_000 * lab.SLOWNESS or run.error != "ECANCELED":
        yield f"it took {run.took_ms} ms to end, with {run.error}"
    yield from lab.ledger()


def below_the_costly_order_half_is_left() -> Iterator[str]:
    before = free_above(COSTLY)
    run = watch("fragment order=1 count=1 share=100")
    region = next(record for record in lab.results() if record["kind"] == "region")
    if run.error != "OK" or region["ended"] not in (
        "below order 3 half of the memory is left alone, for other tasks' sake",
        "half of the budget is used up (module parameter max_live_bytes)",
    ):
        yield f"{run.error}: {region}"
    if run.least < before // 4:
        yield f"of {before} bytes in large blocks, {run.least} were left"


lab.check(
    [
        ("it ends with nothing outstanding", it_ends_well),
        ("buddyinfo had hardly any large block", buddyinfo_saw_it),
        ("one page in sixteen is kept", little_is_kept),
        (
            "rates fall, but for the orders that tasks are killed for",
            rates_fall_above_the_order_only,
        ),
        ("all is to be had again afterwards", it_recovers),
        ("kvmalloc falls back, and vmalloc has more runs", kvmalloc_falls_back),
        ("a signal frees all", a_signal_frees_all),
        ("below order 3, half of the memory is left alone", below_the_costly_order_half_is_left),
    ]
)
