// SPDX-License-Identifier: GPL-2.0

//! What the laboratory has beside an operation that it times: its own code, around nothing.

#[allow(dead_code)] // What the laboratory reads of a histogram.
#[path = "../lab/timing/histogram/mod.rs"]
mod histogram;
#[allow(dead_code)] // What is for operations that may fail.
#[path = "../lab/timing/sampler.rs"]
mod sampler;

use crate::path::{
    barrier,
    repeat, //
};
use core::cell::UnsafeCell;
use histogram::{
    Histogram,
    BUCKETS, //
};
use kernel::ffi::c_int;

/// The counts of a histogram, which only one path uses.
struct Counts(UnsafeCell<[u64; BUCKETS]>);

// SAFETY: Nobody looks inside but `sample`, and paths run one after the other.
unsafe impl Sync for Counts {}

static COUNTS: Counts = Counts(UnsafeCell::new([0; BUCKETS]));

/// A look at the clock, nothing, another look, and a count.
pub(crate) extern "C" fn sample(rounds: usize, _amount: usize) -> c_int {
    // SAFETY: Paths run one after the other, and no other path uses the counts.
    let counts: &mut [u64] = unsafe { &mut *COUNTS.0.get() };
    let mut histogram = Histogram::new(counts);
    repeat(rounds, || {
        sampler::sample(&mut histogram, || barrier(()));
        Ok(())
    })
}
