# SPDX-License-Identifier: GPL-2.0
"""A series of equal allocations from malloc, looked at before and after they are touched."""

from dataclasses import dataclass, field
from typing import Any

from .libc import Heap, Library, Times, timed
from .pagemap import Pagemap, Pages

# What is written to memory.
BYTE = 0xA5


@dataclass
class Series:
    """What the allocations of one size have in common."""

    size_bytes: int
    allocate: Times
    touch: Times
    free: Times
    asked: int = 0
    came_zeroed: bool | None = None
    usable_bytes: list[int] = field(default_factory=list)
    alignments_bytes: list[int] = field(default_factory=list)
    served_by: set[str] = field(default_factory=set)
    before: list[Pages] = field(default_factory=list)
    after: list[Pages] = field(default_factory=list)

    @property
    def allocated(self) -> int:
        """How many there were."""
        return len(self.after)

    @property
    def outcome(self) -> str:
        """How the series ended, as the laboratory says it."""
        if self.allocated == self.asked:
            return "ok"
        return f"after {self.allocated}: no memory" if self.allocated else "no memory"

    def figures(self) -> dict[str, Any]:
        """The worst, or the best, of each; nothing is known without an allocation."""
        if not self.allocated:
            return dict.fromkeys(NAMES)
        usable_bytes = min(self.usable_bytes)
        waste = max(usable_bytes - self.size_bytes, 0)
        runs = [pages.runs for pages in self.after if pages.runs is not None]
        longest = [pages.longest_run for pages in self.after if pages.longest_run is not None]
        is_known = len(runs) == self.allocated
        figures = (
            next(iter(self.served_by)) if len(self.served_by) == 1 else "several",
            usable_bytes,
            round(100 * waste / usable_bytes, 1),
            min(self.alignments_bytes),
            max(pages.total for pages in self.after),
            min(pages.resident for pages in self.before),
            min(pages.resident for pages in self.after),
            max(runs) if is_known else None,
            min(longest) if is_known else None,
            sum(pages.is_contiguous is True for pages in self.after) if is_known else None,
            self.allocated if is_known else None,
            self.came_zeroed,
            self.allocate.min_ns,
            self.allocate.p50_ns,
            self.touch.min_ns,
            self.touch.p50_ns,
            self.free.min_ns,
            self.free.p50_ns,
        )
        return dict(zip(NAMES, figures, strict=True))


NAMES = (
    "served_by",
    "usable_min_bytes",
    "waste_percent",
    "alignment_min_bytes",
    "pages",
    "resident_before_pages",
    "resident_after_pages",
    "runs_max",
    "longest_run_min_pages",
    "contiguous",
    "contiguous_of",
    "came_zeroed",
    "allocate_min_ns",
    "allocate_p50_ns",
    "touch_min_ns",
    "touch_p50_ns",
    "free_min_ns",
    "free_p50_ns",
)


def measure(
    library: Library, pagemap: Pagemap, size_bytes: int, held_at_once: int, rounds: int
) -> Series:
    """Makes allocations, touches them all and frees them all, round by round."""
    series = Series(
        size_bytes, library.allocation_times(), library.touch_times(), library.free_times()
    )
    for number in range(rounds):
        addresses = allocate(library, series, held_at_once)
        # One more while none was freed yet: of that, nothing was ever used.
        unused = library.malloc(size_bytes) if number == 0 else None
        served_by = Heap().served_by
        for address in addresses:
            series.served_by.add(served_by(address))
            touch(library, pagemap, series, address)
        if unused:
            series.came_zeroed = library.is_zeroed(unused, size_bytes)
            library.free(unused)
        for address in addresses:
            series.free.add(timed(library.free, address).elapsed_ns)
        if len(addresses) < held_at_once:
            break
    return series


def allocate(library: Library, series: Series, held_at_once: int) -> list[int]:
    """All that are held at once, or as many as there are."""
    addresses: list[int] = []
    for _ in range(held_at_once):
        series.asked += 1
        address, elapsed_ns = timed(library.malloc, series.size_bytes)
        if not address:
            break
        series.allocate.add(elapsed_ns)
        addresses.append(address)
    return addresses


def touch(library: Library, pagemap: Pagemap, series: Series, address: int) -> None:
    """Writes to all of an allocation, and looks at it before and after."""
    series.before.append(pagemap.look(address, series.size_bytes))
    written = timed(library.memset, address, BYTE, series.size_bytes)
    series.touch.add(written.elapsed_ns)
    series.after.append(pagemap.look(address, series.size_bytes))
    series.usable_bytes.append(library.usable_size(address))
    series.alignments_bytes.append(address & -address)


def largest(library: Library) -> int:
    """The largest power of two that malloc promises in one piece, without anything being touched.

    The kernel logs each request that it refuses: so there is one only.
    """
    given = 0
    for size_bytes in (1 << exponent for exponent in range(20, 63)):
        address = library.malloc(size_bytes)
        if not address:
            break
        library.free(address)
        given = size_bytes
    return given
