# SPDX-License-Identifier: GPL-2.0
"""Statistics, against those of NumPy and SciPy, and on distributions that are known."""

import random
import unittest
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from memalloc_cli.comparing import chance, estimate
from memalloc_cli.comparing.comparison import Compared, Comparer, Verdict, judge
from memalloc_cli.comparing.samples import PERCENTILE, TIME, Operation, Operations, Quantity
from memalloc_cli.comparing.sides import Place
from memalloc_cli.figures import distribution
from memalloc_cli.words import LEAST_PERCENT, RUN
from scipy import stats

Array = np.ndarray[Any, np.dtype[Any]]
# What a run may give: the figure of an operation whose true value is given.
Draw = Callable[[random.Random, float], float]
DISTRIBUTIONS: dict[str, Draw] = {
    "normal": lambda source, value: round(source.gauss(value, 0.03 * value)),
    "heavy tail": lambda source, value: round(value * source.lognormvariate(0, 0.3)),
    "outliers": lambda source, value: round(value * (5 if source.random() < 0.1 else 1)),
    "two modes": lambda source, value: round(value * source.choice((1.0, 1.4))),
    "few values": lambda source, value: round(value) + source.choice((0, 0, 1, 8)),
    "always the same": lambda _source, value: round(value),
    "zero at times": lambda source, value: source.choice((0, round(value))),
}


class Medians(unittest.TestCase):
    """estimate.py"""

    def test_medians_are_those_of_numpy(self) -> None:
        source = random.Random(1)
        for count in range(1, 60):
            samples = [source.choice((source.random(), 0.5)) for _ in range(count)]
            self.assertAlmostEqual(estimate.median(samples), float(np.median(samples)))

    def test_bootstrap_is_what_drawing_approaches(self) -> None:
        source = np.random.default_rng(2)
        for count in (2, 3, 5, 8, 10, 25, 40):
            samples = source.lognormal(3, 0.5, count).round()
            medians = np.sort(np.median(source.choice(samples, (40_000, count)), axis=1))
            reached = 0.0
            farthest = 0.0
            outcomes = estimate.bootstrap_outcomes([float(one) for one in samples])
            for index, outcome in enumerate(outcomes):
                reached += outcome.probability
                following = outcomes[index + 1].median if index + 1 < len(outcomes) else None
                if outcome.median != following:
                    drawn = np.searchsorted(medians, outcome.median + 1e-9) / len(medians)
                    farthest = max(farthest, abs(reached - float(drawn)))
            # Kolmogorov's distance of so many draws is larger once in ten thousand times.
            with self.subTest(count=count):
                self.assertLess(farthest, 0.0111)

    def test_intervals_are_those_of_scipy(self) -> None:
        source = np.random.default_rng(3)
        for count in (6, 9, 10, 30):
            samples = source.normal(100, 5, count)
            found = estimate.bootstrap_interval([float(one) for one in samples])
            drawn = stats.bootstrap(
                (samples,), np.median, n_resamples=20_000, method="percentile", rng=source
            ).confidence_interval
            # Its percentiles lie between two outcomes, ours on one of them.
            gap = max(np.diff(np.sort(samples)))
            with self.subTest(count=count):
                self.assertAlmostEqual(found.low, drawn.low, delta=gap)
                self.assertAlmostEqual(found.high, drawn.high, delta=gap)

    def test_intervals_hold_the_true_median(self) -> None:
        source = random.Random(4)
        for count, least in ((10, 0.93), (11, 0.93), (40, 0.92)):
            held = 0
            for _ in range(1000):
                samples = [source.lognormvariate(0, 1) for _ in range(count)]
                interval = estimate.bootstrap_interval(samples)
                held += interval.low <= 1 <= interval.high
            with self.subTest(count=count):
                self.assertGreater(held / 1000, least)


