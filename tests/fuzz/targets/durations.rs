// SPDX-License-Identifier: GPL-2.0

//! A histogram tells of durations what sorting them tells, as exactly as it promises.

use super::input::Input;
use crate::timing::histogram::{Histogram, BUCKETS};

/// From here on all durations are in the last bucket.
const LONGEST_NS: u64 = (1 << 40) - 1;

pub(super) fn check(input: &[u8]) {
    let mut input = Input(input);
    let per_mille = u64::from(input.byte()) * 4;
    let split = usize::from(input.byte());
    let mut durations = Vec::new();
    while !input.is_empty() {
        // Mostly short ones, of which there are many, and any.
        let bits = input.byte();
        durations.push(match bits {
            0..=127 => u64::from(bits) << (input.byte() % 34),
            _ => input.number(),
        });
    }
    let mut histogram = Histogram::new(vec![0; BUCKETS]);
    let mut rest = Histogram::new(vec![0; BUCKETS]);
    for (index, duration_ns) in durations.iter().enumerate() {
        match index < split {
            true => histogram.add(*duration_ns),
            false => rest.add(*duration_ns),
        }
    }
    histogram.merge(&rest);

    durations.sort_unstable();
    assert_eq!(histogram.total(), durations.len() as u64);
    near(histogram.least_ns(), durations.first());
    near(histogram.most_ns(), durations.last());
    let rank = (durations.len() as u64 * per_mille).div_ceil(1000).max(1);
    let clamped = rank.min(durations.len() as u64);
    let exact = match rank == clamped {
        true => (clamped as usize)
            .checked_sub(1)
            .and_then(|index| durations.get(index)),
        false => None,
    };
    near(histogram.quantile_ns(per_mille), exact);
    if durations
        .iter()
        .all(|duration_ns| *duration_ns <= LONGEST_NS)
    {
        let sum: u64 = durations.iter().sum();
        near(
            histogram.mean_ns(),
            sum.checked_div(durations.len() as u64).as_ref(),
        );
    }
    let filled: Vec<_> = histogram.filled().collect();
    assert_eq!(
        filled.iter().map(|bucket| bucket.count).sum::<u64>(),
        histogram.total()
    );
    assert!(filled.is_sorted_by(|one, next| one.middle_ns < next.middle_ns));
}

/// Within 0.4 %, or both none.
fn near(found: Option<u64>, exact: Option<&u64>) {
    match (found, exact) {
        (Some(found), Some(exact)) => {
            let exact = (*exact).min(LONGEST_NS);
            // Of a mean, what was rounded down adds up to less than 1.
            assert!(
                found.abs_diff(exact) * 250 <= exact + 250,
                "{found} for {exact}"
            );
        }
        (None, None) => {}
        both => panic!("{both:?}"),
    }
}
