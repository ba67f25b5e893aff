# SPDX-License-Identifier: GPL-2.0
"""What chance has to do with it. Against SciPy it is held in tests/measurement."""

import itertools
import random
import unittest

from memalloc_cli.comparing import chance


def by_hand(one: list[float], other: list[float]) -> float:
    """The probability, by dealing the samples in all ways."""
    ranks = chance.doubled_ranks([*one, *other])
    seen = sum(ranks[: len(one)])
    sums = [
        sum(ranks[index] for index in chosen)
        for chosen in itertools.combinations(range(len(ranks)), len(one))
    ]
    low = sum(total <= seen for total in sums)
    high = sum(total >= seen for total in sums)
    return min(1.0, 2 * min(low, high) / len(sums))


class Ranks(unittest.TestCase):
    """Places in the order."""

    def test_equal_samples_share_theirs(self) -> None:
        self.assertEqual(chance.doubled_ranks([30, 10, 20]), [6, 2, 4])
        self.assertEqual(chance.doubled_ranks([7, 7, 1, 7]), [6, 6, 2, 6])


class Probability(unittest.TestCase):
    """That chance makes such a difference."""

    def test_by_hand(self) -> None:
        source = random.Random(3)
        for one, other in ((3, 4), (5, 5), (2, 7)):
            for values in (100, 3):
                samples = [float(source.randrange(values)) for _ in range(one + other)]
                with self.subTest(samples):
                    found = chance.probability(samples[:one], samples[one:])
                    self.assertAlmostEqual(found, by_hand(samples[:one], samples[one:]))

    def test_equal_samples_differ_by_nothing(self) -> None:
        self.assertEqual(chance.probability([5.0] * 6, [5.0] * 6), 1)
        self.assertEqual(chance.probability([5.0] * 40, [5.0] * 40), 1)

    def test_the_least_is_that_of_samples_apart(self) -> None:
        for count in (1, 3, 5, 10):
            apart = chance.probability(list(range(count)), list(range(50, 50 + count)))
            self.assertAlmostEqual(apart, chance.least_probability(count, count))
        self.assertEqual(chance.least_probability(0, 5), 1)

    def test_many_samples_meet_few(self) -> None:
        # Where the exact computation ends, the other one goes on.
        source = random.Random(4)
        one = [source.gauss(100, 10) for _ in range(20)]
        other = [source.gauss(106, 10) for _ in range(20)]
        ranks = chance.doubled_ranks([*one, *other])
        near = chance.normal_probability(ranks, 20, sum(ranks[:20]))
        exact = chance.probability(one, other)
        self.assertAlmostEqual(near, exact, delta=0.1 * exact)


class Many(unittest.TestCase):
    """Among many, something is always improbable."""

    def test_adjusting_by_hand(self) -> None:
        found = chance.adjusted([0.01, 0.04, 0.03, 0.005])
        for one, expected in zip(found, (0.02, 0.04, 0.04, 0.02), strict=True):
            self.assertAlmostEqual(one, expected)
        self.assertEqual(chance.adjusted([]), [])
        self.assertEqual(chance.adjusted([1.0, 1.0]), [1.0, 1.0])

    def test_samples_that_are_needed(self) -> None:
        for comparisons, expected in ((1, 4), (10, 6), (200, 8), (500, 9)):
            needed = chance.samples_needed(comparisons)
            self.assertEqual(needed, expected)
            least = chance.least_probability(needed, needed)
            self.assertLessEqual(least * comparisons, chance.ERROR_RATE)
