// SPDX-License-Identifier: GPL-2.0

//! Histograms against the durations that went into them.

use super::super::random::Random;
use super::*;

/// A histogram of `durations`.
fn of(durations: &[u64]) -> Histogram<Vec<u64>> {
    let mut histogram = Histogram::new(vec![0; BUCKETS]);
    for duration_ns in durations {
        histogram.add(*duration_ns);
    }
    histogram
}

/// The quantile of sorted durations, by its definition.
fn exact_quantile(sorted: &[u64], per_mille: usize) -> u64 {
    let rank = (sorted.len() * per_mille).div_ceil(1000).max(1);
    sorted[rank - 1]
}

fn assert_near(got: u64, exact: u64) {
    assert!(
        got.abs_diff(exact) * 250 <= exact,
        "{got} is more than 0.4 % from {exact}"
    );
}

#[test]
fn buckets_follow_one_another_without_gap() {
    for bucket in 0..BUCKETS - 1 {
        let shortest = shortest_of(bucket);
        let next = shortest_of(bucket + 1);
        assert!(shortest < next);
        assert_eq!(bucket_of(shortest), bucket);
        assert_eq!(bucket_of(next - 1), bucket);
    }
}

#[test]
fn short_durations_are_kept_exactly() {
    for duration_ns in 0..EXACT_NS {
        assert_eq!(middle_of(bucket_of(duration_ns)), duration_ns);
    }
}

#[test]
fn long_durations_are_kept_to_four_per_mille() {
    let mut random = Random::new(1);
    for _ in 0..100_000 {
        let bits = random.below(MAX_BITS.into());
        let duration_ns = random.below(1 << bits);
        assert_near(middle_of(bucket_of(duration_ns)), duration_ns);
    }
}

#[test]
fn what_is_too_long_goes_to_the_last_bucket() {
    for duration_ns in [(1 << MAX_BITS) - 1, 1 << MAX_BITS, u64::MAX] {
        assert_eq!(bucket_of(duration_ns), BUCKETS - 1);
    }
}

#[test]
fn quantiles_are_those_of_the_sorted_durations() {
    let mut random = Random::new(7);
    for length in [1, 2, 3, 10, 999, 1000, 1001, 20_000] {
        // Mostly short, with a long tail.
        let mut durations: Vec<u64> = (0..length)
            .map(|_| {
                let bits = random.below(5) * random.below(6);
                40 + random.below(1 << bits)
            })
            .collect();
        let histogram = of(&durations);
        durations.sort_unstable();
        for per_mille in [0, 1, 250, 500, 900, 990, 999, 1000] {
            assert_near(
                histogram.quantile_ns(per_mille as u64).unwrap(),
                exact_quantile(&durations, per_mille),
            );
        }
        assert_near(histogram.least_ns().unwrap(), durations[0]);
        assert_near(histogram.most_ns().unwrap(), durations[length - 1]);
        assert_near(
            histogram.mean_ns().unwrap(),
            durations.iter().sum::<u64>() / length as u64,
        );
        assert_eq!(histogram.total(), length as u64);
    }
}

#[test]
fn nothing_has_no_figures() {
    let histogram = of(&[]);
    assert_eq!(histogram.total(), 0);
    assert_eq!(histogram.quantile_ns(500), None);
    assert_eq!(histogram.least_ns(), None);
    assert_eq!(histogram.most_ns(), None);
    assert_eq!(histogram.mean_ns(), None);
    assert_eq!(histogram.filled().count(), 0);
}

#[test]
fn merging_adds_counts() {
    let mut both = of(&[1, 2, 1000]);
    both.merge(&of(&[2, 5000]));
    let whole = of(&[1, 2, 2, 1000, 5000]);
    assert!(both.filled().eq(whole.filled()));
}

#[test]
fn clearing_forgets_everything() {
    let mut histogram = of(&[1, 2, 1000]);
    histogram.clear();
    assert_eq!(histogram.total(), 0);
}

#[test]
fn filled_buckets_come_in_ascending_order() {
    let filled: Vec<Filled> = of(&[300, 5, 5, 100_000]).filled().collect();
    assert_eq!(
        filled.iter().map(|one| one.count).collect::<Vec<_>>(),
        [2, 1, 1]
    );
    assert!(filled
        .windows(2)
        .all(|pair| pair[0].middle_ns < pair[1].middle_ns));
}
