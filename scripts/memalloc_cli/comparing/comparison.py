# SPDX-License-Identifier: GPL-2.0
"""Comparing samples: what got worse, what got better, and what cannot be told.

A change is called one only if all of this holds:
- the medians' 95 % intervals do not overlap, with room for what the figures cannot tell apart;
- it is not less than the least that somebody wants to know of, 1 % unless --least says otherwise;
- chance is expected to account for at most 5 % of what is called one, of all operations together.
  Where nothing differs, at most 5 % of comparisons, on average, call anything different.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ..recording.experiment import Experiment
from ..words import AUTO, FIGURE, LEAST_PERCENT, RECORDING, RUN
from . import chance
from .estimate import Interval, bootstrap_interval, median
from .samples import Operation, Operations, Quantity, labels, of_experiment
from .sides import Place, Side


class Verdict(Enum):
    """What a comparison says."""

    REGRESSION = "regression"
    IMPROVEMENT = "improvement"
    SAME = "no difference found"
    UNKNOWN = "too few samples"


class Measured(NamedTuple):
    """The samples of one side, and what they say."""

    samples: int
    median: float
    interval: Interval


class Subject(NamedTuple):
    """What is compared, where, and with which side."""

    place: Place
    side: str
    operation: Operation


@dataclass
class Compared:
    """An operation on the first side and on another."""

    subject: Subject
    quantity: Quantity
    before: Measured
    after: Measured
    # That chance makes such a difference; 1 if nothing speaks for one.
    probability: float
    # The same among all that is compared.
    adjusted: float = 1.0
    verdict: Verdict = Verdict.SAME

    @property
    def change_percent(self) -> float | None:
        """The change; there is none from nothing."""
        before, after = self.before.median, self.after.median
        if before == after:
            return 0.0
        return 100 * (after - before) / before if before else None

    @property
    def is_better(self) -> bool:
        """Whether the change is for the better."""
        return (self.after.median < self.before.median) is self.quantity.is_less_better


class Unmatched(NamedTuple):
    """Operations that only one of two sides measured in a place."""

    place: Place
    side: str
    operations: list[Operation]


@dataclass
class Comparison:
    """All sides against the first."""

    sides: list[Side]
    unit: str
    figure: str
    least_percent: float
    compared: list[Compared]
    unmatched: list[Unmatched]
    labels: dict[Operation, str]

    def of(self, verdict: Verdict) -> list[Compared]:
        """Those with a verdict."""
        return [one for one in self.compared if one.verdict is verdict]

    @property
    def needed(self) -> int:
        """How many samples on each side tell a single difference."""
        return chance.samples_needed(max(len(self.compared), 1))

    @property
    def is_blind(self) -> bool:
        """Whether no difference could have been told, for want of samples."""
        return not any(
            one.verdict in (Verdict.REGRESSION, Verdict.IMPROVEMENT)
            or not is_hopeless(one, len(self.compared))
            for one in self.compared
        )


def unit_of(sides: Sequence[Side], wanted: str) -> str:
    """What counts as a sample."""
    if wanted != AUTO:
        return wanted
    several = all(len(group) > 1 for side in sides for group in side.experiments.values())
    return RECORDING if several else RUN


def samples_of(experiments: Sequence[Experiment], unit: str, figure: str) -> Operations:
    """The samples of all recordings of a side in one place."""
    together = Operations()
    for experiment in experiments:
        operations = of_experiment(experiment, figure)
        for operation, values in operations.items():
            kept = [median(values)] if unit == RECORDING else values
            together.setdefault(operation, []).extend(kept)
        together.quantities.update(operations.quantities)
    return together


def measured(values: Sequence[float], quantity: Quantity) -> Measured:
    """What the samples of one side say."""
    interval = bootstrap_interval(values)
    return Measured(
        len(values),
        median(values),
        interval.widened(quantity.resolution_ratio, quantity.resolution),
    )


def is_candidate(before: Measured, after: Measured, least_percent: float) -> bool:
    """Whether a difference is wide enough to ask what chance has to do with it."""
    if before.interval.overlaps(after.interval):
        return False
    return 100 * abs(after.median - before.median) >= least_percent * abs(before.median)


def is_hopeless(one: Compared, comparisons: int) -> bool:
    """Whether so few samples could not tell a difference, were it the only one."""
    least = chance.least_probability(one.before.samples, one.after.samples)
    return least * comparisons > chance.ERROR_RATE


def judge(compared: Sequence[Compared]) -> None:
    """Says of each what it is, in view of how many there are."""
    adjusted = chance.adjusted([one.probability for one in compared])
    for one, probability in zip(compared, adjusted, strict=True):
        one.adjusted = probability
        if probability <= chance.ERROR_RATE:
            one.verdict = Verdict.IMPROVEMENT if one.is_better else Verdict.REGRESSION
        elif one.probability < 1 and is_hopeless(one, len(compared)):
            one.verdict = Verdict.UNKNOWN


class Comparer:
    """Compares sides, operation by operation."""

    def __init__(self, unit: str, figure: str, least_percent: float) -> None:
        self._unit = unit
        self._figure = figure
        self._least_percent = least_percent
        self.compared: list[Compared] = []
        self.unmatched: list[Unmatched] = []

    def compare(self, first: Side, others: Sequence[Side]) -> None:
        """Compares a side with others, in all places that both have."""
        for place, experiments in first.experiments.items():
            there = [other for other in others if place in other.experiments]
            before = samples_of(experiments if there else [], self._unit, self._figure)
            for other in there:
                after = samples_of(other.experiments[place], self._unit, self._figure)
                self.match(place, first.name, before, after)
                self.match(place, other.name, after, before)
                self.compare_operations(place, other.name, before, after)

    def match(self, place: Place, side: str, one: Operations, other: Operations) -> None:
        """Notes what only one has."""
        if alone := [operation for operation in one if operation not in other]:
            self.unmatched.append(Unmatched(place, side, alone))

    def compare_operations(
        self, place: Place, side: str, before: Operations, after: Operations
    ) -> None:
        """Compares what both have."""
        for operation, values in before.items():
            if operation not in after:
                continue
            quantity = before.quantities[operation]
            first, second = measured(values, quantity), measured(after[operation], quantity)
            probability = 1.0
            if is_candidate(first, second, self._least_percent):
                probability = chance.probability(values, after[operation])
            subject = Subject(place, side, operation)
            self.compared.append(Compared(subject, quantity, first, second, probability))


def compare(
    sides: list[Side],
    unit: str = AUTO,
    figure: str = FIGURE,
    least_percent: float = LEAST_PERCENT,
) -> Comparison:
    """Compares all sides with the first."""
    unit = unit_of(sides, unit)
    first, *others = sides
    comparer = Comparer(unit, figure, least_percent)
    comparer.compare(first, others)
    judge(comparer.compared)
    operations = {one.subject.operation for one in comparer.compared}
    operations.update(one for alone in comparer.unmatched for one in alone.operations)
    return Comparison(
        sides,
        unit,
        figure,
        least_percent,
        comparer.compared,
        comparer.unmatched,
        labels(operations),
    )
