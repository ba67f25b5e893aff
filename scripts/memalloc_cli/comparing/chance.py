# SPDX-License-Identifier: GPL-2.0
"""How probable it is that chance alone makes samples differ so much, and what that is worth when
many are looked at.

The rank sum test (Wilcoxon, Mann and Whitney), as a permutation test: of all the ways to deal the
samples to the two sides, in how many do the ranks differ as much? It takes nothing for granted
about how the samples are distributed, and knows what to do with equal ones.
"""

import itertools
from collections.abc import Sequence
from math import comb, erfc, sqrt

# Of all that is called different, on average at most this share is so by chance; if nothing is
# different, in at most this share of comparisons, in the long run, is anything called so.
ERROR_RATE = 0.05
# For more samples than that the sum of ranks is as good as normally distributed.
EXACT_MOST = 40


def doubled_ranks(samples: Sequence[float]) -> list[int]:
    """The rank of each sample, from 1 on, times two; equal ones share the mean of their ranks."""
    order = sorted(range(len(samples)), key=lambda index: samples[index])
    ranks = [0] * len(samples)
    position = 0
    for _, group in itertools.groupby(order, key=lambda index: samples[index]):
        equal = list(group)
        # Positions from p + 1 to p + n: their mean is p + (n + 1) / 2.
        for index in equal:
            ranks[index] = 2 * position + len(equal) + 1
        position += len(equal)
    return ranks


def sums_of_subsets(ranks: Sequence[int], size: int) -> list[int]:
    """For each sum, how many subsets of that size have it."""
    limit = sum(sorted(ranks)[-size:])
    # One row for each size of a subset, one place for each sum.
    ways = [[0] * (limit + 1) for _ in range(size + 1)]
    ways[0][0] = 1
    for used, rank in enumerate(ranks, start=1):
        for chosen in range(min(used, size), 0, -1):
            without, with_it = ways[chosen - 1], ways[chosen]
            for total in range(rank, limit + 1):
                with_it[total] += without[total - rank]
    return ways[size]


def probability(one: Sequence[float], other: Sequence[float]) -> float:
    """The probability that chance makes the two differ as much or more, in either direction."""
    ranks = doubled_ranks([*one, *other])
    total = sum(ranks[: len(one)])
    if len(ranks) > EXACT_MOST:
        return normal_probability(ranks, len(one), total)
    ways = sums_of_subsets(ranks, len(one))
    tail = min(sum(ways[: total + 1]), sum(ways[total:]))
    return min(1.0, 2 * tail / comb(len(ranks), len(one)))


def normal_probability(ranks: Sequence[int], size: int, total: int) -> float:
    """The same for many samples. The variance is that of drawing ranks without putting back."""
    count = len(ranks)
    mean = sum(ranks) / count
    spread = sum((rank - mean) ** 2 for rank in ranks) / (count - 1)
    variance = size * (count - size) / count * spread
    if variance == 0:
        return 1.0
    # Half a rank is taken off, as what is continuous needs it in the place of what has steps.
    distance = max(abs(total - size * mean) - 1, 0)
    return erfc(distance / sqrt(2 * variance))


def least_probability(one: int, other: int) -> float:
    """What the test says of that many samples that do not even overlap: it cannot say less."""
    return min(1.0, 2 / comb(one + other, one)) if one and other else 1.0


def adjusted(probabilities: Sequence[float]) -> list[float]:
    """Each probability as it counts among many (Benjamini and Hochberg)."""
    count = len(probabilities)
    order = sorted(range(count), key=lambda index: probabilities[index], reverse=True)
    result = [1.0] * count
    least = 1.0
    for rank, index in zip(range(count, 0, -1), order, strict=True):
        least = min(least, probabilities[index] * count / rank)
        result[index] = least
    return result


def samples_needed(comparisons: int) -> int:
    """How many samples on each side let a single difference be told among so many comparisons."""
    return next(
        number
        for number in itertools.count(2)
        if least_probability(number, number) * comparisons <= ERROR_RATE
    )
