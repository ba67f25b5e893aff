# SPDX-License-Identifier: GPL-2.0
"""What is wasted of what the kernel gives."""

from ..recording.experiment import Experiment
from ..results import Record
from ..table import counted
from . import style
from .drawing import Drawing
from .staircase import by_allocator, first_classes

CAPTION = (
    "The part of the usable memory that nobody asked for, against the size. Within each of "
    "kmalloc's classes it falls to nothing: the teeth are its classes. Of the others, some sizes "
    "were measured."
)
# Of a class, so many sizes are drawn.
POINTS = 24


def draw(experiment: Experiment) -> list[Drawing]:
    """One drawing."""
    usable = by_allocator(experiment)
    if not usable:
        return []
    drawn = style.panels(1)
    axes = drawn.axes[0]
    sizes = sorted({size for points in usable.values() for size in points})
    classes = first_classes(experiment)
    for allocator, points in usable.items():
        look = style.ALLOCATORS[allocator]
        if allocator == "kmalloc" and classes:
            xs, ys = teeth(classes)
            axes.plot(xs, ys, color=look.color, linewidth=1, label="kmalloc")
        else:
            shares = [percent(size, given) for size, given in points.items()]
            # From one size to the next the waste does not change evenly: no line.
            style.plot(axes, list(points), shares, look._replace(line=""), allocator)
    style.axis_of_sizes(axes, sizes, "asked for, bytes")
    axes.set_ylim(-3, 103)
    axes.set_ylabel("wasted, %")
    style.legend(drawn)
    return [Drawing("waste", "Waste", CAPTION, alt(usable, classes), drawn.figure)]


def percent(size_bytes: int, usable_bytes: int) -> float:
    """Which part of what is usable was not asked for."""
    return max(0.0, 100 * (usable_bytes - size_bytes) / usable_bytes)


def teeth(classes: list[Record]) -> tuple[list[float], list[float]]:
    """The line of kmalloc: from the first size of each class to its last."""
    xs: list[float] = []
    ys: list[float] = []
    for one in classes:
        first, last, usable = one["first_bytes"], one["last_bytes"], one["usable_bytes"]
        for step in range(POINTS + 1):
            size = round(first * (last / first) ** (step / POINTS))
            xs.append(size)
            ys.append(percent(size, usable))
    return xs, ys


def alt(usable: dict[str, dict[int, int]], classes: list[Record]) -> str:
    """What there is to see."""
    text = "Line chart: percent wasted against the size, which is on a logarithmic axis. "
    if classes:
        worst = max(classes, key=lambda one: percent(one["first_bytes"], one["usable_bytes"]))
        text += (
            f"kmalloc wastes most, {percent(worst['first_bytes'], worst['usable_bytes']):.0f} "
            f"percent, at {counted(worst['first_bytes'], 'byte')}. "
        )
    worst_of_others = [
        f"{name} wastes up to {max(percent(*point) for point in points.items()):.0f} percent"
        for name, points in usable.items()
        if not (name == "kmalloc" and classes)
    ]
    return text + "; ".join(worst_of_others) + "."
