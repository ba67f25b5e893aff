# SPDX-License-Identifier: GPL-2.0
"""What is to be had when free memory lies in pieces, and after that."""

from matplotlib.ticker import MaxNLocator

from ..comparing.estimate import median
from ..recording.experiment import Experiment
from ..table import counted
from . import style
from .drawing import Drawing

# What the records call the three times.
MEMBERS = {"before": "before", "broken up": "fragmented", "after": "after"}
KINDS = {"nowait": "without waiting", "noretry": "with one round of reclaim and compaction"}
BLOCKS = (
    "How many requests for a block were met, by its order: before free memory was broken up, then, "
    "and after all was freed. An order more is twice the size."
)
RUNS = (
    "Of how many physically contiguous runs a vmalloc consists. Before, it is often one, by luck; "
    "among pieces it takes what there is."
)

# All samples by order, or by size.
Points = dict[int, list[float]]


def draw(experiment: Experiment) -> list[Drawing]:
    """A drawing of blocks, and one of vmalloc."""
    return [*draw_blocks(experiment), *draw_runs(experiment)]


def points_of(experiment: Experiment, kind: str, key: str, member: str) -> Points:
    """A figure of all runs. How many were met is a share of those that were tried."""
    found: Points = {}
    for record in experiment.records("fragment", kind):
        value, whole = record[member], record.get(f"{member}_of")
        if whole:
            value = 100 * value / whole
        if value is not None:
            found.setdefault(record[key], []).append(value)
    return found


def draw_blocks(experiment: Experiment) -> list[Drawing]:
    """Blocks of the page allocator."""
    drawn = style.panels(len(KINDS))
    found: dict[str, Points] = {}
    for axes, (kind, words) in zip(drawn.axes, KINDS.items(), strict=True):
        for name, member in MEMBERS.items():
            points = points_of(experiment, "blocks", "order", f"{kind}_{member}")
            if points:
                medians = [median(values) for values in points.values()]
                style.plot(axes, list(points), medians, style.TIMES[name], name)
                found[f"{name}, {words}"] = points
        axes.set_ylim(-4, 104)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("order")
        axes.set_ylabel("met, %")
        axes.set_title(words)
    if not found:
        return []
    style.legend(drawn)
    text = "Two line charts: percent of requests met against the order. " + "; ".join(
        f"{name}: all met up to order {all_met(points)}" for name, points in found.items()
    )
    return [Drawing("fragmentation", "Among pieces: blocks", BLOCKS, f"{text}.", drawn.figure)]


def all_met(points: Points) -> int | str:
    """The last order up to which nothing was refused."""
    met = -1
    for order, values in sorted(points.items()):
        if min(values) < 100:
            break
        met = order
    return met if met >= 0 else "none"


def draw_runs(experiment: Experiment) -> list[Drawing]:
    """What vmalloc is made of."""
    drawn = style.panels(1)
    axes = drawn.axes[0]
    texts = []
    sizes: list[int] = []
    for name, member in MEMBERS.items():
        points = points_of(experiment, "large", "size_bytes", f"vmalloc_runs_{member}")
        if points:
            sizes = list(points)
            medians = [median(values) for values in points.values()]
            style.plot(axes, sizes, medians, style.TIMES[name], name)
            texts.append(f"{name}: {counted(round(medians[-1]), 'run')}")
    if not sizes:
        return []
    style.axis_of_sizes(axes, sizes, "size, bytes")
    axes.set_yscale("log", base=2)
    axes.yaxis.set_major_formatter("{x:.0f}")
    axes.set_ylabel("physical runs")
    style.legend(drawn)
    text = f"Line chart: runs against the size. At {max(sizes)} bytes, {'; '.join(texts)}."
    return [Drawing("vmalloc-runs", "Among pieces: vmalloc", RUNS, text, drawn.figure)]
