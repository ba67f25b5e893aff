# SPDX-License-Identifier: GPL-2.0
"""From the records of an experiment to samples: of each operation a figure from each run."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..recording.experiment import Experiment
from ..results import COMMON, MalformedError, Record, Run
from ..table import bytes_text
from ..words import FIGURE

# The laboratory's histograms know a value to one percent.
HISTOGRAM_RATIO = 0.01
# Clocks tell whole nanoseconds, and what is subtracted from them is whole, too.
CLOCK_NS = 1.0


class Quantity(NamedTuple):
    """What kind of figure it is: which is better, and what it cannot tell apart."""

    unit: str
    is_less_better: bool = True
    resolution_ratio: float = 0.0
    resolution: float = 0.0


TIME = Quantity("ns", resolution=CLOCK_NS)
PERCENTILE = Quantity("ns", resolution_ratio=HISTOGRAM_RATIO, resolution=CLOCK_NS)
BYTES = Quantity("bytes")
RUNS = Quantity("runs")
RATE = Quantity("operations/s", is_less_better=False)
SHARE = Quantity("%", is_less_better=False)

# Names and values, in the order in which they are told.
Pairs = tuple[tuple[str, str], ...]


class Operation(NamedTuple):
    """What was measured. Whatever is equal in all of this can be compared."""

    scenario: str
    # What a row says about itself.
    parts: Pairs
    # What is done, and which figure of it.
    what: str
    # What the command said besides that changes what is measured.
    setting: Pairs


class Sample(NamedTuple):
    """A figure of a run."""

    operation: Operation
    quantity: Quantity
    value: float


class Row:
    """A record, of which figures are taken."""

    def __init__(self, run: Run, record: Record, figure: str) -> None:
        self.run = run
        self.record = record
        # Of a distribution.
        self.figure = figure

    def sample(
        self, parts: Iterable[str], what: str, quantity: Quantity, value: float | None
    ) -> Iterator[Sample]:
        """A sample, unless nothing was measured."""
        if value is None:
            return
        named = tuple((name, str(self.record[name])) for name in parts)
        operation = Operation(self.run.scenario, named, what, setting(self.run, self.record))
        yield Sample(operation, quantity, float(value))

    def time(self, parts: Iterable[str], what: str, figure: str) -> Iterator[Sample]:
        """The sample of a time."""
        member = f"{figure}_ns" if what == self.record.get("operation") else f"{what}_{figure}_ns"
        quantity = PERCENTILE if self.run.scenario in ("latency", "scale") else TIME
        if figure in ("min", "mean", "max"):
            quantity = TIME
        yield from self.sample(parts, f"{what} {figure}", quantity, self.record[member])


# Parameters that say which sizes come in turn. Where they are drawn, they change what is measured.
SIZES = frozenset(("size", "order", "from", "to", "step", "sizes"))
IN_TURN = (None, "fixed", "sweep")
# They say which rows there are, or how a random order begins, or who runs.
ELSEWHERE = frozenset((*COMMON, "kernel", "allocator", "via", "seed"))


def setting(run: Run, record: Record) -> Pairs:
    """The parameters that change what is measured, and that the row itself does not tell."""
    left_out = ELSEWHERE | record.keys()
    if "size_bytes" in record and run.begin.get("sizes") in IN_TURN:
        left_out |= SIZES
    return tuple((key, str(value)) for key, value in run.begin.items() if key not in left_out)


def of_series(row: Row) -> Iterator[Sample]:
    """`sweep` and `compare`: the least of several."""
    parts = ("allocator", "size_bytes")
    yield from row.time(parts, "allocate", "min")
    yield from row.time(parts, "free", "min")
    yield from row.sample(parts, "usable", BYTES, row.record["usable_min_bytes"])


def of_latency(row: Row) -> Iterator[Sample]:
    """`latency`: each operation on its own."""
    parts = ("allocator", "via", "pattern", "count", "free_order", "sizes", "size_bytes")
    # Of mixed sizes the median is the time of one of them, by chance.
    is_mixed = row.record["sizes"] not in IN_TURN
    figure = "mean" if is_mixed and row.figure == FIGURE else row.figure
    yield from row.time(parts, row.record["operation"], figure)


def of_scale(row: Row) -> Iterator[Sample]:
    """`scale`: all CPUs together."""
    if row.record["cpu"] is not None:
        return
    parts = ("allocator", "via", "size_bytes", "cpus")
    yield from row.time(parts, "allocate", "p50")
    yield from row.time(parts, "free", "p50")
    yield from row.sample(parts, "throughput", RATE, row.record["operations_per_s"])
    yield from row.sample(parts, "fairness", SHARE, row.record["fairness_percent"])


def of_blocks(row: Row) -> Iterator[Sample]:
    """`fragment`: blocks that were to be had among pieces."""
    for member in ("nowait_fragmented", "noretry_fragmented"):
        met, asked = row.record[member], row.record.get(f"{member}_of")
        share = 100 * met / asked if asked else None
        yield from row.sample(("order",), f"met, {member.partition('_')[0]}", SHARE, share)


def of_large(row: Row) -> Iterator[Sample]:
    """`fragment`: what vmalloc was made of."""
    parts = ("size_bytes",)
    yield from row.sample(parts, "vmalloc runs", RUNS, row.record["vmalloc_runs_fragmented"])


def of_malloc(row: Row) -> Iterator[Sample]:
    """malloc, in user space."""
    parts = ("allocator", "size_bytes")
    figure = "min" if row.figure == "min" else "p50"
    for what in ("allocate", "touch", "free"):
        yield from row.time(parts, what, figure)
    yield from row.sample(parts, "usable", BYTES, row.record["usable_min_bytes"])


KINDS: dict[tuple[str, str], Callable[[Row], Iterator[Sample]]] = {
    ("sweep", "series"): of_series,
    ("compare", "series"): of_series,
    ("latency", "latency"): of_latency,
    ("scale", "scale"): of_scale,
    ("fragment", "blocks"): of_blocks,
    ("fragment", "large"): of_large,
    ("malloc", "malloc"): of_malloc,
}


def of_run(run: Run, figure: str = FIGURE) -> Iterator[Sample]:
    """All of a run."""
    for record in run.middle():
        if kind := KINDS.get((run.scenario, record["kind"])):
            try:
                yield from kind(Row(run, record, figure))
            except KeyError as error:
                reason = f"{run.scenario}: a record of kind {record['kind']} without {error}"
                raise MalformedError(reason) from error


class Operations(dict[Operation, list[float]]):
    """The samples of each operation, and what kind of figure it has."""

    def __init__(self) -> None:
        super().__init__()
        self.quantities: dict[Operation, Quantity] = {}

    def add(self, sample: Sample) -> None:
        """Adds a sample."""
        self.setdefault(sample.operation, []).append(sample.value)
        self.quantities[sample.operation] = sample.quantity


def of_experiment(experiment: Experiment, figure: str = FIGURE) -> Operations:
    """Of all runs that are complete: others may have left out what was to come.

    The operations come in the order of the commands, whatever order chance gave to the runs.
    """
    operations = Operations()
    place = {command: index for index, command in enumerate(experiment.plan.commands)}
    for recorded in sorted(experiment.complete_runs(), key=lambda one: place[one.command]):
        for sample in of_run(recorded.run, figure):
            operations.add(sample)
    return operations


def labels(operations: Iterable[Operation]) -> dict[Operation, str]:
    """What to call each: what tells it apart from the others of its scenario, and no more."""
    known = list(operations)
    common: dict[str, set[tuple[str, str]]] = {}
    for operation in known:
        told = {*operation.parts, *operation.setting}
        common[operation.scenario] = common.get(operation.scenario, told) & told
    return {operation: label(operation, common[operation.scenario]) for operation in known}


def label(operation: Operation, common: set[tuple[str, str]]) -> str:
    """A name that is as long as it has to be. The allocator and the size are always told."""
    words = [operation.scenario]
    for name, value in operation.parts:
        if value == operation.scenario:
            continue
        if name in ("allocator", "size_bytes", "order") or (name, value) not in common:
            words.append(part(name, value))
    words.append(operation.what)
    words += [f"{name}={value}" for name, value in operation.setting if (name, value) not in common]
    return " ".join(words)


def part(name: str, value: str) -> str:
    """A part of a name."""
    match name:
        case "size_bytes":
            return bytes_text(int(value)) if value.isdigit() else value
        case "order":
            return f"order {value}"
        case "cpus":
            return f"{value} CPU" if value == "1" else f"{value} CPUs"
        case "count":
            return f"x{value}"
        case "via":
            return f"via {value}"
        case _:
            return value
