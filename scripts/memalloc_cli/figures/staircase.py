# SPDX-License-Identifier: GPL-2.0
"""What is usable of what was asked for: the staircase of kmalloc's classes, and the others."""

from ..recording.experiment import Experiment
from ..results import Record
from ..table import counted
from . import style
from .drawing import Drawing

CAPTION = (
    "Usable size (ksize) against the size that was asked for. The steps are the sizes that kmalloc "
    "really has; where a line is above the diagonal, memory is wasted."
)


def draw(experiment: Experiment) -> list[Drawing]:
    """One drawing."""
    usable = by_allocator(experiment)
    if not usable:
        return []
    drawn = style.panels(1)
    axes = drawn.axes[0]
    sizes = sorted({size for points in usable.values() for size in points})
    axes.plot(sizes, sizes, color=style.REFERENCE, linewidth=1, label="what was asked for")
    classes = first_classes(experiment)
    for allocator, points in usable.items():
        look = style.ALLOCATORS[allocator]
        if allocator == "kmalloc" and classes:
            xs = [classes[0]["first_bytes"], *(one["last_bytes"] for one in classes)]
            ys = [classes[0]["usable_bytes"], *(one["usable_bytes"] for one in classes)]
            axes.step(xs, ys, where="pre", color=look.color, label="kmalloc")
        else:
            style.plot(axes, list(points), list(points.values()), look, allocator)
    style.axis_of_sizes(axes, sizes, "asked for, bytes")
    axes.set_yscale("log", base=2)
    axes.yaxis.set_major_formatter(axes.xaxis.get_major_formatter())
    axes.set_ylabel("usable, bytes")
    style.legend(drawn)
    return [
        Drawing("staircase", "Asked for and usable", CAPTION, alt(usable, classes), drawn.figure)
    ]


def by_allocator(experiment: Experiment) -> dict[str, dict[int, int]]:
    """Of each allocator, what was usable of each size, in ascending order."""
    found: dict[str, dict[int, int]] = {}
    for record in (*experiment.records("sweep", "series"), *experiment.records("malloc", "malloc")):
        if record["usable_min_bytes"] is not None:
            points = found.setdefault(record["allocator"], {})
            points[record["size_bytes"]] = record["usable_min_bytes"]
    return {name: dict(sorted(found[name].items())) for name in style.ALLOCATORS if name in found}


def first_classes(experiment: Experiment) -> list[Record]:
    """The classes, which are the same in all runs."""
    run = experiment.first("classes")
    return run.of_kind("class") if run else []


def alt(usable: dict[str, dict[int, int]], classes: list[Record]) -> str:
    """What there is to see."""
    text = "Line chart on two logarithmic axes: usable bytes against bytes asked for. "
    if classes:
        text += f"kmalloc's line has {counted(len(classes), 'step')}. "
    smallest = [
        f"{name} gives {counted(min(points.values()), 'byte')} at least"
        for name, points in usable.items()
    ]
    return text + "; ".join(smallest) + "."
