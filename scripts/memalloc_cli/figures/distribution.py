# SPDX-License-Identifier: GPL-2.0
"""How latencies are distributed: from the median to the slowest of a thousand and beyond."""

from collections import Counter
from itertools import accumulate
from math import log10

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from ..recording.experiment import Experiment
from ..table import bytes_text
from . import style
from .by_size import OPERATIONS
from .drawing import Drawing

CAPTION = (
    "How slow which part of the operations is: at 99 stands the time that 99 of 100 operations do "
    "not exceed. The flatter, the more one can rely on it. All rounds together."
)
# Nines: 0, 90, 99, 99.9, … lie at the same distance.
TICKS = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
# Of many sizes the smallest, the largest, and one in the middle are drawn.
MOST_SIZES = 3

Line = tuple[str, str, str]
# How often each value was seen.
Counts = Counter[float]


def draw(experiment: Experiment) -> list[Drawing]:
    """A drawing for each of some sizes."""
    found = by_size(experiment)
    sizes = sorted(found)
    if len(sizes) > MOST_SIZES:
        sizes = [sizes[0], sizes[len(sizes) // 2], sizes[-1]]
    return [draw_size(size, found[size]) for size in sizes]


def by_size(experiment: Experiment) -> dict[int, dict[Line, Counts]]:
    """The distributions, added up over all runs."""
    found: dict[int, dict[Line, Counts]] = {}
    for record in experiment.records("latency", "distribution"):
        if not isinstance(record["size_bytes"], int):
            continue
        lines = found.setdefault(record["size_bytes"], {})
        line = (record["allocator"], record["via"], record["operation"])
        counts = lines.setdefault(line, Counter())
        for value, count in zip(record["values_ns"], record["counts"], strict=True):
            counts[value] += count
    return found


def draw_size(size_bytes: int, lines: dict[Line, Counts]) -> Drawing:
    """The distributions at one size."""
    size = bytes_text(size_bytes)
    size = f"{size} bytes" if size.isdigit() else size
    drawn = style.panels(2)
    for axes, operation in zip(drawn.axes, OPERATIONS, strict=True):
        for (allocator, via, what), counts in sorted(lines.items()):
            if what == operation and counts.total():
                draw_line(axes, counts, allocator, via)
        axis_of_shares(axes)
        style.axis_of_times(axes, "time")
        axes.set_title(f"{operation}, {size}")
    style.path_legend(drawn, (line[0] for line in lines), (line[1] for line in lines))
    title = f"Distribution of latencies at {size}"
    return Drawing(f"latency-{size_bytes}", title, CAPTION, alt(lines), drawn.figure)


def nines(share: float) -> float:
    """Where a share stands on the axis."""
    return -log10(1 - share)


def draw_line(axes: Axes, counts: Counts, allocator: str, via: str) -> None:
    """A staircase up to the slowest operation, with marks at the percentiles of the axis."""
    look, path = style.ALLOCATORS[allocator], style.PATHS[via]
    values = sorted(counts)
    total = counts.total()
    reached = list(accumulate(counts[value] for value in values))
    # The slowest stands where half an operation more would be.
    ends = [nines(min(count, total - 0.5) / total) for count in reached]
    axes.step(
        [0.0, *ends],
        [max(value, 1.0) for value in (values[0], *values)],
        where="pre",
        color=look.color,
        linestyle=path.line,
    )
    marked = [share for share in TICKS if share <= reached[-1] / total and nines(share) < ends[-1]]
    axes.plot(
        [nines(share) for share in marked],
        [max(quantile(counts, share), 1.0) for share in marked],
        color=look.color,
        linestyle="",
        marker=look.marker,
        markersize=path.mark_size,
        markerfacecolor=path.mark_fill or look.color,
        zorder=path.height,
        clip_on=False,
    )


def axis_of_shares(axes: Axes) -> None:
    """Percentiles, each nine more as far as the one before."""
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(FixedLocator([nines(share) for share in TICKS]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda _, index: f"{100 * TICKS[index]:.7g}"))
    axes.set_xlabel("% of the operations")


def quantile(counts: Counts, share: float) -> float:
    """The value that this share does not exceed."""
    wanted, reached = share * counts.total(), 0
    for value in sorted(counts):
        reached += counts[value]
        if reached >= wanted:
            return value
    return max(counts)


def alt(lines: dict[Line, Counts]) -> str:
    """What there is to see."""
    texts = [
        f"{operation} through {via}, {allocator}: half within "
        f"{style.time_text(quantile(counts, 0.5))}, 99.9 percent within "
        f"{style.time_text(quantile(counts, 0.999))}"
        for (allocator, via, operation), counts in sorted(lines.items())
        if counts.total()
    ]
    return "Two charts of percentiles. " + "; ".join(texts) + "."
