// SPDX-License-Identifier: GPL-2.0

//! Histograms of durations, of a fixed size and a bounded relative error.
//!
//! Buckets are linear within a power of two, and as many in each: the shape of HDR histograms.
//! Durations below [`EXACT_NS`] have a bucket each. Above, a bucket is at most a 128th of its
//! durations wide, and stands for its middle: what is read is at most 0.4 % from what was added.

/// Bits of a duration that a bucket keeps, besides the first.
const KEPT_BITS: u32 = 7;

/// Buckets of each power of two.
const PER_POWER: u64 = 1 << KEPT_BITS;

/// From here on, buckets are wider than one nanosecond.
pub(crate) const EXACT_NS: u64 = 2 * PER_POWER;

/// Durations have up to this many bits: 18 minutes. Longer ones go to the last bucket.
const MAX_BITS: u32 = 40;

/// How many buckets there are.
pub(crate) const BUCKETS: usize = ((MAX_BITS - KEPT_BITS + 1) as usize) << KEPT_BITS;

/// The bucket of a duration.
#[inline(always)]
pub(crate) const fn bucket_of(duration_ns: u64) -> usize {
    let bits = u64::BITS - (duration_ns | (EXACT_NS - 1)).leading_zeros();
    let shift = bits - (KEPT_BITS + 1);
    let bucket = ((shift as usize) << KEPT_BITS) + (duration_ns >> shift) as usize;
    if bucket < BUCKETS {
        bucket
    } else {
        BUCKETS - 1
    }
}

/// The shortest duration of a bucket.
const fn shortest_of(bucket: usize) -> u64 {
    let power = (bucket as u64 / PER_POWER).saturating_sub(1);
    (bucket as u64 - power * PER_POWER) << power
}

/// The duration that stands for a bucket: its middle.
pub(crate) const fn middle_of(bucket: usize) -> u64 {
    let shortest = shortest_of(bucket);
    shortest + (shortest_of(bucket + 1) - shortest) / 2
}

/// A count for each bucket.
///
/// The counts lie where the caller has room for them: 34 KiB is too much for a kernel's stack.
pub(crate) struct Histogram<C> {
    counts: C,
}

impl<C: AsMut<[u64]> + AsRef<[u64]>> Histogram<C> {
    /// A histogram over `counts`, which are [`BUCKETS`] counts of earlier durations, or zeroes.
    pub(crate) fn new(counts: C) -> Self {
        Self { counts }
    }

    /// Adds a duration.
    #[inline(always)]
    pub(crate) fn add(&mut self, duration_ns: u64) {
        if let Some(count) = self.counts.as_mut().get_mut(bucket_of(duration_ns)) {
            *count += 1;
        }
    }

    /// Adds all that `other` has.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.as_mut().iter_mut().zip(other.counts.as_ref()) {
            *count += more;
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.counts.as_mut().fill(0);
    }

    /// How many durations there are.
    pub(crate) fn total(&self) -> u64 {
        self.counts.as_ref().iter().sum()
    }

    /// The shortest duration.
    pub(crate) fn least_ns(&self) -> Option<u64> {
        self.filled().next().map(|bucket| bucket.middle_ns)
    }

    /// The longest duration.
    pub(crate) fn most_ns(&self) -> Option<u64> {
        self.filled().last().map(|bucket| bucket.middle_ns)
    }

    /// The mean, rounded down.
    pub(crate) fn mean_ns(&self) -> Option<u64> {
        // The sum is the time that passed: it fits.
        let sum_ns = self.filled().fold(0_u64, |sum_ns, bucket| {
            sum_ns.saturating_add(bucket.middle_ns.saturating_mul(bucket.count))
        });
        sum_ns.checked_div(self.total())
    }

    /// The duration that `per_mille` thousandths of all durations are not above: of `n` sorted
    /// durations number `ceil(n * per_mille / 1000)`, counted from 1.
    pub(crate) fn quantile_ns(&self, per_mille: u64) -> Option<u64> {
        let rank = self.total().saturating_mul(per_mille).div_ceil(1000).max(1);
        let mut seen = 0;
        self.filled()
            .find(|bucket| {
                seen += bucket.count;
                seen >= rank
            })
            .map(|bucket| bucket.middle_ns)
    }

    /// The buckets that are not empty: what stands for each, and its count.
    pub(crate) fn filled(&self) -> impl Iterator<Item = Filled> + '_ {
        let counts = self.counts.as_ref().iter().enumerate();
        counts
            .filter(|(_, count)| **count > 0)
            .map(|(bucket, count)| Filled {
                middle_ns: middle_of(bucket),
                count: *count,
            })
    }
}

/// A bucket that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) middle_ns: u64,
    pub(crate) count: u64,
}

#[cfg(test)]
mod tests;
