// SPDX-License-Identifier: GPL-2.0

//! Times one operation. `bench/` counts what this adds to it.

use super::histogram::Histogram;
use kernel::time::{
    Instant,
    Monotonic, //
};

/// Does something once, and adds to `histogram` how long it took, by the clock: what the clock itself
/// takes is part of it.
#[inline(always)]
pub(crate) fn sample<R, C>(histogram: &mut Histogram<C>, operation: impl FnOnce() -> R) -> R
where
    C: AsRef<[u64]> + AsMut<[u64]>,
{
    let before = Instant::<Monotonic>::now();
    let result = operation();
    let elapsed = before.elapsed();
    // CAST: The clock does not go back.
    histogram.add(elapsed.as_nanos() as u64);
    result
}

/// The same for what may fail: only what succeeds is added.
#[inline(always)]
pub(crate) fn sample_success<T, E, C>(
    histogram: &mut Histogram<C>,
    operation: impl FnOnce() -> Result<T, E>,
) -> Result<T, E>
where
    C: AsRef<[u64]> + AsMut<[u64]>,
{
    let before = Instant::<Monotonic>::now();
    let result = operation();
    let elapsed = before.elapsed();
    if result.is_ok() {
        // CAST: The clock does not go back.
        histogram.add(elapsed.as_nanos() as u64);
    }
    result
}
