# SPDX-License-Identifier: GPL-2.0
"""Medians, and how sure one can be of them: the bootstrap, worked out and not simulated.

The bootstrap asks which medians samples of the same number would have, drawn from those that there
are, each as often as chance has it. Of infinitely many such draws the distribution is known: the
k-th of n drawn is at most the i-th of the samples if at least k draws of n fall among the first i.
So there is nothing to simulate, no seed, and no error of simulation.
"""

from collections.abc import Sequence
from functools import cache
from math import exp, lgamma, log, log1p
from typing import NamedTuple

CONFIDENCE = 0.95
# What adds up to nothing that matters, and takes time where there are many samples.
NEGLIGIBLE = 1e-12


class Interval(NamedTuple):
    """From where to where."""

    low: float
    high: float

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two have a point in common."""
        return self.low <= other.high and other.low <= self.high

    def widened(self, by_ratio: float, by: float) -> "Interval":
        """With room on both sides for what a figure cannot tell apart."""
        return Interval(
            self.low - max(abs(self.low) * by_ratio, by),
            self.high + max(abs(self.high) * by_ratio, by),
        )


class Chance(NamedTuple):
    """How probable it is that the middle two draws are these samples."""

    one: int
    other: int
    probability: float


class Outcome(NamedTuple):
    """A median that the bootstrap may give, and how probable it is."""

    median: float
    probability: float


def median(samples: Sequence[float]) -> float:
    """The middle one, or what is in the middle of the two middle ones."""
    ordered = sorted(samples)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def log_choose(count: int, chosen: int) -> float:
    """The logarithm of the number of ways to choose: the number itself would not fit."""
    return lgamma(count + 1) - lgamma(chosen + 1) - lgamma(count - chosen + 1)


def at_least(number: int, draws: int, share: float) -> float:
    """The probability that at least `number` of `draws` fall into a share of the samples."""
    if share <= 0 or share >= 1:
        return float(share >= 1 or number <= 0)
    if number <= draws * share:
        # The other tail is the shorter one; both sides of a coin.
        return 1 - at_least(draws - number + 1, draws, 1 - share)
    term = exp(log_choose(draws, number) + number * log(share) + (draws - number) * log(1 - share))
    total = 0.0
    while number <= draws and term > NEGLIGIBLE:
        total += term
        term *= (draws - number) / (number + 1) * share / (1 - share)
        number += 1
    return total


@cache
def chances(count: int) -> list[Chance]:
    """Of that many samples in ascending order, with which probability each two are the middle.

    Of an odd number there is one in the middle, of an even number there may be two.
    """
    half = (count + 1) // 2
    below = [at_least(half, count, index / count) for index in range(count + 1)]
    if count % 2:
        return [Chance(one, one, below[one + 1] - below[one]) for one in range(count)]
    ways = log_choose(count, half)
    # That half of the draws lie at or before a sample, at least one of them on it. For the other
    # half, at or after one, it is the same from the other end.
    lower = [
        half * log((index + 1) / count) + log1p(-((index / (index + 1)) ** half))
        for index in range(count)
    ]
    found = []
    for one in range(count):
        same = below[one + 1] - below[one]
        for other in range(one + 1, count):
            probability = exp(ways + lower[one] + lower[count - 1 - other])
            # The further away, the less probable.
            if probability <= NEGLIGIBLE:
                break
            same -= probability
            found.append(Chance(one, other, probability))
        found.append(Chance(one, one, same))
    return found


def bootstrap_outcomes(samples: Sequence[float]) -> list[Outcome]:
    """Which medians there may be, in ascending order."""
    ordered = sorted(samples)
    return sorted(
        Outcome((ordered[chance.one] + ordered[chance.other]) / 2, chance.probability)
        for chance in chances(len(ordered))
    )


def bootstrap_interval(samples: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """Where the median lies, as far as the samples tell: from percentile to percentile."""
    outcomes = bootstrap_outcomes(samples)
    tail = (1 - confidence) / 2
    return Interval(percentile(outcomes, tail), percentile(outcomes[::-1], tail))


def percentile(outcomes: Sequence[Outcome], share: float) -> float:
    """The first outcome up to which there is that share of the probability."""
    reached = 0.0
    for outcome in outcomes:
        reached += outcome.probability
        if reached >= share:
            return outcome.median
    return outcomes[-1].median
