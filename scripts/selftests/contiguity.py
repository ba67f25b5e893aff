# SPDX-License-Identifier: GPL-2.0
"""Runs of page frames: invariants of the figures, and another source for page frames."""

import os
import re
import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import lab

PAGE = os.sysconf("SC_PAGESIZE")
# Runs that probe tells one by one.
MAX_LISTED = 16


class Probe(NamedTuple):
    """What `probe` says of one allocation."""

    command: str
    figures: lab.Record
    histogram: list[int]
    runs: list[lab.Record]
    places: lab.Record


def probe(arguments: str) -> Probe:
    """Runs `probe` and takes its records apart."""
    command = f"probe {arguments}"
    lab.records(command, "end")
    by_kind: dict[str, list[lab.Record]] = {}
    for record in lab.results():
        by_kind.setdefault(record["kind"], []).append(record)
    return Probe(
        command,
        by_kind["allocation"][0],
        by_kind["run_lengths"][0]["runs_by_log2_pages"],
        by_kind["physical_run"],
        by_kind.get("addresses", [{}])[0],
    )


def contiguous(found: Probe) -> Iterator[str]:
    """All that has to hold for memory that is promised to be contiguous."""
    figures = found.figures
    pages = figures["pages"]
    expected = {"runs": 1, "longest_run_pages": pages, "contiguous": True}
    for key, value in expected.items():
        if figures[key] != value:
            yield f"{found.command}: {key}: expected {value}, got {figures[key]}"


def consistent(found: Probe) -> Iterator[str]:
    """All that has to hold for any memory."""
    figures, histogram, runs = found.figures, found.histogram, found.runs
    pages, count = figures["pages"], figures["runs"]
    lengths = [run["run_pages"] for run in runs]
    least = sum(number << log2 for log2, number in enumerate(histogram))
    most = sum(number * ((2 << log2) - 1) for log2, number in enumerate(histogram))
    # The last bucket is open above.
    most = max(most, pages) if histogram[-1] else most
    ends = [(run["offset_pages"], run["offset_pages"] + run["run_pages"]) for run in runs]
    wrong = {
        "the histogram's sum is not the runs": sum(histogram) != count,
        "the histogram has not this many pages": not least <= pages <= most,
        "runs listed": len(runs) != min(count, MAX_LISTED),
        "the lengths do not add up to the pages": count <= MAX_LISTED and sum(lengths) != pages,
        "more pages listed than there are": sum(lengths) > pages,
        "the longest is longer than all": figures["longest_run_pages"] > pages,
        "a listed run is longer than the longest": max(lengths) > figures["longest_run_pages"],
        "contiguous is not one run": figures["contiguous"] != (count == 1),
        "the first offset is not 0": ends[0][0] != 0,
        "a run goes on where the one before ended": any(
            before[1] == after[0] for before, after in pairwise(ends)
        ),
        "runs overlap": any(before[1] > after[0] for before, after in pairwise(sorted(ends))),
    }
    for problem, is_so in wrong.items():
        if is_so:
            yield f"{found.command}: {problem}: {figures}, {histogram}, {lengths}, {ends}"


