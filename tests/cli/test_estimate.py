# SPDX-License-Identifier: GPL-2.0
"""Medians and their intervals. Against SciPy they are held in tests/measurement."""

import random
import unittest

from memalloc_cli.comparing.estimate import (
    Interval,
    bootstrap_interval,
    bootstrap_outcomes,
    median,
)


class Medians(unittest.TestCase):
    """The middle."""

    def test_medians(self) -> None:
        for samples, expected in (([3.0], 3), ([1.0, 2.0], 1.5), ([9.0, 1.0, 5.0], 5)):
            self.assertEqual(median(samples), expected)


class Bootstrap(unittest.TestCase):
    """The distribution of the medians of draws."""

    def test_two_samples_by_hand(self) -> None:
        # Of four equally probable draws, one is all 1, one all 3, and two have one of each.
        found = {outcome.median: outcome.probability for outcome in bootstrap_outcomes([3.0, 1.0])}
        for value, probability in ((1.0, 0.25), (2.0, 0.5), (3.0, 0.25)):
            self.assertAlmostEqual(found[value], probability)

    def test_three_samples_by_hand(self) -> None:
        # The least is the median of 7 of 27 draws: those with at least two of it.
        found = [outcome.probability * 27 for outcome in bootstrap_outcomes([1.0, 2.0, 3.0])]
        for probability, expected in zip(found, (7, 13, 7), strict=True):
            self.assertAlmostEqual(probability, expected)

    def test_all_draws_one_by_one(self) -> None:
        import itertools

        samples = [2.0, 3.0, 5.0, 9.0, 14.0, 22.0]
        counted: dict[float, int] = {}
        for draw in itertools.product(samples, repeat=len(samples)):
            counted[median(draw)] = counted.get(median(draw), 0) + 1
        found: dict[float, float] = {}
        for outcome in bootstrap_outcomes(samples):
            found[outcome.median] = found.get(outcome.median, 0) + outcome.probability
        self.assertEqual(found.keys(), counted.keys())
        for value, count in counted.items():
            self.assertAlmostEqual(found[value], count / len(samples) ** len(samples))

    def test_probabilities_add_up(self) -> None:
        chance = random.Random(1)
        for count in (1, 2, 3, 10, 31, 64, 501, 1100):
            samples = [chance.random() for _ in range(count)]
            total = sum(outcome.probability for outcome in bootstrap_outcomes(samples))
            self.assertAlmostEqual(total, 1)

    def test_equal_samples_leave_no_doubt(self) -> None:
        for count in (1, 2, 7, 10):
            self.assertEqual(bootstrap_interval([5.0] * count), Interval(5, 5))

    def test_five_samples_reach_from_end_to_end(self) -> None:
        self.assertEqual(bootstrap_interval([5.0, 1.0, 4.0, 2.0, 3.0]), Interval(1, 5))

    def test_more_samples_know_more(self) -> None:
        chance = random.Random(2)
        widths = []
        for count in (10, 100, 1000):
            interval = bootstrap_interval([chance.gauss(100, 5) for _ in range(count)])
            self.assertLess(interval.low, interval.high)
            widths.append(interval.high - interval.low)
        self.assertEqual(widths, sorted(widths, reverse=True))


class Intervals(unittest.TestCase):
    """From where to where."""

    def test_overlap(self) -> None:
        self.assertTrue(Interval(1, 3).overlaps(Interval(3, 4)))
        self.assertTrue(Interval(1, 9).overlaps(Interval(3, 4)))
        self.assertFalse(Interval(1, 2.9).overlaps(Interval(3, 4)))

    def test_widening(self) -> None:
        self.assertEqual(Interval(100, 200).widened(0.01, 1.5), Interval(98.5, 202))
        self.assertEqual(Interval(0, 0).widened(0.01, 0), Interval(0, 0))
