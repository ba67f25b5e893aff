# SPDX-License-Identifier: GPL-2.0
"""Latency against the size, for each allocator."""

from ..comparing.estimate import median
from ..recording.experiment import Experiment
from . import style
from .drawing import Drawing

OPERATIONS = ("allocate", "free")
# The points of a line, by size: all samples of each.
Points = dict[int, list[float]]


def draw(experiment: Experiment) -> list[Drawing]:
    """One drawing: of medians of latencies, or else of the least that a sweep found."""
    lines = of_latencies(experiment)
    caption = (
        "Median time of an allocation, and of freeing it, against the size. Where a dot lies in a "
        "ring, the library costs what C costs. For malloc, the first touch is part of the "
        "allocation: only then is there memory."
    )
    if max((len(points) for points in lines.values()), default=0) < 2:
        lines = of_sweeps(experiment)
        caption = "The least time of an allocation, and of freeing it, against the size; medians."
    if not lines:
        return []
    lines = with_malloc(lines, experiment)
    drawn = style.panels(2)
    sizes = sorted({size for points in lines.values() for size in points})
    for axes, operation in zip(drawn.axes, OPERATIONS, strict=True):
        for (allocator, via, what), points in lines.items():
            if what == operation:
                medians = [max(median(values), 1.0) for values in points.values()]
                style.plot_path(axes, list(points), medians, allocator, via)
        style.axis_of_sizes(axes, sizes, "size, bytes")
        style.axis_of_times(axes, "time")
        axes.set_title(operation)
    style.path_legend(drawn, (line[0] for line in lines), (line[1] for line in lines))
    return [Drawing("size-latency", "Time against size", caption, alt(lines), drawn.figure)]


Line = tuple[str, str, str]


def of_latencies(experiment: Experiment) -> dict[Line, Points]:
    """Medians that `latency` found, of the first pattern that it was asked for."""
    lines: dict[Line, Points] = {}
    records = [one for one in experiment.records("latency", "latency") if one["p50_ns"] is not None]
    pattern = records[0]["pattern"] if records else None
    for record in records:
        if record["pattern"] == pattern and isinstance(record["size_bytes"], int):
            line = (record["allocator"], record["via"], record["operation"])
            points = lines.setdefault(line, {})
            points.setdefault(record["size_bytes"], []).append(record["p50_ns"])
    return ordered(lines)


def of_sweeps(experiment: Experiment) -> dict[Line, Points]:
    """The least that `sweep` found."""
    lines: dict[Line, Points] = {}
    for record in experiment.records("sweep", "series"):
        for operation in OPERATIONS:
            if record[f"{operation}_min_ns"] is not None:
                points = lines.setdefault((record["allocator"], "library", operation), {})
                points.setdefault(record["size_bytes"], []).append(record[f"{operation}_min_ns"])
    return ordered(lines)


def with_malloc(lines: dict[Line, Points], experiment: Experiment) -> dict[Line, Points]:
    """With malloc, whose memory is there only once it was touched."""
    added: dict[Line, Points] = {}
    largest = max(size for points in lines.values() for size in points)
    for record in experiment.records("malloc", "malloc"):
        if record["allocate_p50_ns"] is None or record["size_bytes"] > largest:
            continue
        for operation, members in (("allocate", ("allocate", "touch")), ("free", ("free",))):
            points = added.setdefault(("malloc", "c", operation), {})
            spent = sum(record[f"{member}_p50_ns"] for member in members)
            points.setdefault(record["size_bytes"], []).append(spent)
    return {**lines, **ordered(added)}


def ordered(lines: dict[Line, Points]) -> dict[Line, Points]:
    """By allocator, and by size."""
    names = list(style.ALLOCATORS)
    return {
        line: dict(sorted(lines[line].items()))
        for line in sorted(lines, key=lambda line: (names.index(line[0]), line[1:]))
    }


def alt(lines: dict[Line, Points]) -> str:
    """What there is to see."""
    texts = []
    for (allocator, via, operation), points in lines.items():
        first, last = min(points), max(points)
        if operation == "allocate":
            texts.append(
                f"{allocator} through {via} takes {style.time_text(median(points[first]))} for "
                f"{first} bytes and {style.time_text(median(points[last]))} for {last}"
            )
    return "Two line charts on logarithmic axes. To allocate, " + "; ".join(texts) + "."