def touched(found: Probe, allocator: str, size: int) -> Iterator[str]:
    """The pages that memory of this size can touch."""
    whole = -(-size // PAGE)
    expected = {
        "kmalloc": range(whole, whole + 2 if size < PAGE else whole + 1),
        "vmalloc": range(whole, whole + 1),
        "pages": range(1 << (whole - 1).bit_length(), (1 << (whole - 1).bit_length()) + 1),
    }[allocator]
    if found.figures["pages"] not in expected:
        yield f"{found.command}: expected {expected} pages, got {found.figures['pages']}"


def always(allocator: str, sizes: tuple[int, ...]) -> Iterator[str]:
    for size in sizes:
        found = probe(f"allocator={allocator} size={size}")
        yield from contiguous(found)
        yield from consistent(found)
        yield from touched(found, allocator, size)


def kmalloc_is_one_run() -> Iterator[str]:
    yield from always("kmalloc", (1, 96, 192, 4096, 8192, 8193, 65_537, 1 << 20, 4 << 20))


def pages_are_one_run() -> Iterator[str]:
    yield from always("pages", (1, 4097, 3 * PAGE, 65_537, 1 << 20, 4 << 20))
    for row in lab.records("orders count=2", "order"):
        if row["contiguous"] != row["allocated"]:
            yield f"orders: {row}"


def vmalloc_adds_up() -> Iterator[str]:
    for size in (
        1,
        PAGE,
        PAGE + 1,
        12_345,
        777_777,
        3_000_000,
        (4 << 20) + 1,
        12_345_678,
        40_000_000,
    ):
        found = probe(f"allocator=vmalloc size={size}")
        yield from consistent(found)
        yield from touched(found, "vmalloc", size)


def kvmalloc_adds_up() -> Iterator[str]:
    for size in (1, 8192, 100_000, 5_000_000, 12_345_678):
        found = probe(f"allocator=kvmalloc size={size}")
        yield from consistent(found)
        if found.figures["served_by"] != "vmalloc":
            yield from contiguous(found)


def vmalloc_is_seen_apart() -> Iterator[str]:
    """That something is contiguous says little unless something else is not."""
    found = probe("allocator=vmalloc size=100000000")
    if found.figures["runs"] < 2:
        yield f"{found.command}: 100 MB of vmalloc in one run: {found.figures}"


def direct_map() -> list[tuple[int, int, int]]:
    """The direct map's parts: virtual address, physical address, bytes; from /proc/kcore."""
    try:
        with open("/proc/kcore", "rb") as file:
            header = file.read(64)
            offset, size, number = (
                *struct.unpack_from("<Q", header, 32),
                *struct.unpack_from("<HH", header, 54),
            )
            file.seek(offset)
            table = file.read(size * number)
    except OSError as error:
        raise lab.SkipError(f"/proc/kcore cannot be read: {error}") from error
    parts = []
    for index in range(number):
        kind, _, _, virtual, physical, bytes_, *_ = struct.unpack_from(
            "<IIQQQQQQ", table, size * index
        )
        # Memory without a physical address, such as the vmalloc area, has all ones.
        if kind == 1 and physical != (1 << 64) - 1 and bytes_:
            parts.append((virtual, physical, bytes_))
    return parts


def kernel_image() -> list[range]:
    """Where memory is, by /proc/iomem."""
    lines = lab.read_text("/proc/iomem").splitlines()
    found = (re.match(r"([0-9a-f]+)-([0-9a-f]+) : System RAM$", line) for line in lines)
    return [range(int(part[1], 16), int(part[2], 16) + 1) for part in found if part]


def frame_by_kcore(address: int) -> int | None:
    """The page frame of an address in the direct map."""
    for virtual, physical, size in direct_map():
        if virtual <= address < virtual + size:
            return (address - virtual + physical) // PAGE
    return None


def kcore_has_the_same_frames() -> Iterator[str]:
    for arguments in (
        "size=100",
        "size=50000",
        "allocator=pages order=3",
        "allocator=kvmalloc size=64",
    ):
        found = probe(arguments)
        address, pfn = (int(found.places[key], 16) for key in ("address", "first_pfn"))
        if frame_by_kcore(address) != pfn:
            yield f"{found.command}: expected frame {frame_by_kcore(address)}, got {pfn}"


def vmalloc_is_not_in_the_direct_map() -> Iterator[str]:
    for arguments in ("allocator=vmalloc size=100", "allocator=kvmalloc size=12M"):
        found = probe(arguments)
        if (frame := frame_by_kcore(int(found.places["address"], 16))) is not None:
            yield f"{found.command}: served by vmalloc, but frame {frame} of the direct map"


def frames_are_memory() -> Iterator[str]:
    memory = kernel_image()
    for arguments in ("allocator=vmalloc size=12345678", "allocator=pages order=5", "size=8"):
        found = probe(arguments)
        first = int(found.places["first_pfn"], 16)
        for run in found.runs:
            start = (first + run["offset_pages"]) * PAGE
            end = start + run["run_pages"] * PAGE - 1
            if not any(start in part and end in part for part in memory):
                yield f"{found.command}: {start:#x} to {end:#x} is no System RAM of /proc/iomem"


def alignment_is_that_of_the_address() -> Iterator[str]:
    for arguments in (
        "size=100",
        "size=192",
        "allocator=pages order=4",
        "allocator=vmalloc size=9",
    ):
        found = probe(arguments)
        address = int(found.places["address"], 16)
        if found.figures["alignment_bytes"] != address & -address:
            yield f"{found.command}: {found.figures['alignment_bytes']} at {address:#x}"


PARTS: dict[str, list[tuple[str, lab.Case]]] = {
    "invariants": [
        ("kmalloc is one run at every size", kmalloc_is_one_run),
        ("a block of pages is one run at every order", pages_are_one_run),
        ("the runs of vmalloc add up to its pages", vmalloc_adds_up),
        ("the runs of kvmalloc add up to its pages", kvmalloc_adds_up),
        ("100 MB of vmalloc are more than one run", vmalloc_is_seen_apart),
    ],
    "addresses": [
        ("/proc/kcore has the same frames", kcore_has_the_same_frames),
        ("memory of vmalloc is not in the direct map", vmalloc_is_not_in_the_direct_map),
        ("all frames are System RAM in /proc/iomem", frames_are_memory),
        ("the alignment is the address's", alignment_is_that_of_the_address),
    ],
}
lab.check(PARTS[lab.argument(1, "invariants")])
