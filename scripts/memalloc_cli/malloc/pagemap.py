# SPDX-License-Identifier: GPL-2.0
"""Which page frames a part of this process's memory has: /proc/self/pagemap."""

import os
from array import array
from collections.abc import Iterable
from typing import NamedTuple

PATH = "/proc/self/pagemap"
PAGE_BYTES = os.sysconf("SC_PAGESIZE")
# The fields of an entry, as Documentation/admin-guide/mm/pagemap.rst has them.
PRESENT = 1 << 63
FRAME = (1 << 55) - 1


class Pages(NamedTuple):
    """The pages of a span of memory."""

    # How many the span touches.
    total: int
    # How many of them have memory behind them.
    resident: int
    # Neighbours in physical memory; nothing if the kernel does not tell, which it does root only.
    runs: int | None
    longest_run: int | None

    @property
    def is_contiguous(self) -> bool | None:
        """Whether all of it is one run; nothing if that is not known."""
        return None if self.runs is None else self.runs == 1 and self.resident == self.total


class Pagemap:
    """The open file."""

    def __init__(self, path: str = PATH) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self) -> "Pagemap":
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._descriptor)

    def look(self, address: int, size_bytes: int) -> Pages:
        """The pages from `address` on."""
        first = address // PAGE_BYTES
        total = (address + size_bytes - 1) // PAGE_BYTES - first + 1
        data = os.pread(self._descriptor, 8 * total, 8 * first)
        entries = array("Q")
        entries.frombytes(data)
        if len(entries) != total:
            raise OSError(f"{PATH}: {len(entries)} entries, and not {total}")
        return pages_of(entries)


def pages_of(entries: "array[int]") -> Pages:
    """What the entries of neighbouring pages say."""
    frames = [entry & FRAME if entry & PRESENT else None for entry in entries]
    resident = [frame for frame in frames if frame is not None]
    # Whoever may not know the frames reads zeroes in their places.
    if resident and not any(resident):
        return Pages(len(frames), len(resident), None, None)
    runs = run_lengths(frames)
    return Pages(len(frames), len(resident), len(runs), max(runs, default=0))


def run_lengths(frames: Iterable[int | None]) -> list[int]:
    """How many pages each run has; a page without memory ends a run."""
    lengths: list[int] = []
    before: int | None = None
    for frame in frames:
        if frame is not None and before is not None and frame == before + 1:
            lengths[-1] += 1
        elif frame is not None:
            lengths.append(1)
        before = frame
    return lengths
