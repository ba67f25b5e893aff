# SPDX-License-Identifier: GPL-2.0
"""The cost of an operation, and how many there are in all, on more and more CPUs."""

from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..comparing.estimate import median
from ..recording.experiment import Experiment
from . import style
from .drawing import Drawing

CAPTION = (
    "Above, the median time of an allocation when more and more CPUs allocate at the same time: a "
    "flat line scales. Below, operations of all CPUs together; grey is what it would be if each "
    "CPU did as much as one alone."
)

Line = tuple[str, str]
# All samples for each number of CPUs.
Points = dict[int, list[float]]


def draw(experiment: Experiment) -> list[Drawing]:
    """One drawing."""
    costs = by_line(experiment, "allocate_p50_ns")
    rates = by_line(experiment, "operations_per_s")
    if not costs or not rates:
        return []
    drawn = style.panels(2)
    above, below = drawn.axes
    for (allocator, via), points in costs.items():
        medians = [max(median(values), 1.0) for values in points.values()]
        style.plot_path(above, list(points), medians, allocator, via)
    for (allocator, via), points in rates.items():
        medians = [median(values) for values in points.values()]
        ideal = [medians[0] / min(points) * cpus for cpus in points]
        below.plot(list(points), ideal, color=style.REFERENCE, linewidth=0.8)
        style.plot_path(below, list(points), medians, allocator, via)
    style.axis_of_times(above, "time")
    above.set_title("median time of an allocation")
    below.set_yscale("log")
    below.yaxis.set_major_formatter(FuncFormatter(lambda value, _: rate_text(value)))
    below.set_ylabel("operations per second")
    below.set_title("all CPUs together")
    for axes in drawn.axes:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
        axes.set_xlabel("CPUs")
    style.path_legend(drawn, (line[0] for line in costs), (line[1] for line in costs))
    return [Drawing("scaling", "On many CPUs", CAPTION, alt(costs, rates), drawn.figure)]


def by_line(experiment: Experiment, member: str) -> dict[Line, Points]:
    """A figure of all CPUs together, for each allocator and path, by the number of CPUs."""
    found: dict[Line, Points] = {}
    for record in experiment.records("scale", "scale"):
        if record["cpu"] is None and record[member] is not None:
            points = found.setdefault((record["allocator"], record["via"]), {})
            points.setdefault(record["cpus"], []).append(record[member])
    return {line: dict(sorted(points.items())) for line, points in sorted(found.items())}


def rate_text(value: float) -> str:
    """A number of operations."""
    for factor, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:g} {unit}"
    return f"{value:g}"


def alt(costs: dict[Line, Points], rates: dict[Line, Points]) -> str:
    """What there is to see."""
    texts = []
    for (allocator, via), points in costs.items():
        first, last = min(points), max(points)
        total = rates.get((allocator, via), {}).get(last)
        rate = f", {rate_text(median(total))} operations a second in all" if total else ""
        texts.append(
            f"{allocator} through {via}: {style.time_text(median(points[first]))} on {first} CPU, "
            f"{style.time_text(median(points[last]))} on {last}{rate}"
        )
    return "Two line charts against the number of CPUs. " + "; ".join(texts) + "."
