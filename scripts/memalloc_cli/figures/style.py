# SPDX-License-Identifier: GPL-2.0
"""Colours, marks and lines; for a screen, for paper, and for all eyes.

Whatever a colour says, a mark or a line says too: what is printed in grey can be read. The colours
are those of Okabe and Ito, which people see apart who do not see all colours.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from ..table import bytes_text

# A pattern of strokes and gaps.
Line = str | tuple[int, tuple[int, ...]]


class Look(NamedTuple):
    """How a line looks."""

    color: str
    marker: str
    line: Line = "-"


class Path(NamedTuple):
    """How the lines of a path to an allocator look."""

    name: str
    line: Line
    mark_size: float
    # That of the line if nothing.
    mark_fill: str | None
    # What is higher lies on what is lower.
    height: float


ALLOCATORS = {
    "kmalloc": Look("#0072b2", "o", "-"),
    "vmalloc": Look("#d55e00", "s", "--"),
    "kvmalloc": Look("#009e73", "^", "-."),
    "pages": Look("#cc79a7", "D", ":"),
    "malloc": Look("#000000", "x", (0, (6, 1, 1, 1, 1, 1))),
}
# Three times, in the order in which they come.
TIMES = {
    "before": Look("#0072b2", "o", "-"),
    "broken up": Look("#d55e00", "s", "--"),
    "after": Look("#009e73", "^", ":"),
}
# The paths to one allocator have its colour and its mark. Where they lie on each other, a dot is in
# the middle of a ring.
PATHS = {
    "library": Path("through the library", "-", 6.5, "white", 2.5),
    "c": Path("through C", (0, (4, 2)), 2.8, None, 3.0),
}
REFERENCE = "#767676"

WIDTH_INCHES = 5.6
PANEL_INCHES = 3.1
SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#d9d9d9",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "legend.fontsize": 9,
    # Nothing that differs from one drawing of the same to the next.
    "svg.hashsalt": "memalloc",
    "svg.fonttype": "path",
}


class Panels(NamedTuple):
    """A figure, and its panels below each other."""

    figure: Figure
    axes: list[Axes]


def panels(count: int) -> Panels:
    """An empty figure."""
    figure = Figure(figsize=(WIDTH_INCHES, PANEL_INCHES * count + 0.4), layout="constrained")
    axes = figure.subplots(count, 1, squeeze=False)
    return Panels(figure, [row[0] for row in axes])


def plot(axes: Axes, xs: Sequence[float], ys: Sequence[float], look: Look, label: str) -> None:
    """A line with marks."""
    axes.plot(
        xs,
        ys,
        color=look.color,
        linestyle=look.line,
        marker=look.marker,
        markerfacecolor="white",
        markeredgewidth=1.2,
        label=label,
    )


def plot_path(
    axes: Axes, xs: Sequence[float], ys: Sequence[float], allocator: str, via: str
) -> None:
    """The line of a path to an allocator; the legend tells both apart."""
    look, path = ALLOCATORS[allocator], PATHS[via]
    axes.plot(
        xs,
        ys,
        color=look.color,
        linestyle=path.line,
        marker=look.marker,
        markersize=path.mark_size,
        markerfacecolor=path.mark_fill or look.color,
        markeredgewidth=1.2,
        zorder=path.height,
    )


def legend(drawn: Panels, more: Sequence[Line2D] = ()) -> None:
    """One legend for all panels, above them."""
    entries: dict[str, Any] = {}
    for axes in drawn.axes:
        handles, names = axes.get_legend_handles_labels()
        entries.update(zip(names, handles, strict=True))
    entries.update({str(line.get_label()): line for line in more})
    longest = max(map(len, entries), default=0)
    drawn.figure.legend(
        entries.values(),
        entries.keys(),
        loc="outside upper left",
        ncols=3 if longest > 12 else 5,
        handlelength=2.6,
        columnspacing=1.2,
    )


def path_legend(drawn: Panels, allocators: Iterable[str], vias: Iterable[str]) -> None:
    """A legend of allocators, and one of paths to them."""
    shown = {*allocators, *vias}
    lines = [
        Line2D([], [], color=look.color, marker=look.marker, markerfacecolor="white", label=name)
        for name, look in ALLOCATORS.items()
        if name in shown
    ]
    lines += [
        Line2D(
            [],
            [],
            color=REFERENCE,
            linestyle=path.line,
            marker="o",
            markersize=path.mark_size,
            markerfacecolor=path.mark_fill or REFERENCE,
            label=path.name,
        )
        for name, path in PATHS.items()
        if name in shown
    ]
    legend(drawn, lines)


def axis_of_sizes(axes: Axes, sizes_bytes: Sequence[int], label: str) -> None:
    """Powers of two, written as people write them."""
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator(size_ticks(sizes_bytes)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: bytes_text(int(value))))
    axes.set_xlabel(label)


def size_ticks(sizes_bytes: Sequence[int]) -> list[float]:
    """At most nine powers of two, from the least to the largest size."""
    first = min(sizes_bytes).bit_length() - 1
    last = (max(sizes_bytes) - 1).bit_length()
    step = max(1, -(-(last - first) // 8))
    return [float(1 << exponent) for exponent in range(first, last + 1, step)]


def axis_of_times(axes: Axes, label: str) -> None:
    """Nanoseconds, microseconds, milliseconds, on a logarithmic scale."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    # Of a short axis, powers of ten would name too little.
    steps = (1.0, 2.0, 5.0) if high < low * 300 else (1.0,)
    axes.yaxis.set_major_locator(LogLocator(subs=steps))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: time_text(value)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel(label)


def time_text(nanoseconds: float) -> str:
    """A time with its unit."""
    for factor, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if nanoseconds >= factor:
            return f"{nanoseconds / factor:g} {unit}"
    return f"{nanoseconds:g} ns"