class Chance(unittest.TestCase):
    """chance.py"""

    def test_without_equal_samples_it_is_the_exact_test_of_scipy(self) -> None:
        source = np.random.default_rng(5)
        for one, other in ((2, 3), (5, 5), (10, 10), (7, 20), (20, 20)):
            for shift in (0.0, 0.7, 2.0):
                first, second = source.normal(0, 1, one), source.normal(shift, 1, other)
                expected = stats.mannwhitneyu(first, second, method="exact").pvalue
                with self.subTest(one=one, other=other, shift=shift):
                    found = chance.probability(list(first), list(second))
                    self.assertAlmostEqual(found, float(expected), places=10)

    def test_with_equal_samples_it_is_the_permutation_test_of_scipy(self) -> None:
        source = np.random.default_rng(6)

        def rank_sum(first: Array, second: Array, axis: int = -1) -> Array:
            ranks = stats.rankdata(np.concatenate((first, second), axis=axis), axis=axis)
            return np.asarray(ranks[..., : first.shape[axis]].sum(axis=axis))

        for one, other in ((3, 4), (5, 5), (4, 6)):
            first, second = source.integers(0, 4, one), source.integers(1, 5, other)
            expected = stats.permutation_test(
                (first, second), rank_sum, vectorized=True, n_resamples=np.inf
            ).pvalue
            with self.subTest(first=first, second=second):
                found = chance.probability(list(map(float, first)), list(map(float, second)))
                self.assertAlmostEqual(found, float(expected), places=10)

    def test_of_many_samples_it_is_the_asymptotic_test_of_scipy(self) -> None:
        source = np.random.default_rng(7)
        for values in (1000, 6):
            first, second = source.integers(0, values, 50), source.integers(1, values + 1, 70)
            expected = stats.mannwhitneyu(first, second, method="asymptotic").pvalue
            found = chance.probability(list(map(float, first)), list(map(float, second)))
            self.assertAlmostEqual(found, float(expected), places=10)

    def test_among_many_it_is_scipys_control_of_false_discoveries(self) -> None:
        source = np.random.default_rng(8)
        for count in (1, 2, 50):
            probabilities = source.random(count) ** 3
            expected = stats.false_discovery_control(probabilities, method="bh")
            found = chance.adjusted([float(one) for one in probabilities])
            np.testing.assert_allclose(found, expected)


class Histograms(unittest.TestCase):
    """Percentiles of values that were counted."""

    def test_they_are_those_of_numpy(self) -> None:
        source = np.random.default_rng(9)
        values = source.lognormal(4, 1, 5000).round()
        counts: Counter[float] = Counter(float(value) for value in values)
        for share in (0.001, 0.5, 0.9, 0.99, 0.999):
            expected = np.quantile(values, share, method="inverted_cdf")
            self.assertEqual(distribution.quantile(counts, share), expected)


class Comparisons(unittest.TestCase):
    """What is called a difference, of recordings of which it is known whether they differ."""

    OPERATIONS = 140
    ROUNDS = 10

    def recording(self, source: random.Random, slowed: dict[int, float]) -> Operations:
        """Samples of operations, of which some are slowed."""
        recording = Operations()
        draws = list(DISTRIBUTIONS.values())
        for number in range(self.OPERATIONS):
            operation = Operation("made up", (), f"operation {number}", ())
            value = 40 * 1.07**number * slowed.get(number, 1.0)
            draw = draws[number % len(draws)]
            recording[operation] = [float(draw(source, value)) for _ in range(self.ROUNDS)]
            recording.quantities[operation] = self.quantity(number)
        return recording

    def quantity(self, number: int) -> Quantity:
        """Times of clocks and of histograms."""
        return PERCENTILE if number % 2 else TIME

    def compare(self, before: Operations, after: Operations) -> list[Compared]:
        """Compares two recordings."""
        comparer = Comparer(RUN, "p50", LEAST_PERCENT)
        comparer.compare_operations(Place("", "", ""), "after", before, after)
        judge(comparer.compared)
        return comparer.compared

    def test_of_20_repeats_at_most_one_seems_to_differ(self) -> None:
        source = random.Random(10)
        repeats, different = 200, 0
        for _ in range(repeats):
            compared = self.compare(self.recording(source, {}), self.recording(source, {}))
            different += any(one.verdict is not Verdict.SAME for one in compared)
        # One of 20 would be 10 of 200.
        self.assertLessEqual(different, repeats // 20)

    def test_what_is_slowed_is_found_and_nothing_else(self) -> None:
        source = random.Random(11)
        # Of each distribution but the wildest, one operation is slowed by a half.
        names = list(DISTRIBUTIONS)
        slowed = {
            names.index(name) + 7 * 3: 1.5 for name in ("normal", "few values", "always the same")
        }
        others = 0
        for _ in range(40):
            compared = self.compare(self.recording(source, {}), self.recording(source, slowed))
            verdicts = [one.verdict for one in compared]
            for number in slowed:
                self.assertIs(verdicts[number], Verdict.REGRESSION)
            others += sum(
                verdict is not Verdict.SAME
                for number, verdict in enumerate(verdicts)
                if number not in slowed
            )
        # Of what is called different, chance may have at most one in 20.
        self.assertLessEqual(others, 40 * len(slowed) / 19)

    def test_samples_that_never_differ_leave_no_doubt(self) -> None:
        for shift, verdict in ((0, Verdict.SAME), (1, Verdict.SAME), (40, Verdict.REGRESSION)):
            recordings = []
            for value in (1000, 1000 + shift):
                recording = Operations()
                operation = Operation("made up", (), "steady", ())
                recording[operation] = [float(value)] * 10
                recording.quantities[operation] = TIME
                recordings.append(recording)
            (compared,) = self.compare(*recordings)
            with self.subTest(shift=shift):
                self.assertIs(compared.verdict, verdict)
