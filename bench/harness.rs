// SPDX-License-Identifier: GPL-2.0

//! Times paths, all of them alike.
//!
//! - A batch is far shorter than a timer tick, and the minimum of many counts: it is one that
//!   nothing interrupted. Interrupts stay on, since a `GFP_KERNEL` allocation may sleep.
//! - The same number of rounds of an empty loop is timed beside it, with the same clock. The
//!   difference is what the rounds cost; who reads the log takes it.
//! - What is free is the same for all, and as far as may be in all boots: see `state.h`.
//! - The paths of an operation take turns, so that they meet the allocator in the same state.

use crate::{
    c_paths,
    operations::Operation,
    path::{
        self,
        Path, //
    },
    state::State,
};
use core::borrow::Borrow;
use kernel::{
    prelude::*,
    time::{
        delay::fsleep,
        Delta,
        Instant,
        Monotonic, //
    },
};

/// More rounds than this do not make a figure finer.
const MAX_ROUNDS: i64 = 256;

/// From how many single rounds the number of rounds is worked out.
const TRIALS: usize = 10;

/// How long batches are, and how many.
pub(crate) struct Clock {
    batch_ns: i64,
    batches: usize,
}

/// A path under test, and its times.
struct Candidate {
    via: &'static str,
    path: Path,
    empty: Path,
    /// Of batches, in ascending order.
    times_ns: KVec<i64>,
    empty_ns: i64,
}

impl Clock {
    /// Kernels before 7.3 give references to parameters.
    ///
    /// # Errors
    ///
    /// `EINVAL` for no time or no batches at all.
    pub(crate) fn new(batch_ns: impl Borrow<u32>, batches: impl Borrow<u32>) -> Result<Self> {
        let (batch_ns, batches) = (*batch_ns.borrow(), *batches.borrow());
        if batch_ns == 0 || batches == 0 {
            return Err(EINVAL);
        }
        Ok(Self {
            batch_ns: batch_ns.into(),
            batches: batches.try_into()?,
        })
    }

    /// Times all paths of an operation, and logs a line for each.
    ///
    /// # Errors
    ///
    /// What a path returned.
    pub(crate) fn measure(&self, operation: &Operation) -> Result {
        let c = c_paths::find(operation).ok_or(ENOENT)?;
        // vmalloc costs another amount each time: fewer rounds in more batches find the least.
        let (max_rounds, batches) = match operation.maps() {
            true => (4, self.batches * 5),
            false => (MAX_ROUNDS, self.batches),
        };
        let mut state = State::hold(operation.size_bytes)?;
        let mut candidates = KVec::with_capacity(3, GFP_KERNEL)?;
        for (via, path, empty) in [
            ("c", c, c_paths::EMPTY),
            ("library", operation.library, path::empty),
            ("kernel", operation.kernel_crate, path::empty),
        ] {
            // The first time fills the allocator's caches.
            match time_ns(path, 1, operation.amount) {
                // The kernel crate does not have all, and not the same in each release.
                Err(error) if error == path::NOT_THERE && via == "kernel" => {
                    pr_info!("{operation} via={via} not_there\n");
                    continue;
                }
                result => result?,
            };
            candidates.push(
                Candidate {
                    via,
                    path,
                    empty,
                    times_ns: KVec::with_capacity(batches, GFP_KERNEL)?,
                    empty_ns: i64::MAX,
                },
                GFP_KERNEL,
            )?;
        }

        let mut round_ns = i64::MAX;
        for _ in 0..TRIALS {
            round_ns = round_ns.min(time_ns(c, 1, operation.amount)?.max(1));
        }
        // CAST: It is in `1..=max_rounds`.
        let rounds = (self.batch_ns / round_ns).clamp(1, max_rounds) as usize;
        for _ in 0..batches {
            if operation.maps() {
                state.map_one();
            }
            for candidate in &mut candidates {
                candidate.time(&state, rounds, operation.amount)?;
            }
            // Lets the tick, and whoever waits, come between batches.
            fsleep(Delta::from_micros(1));
        }
        for candidate in &candidates {
            candidate.report(operation, rounds);
        }
        Ok(())
    }
}

impl Candidate {
    /// Times one batch, and the empty loop.
    fn time(&mut self, state: &State, rounds: usize, amount: usize) -> Result {
        state.settle();
        let time_ns = time_ns(self.path, rounds, amount)?;
        let rank = self
            .times_ns
            .partition_point(|other_ns| *other_ns < time_ns);
        // There is room for as many as there are batches.
        if self.times_ns.insert_within_capacity(rank, time_ns).is_err() {
            return Err(EOVERFLOW);
        }
        self.empty_ns = self
            .empty_ns
            .min(self::time_ns(self.empty, rounds, amount)?);
        Ok(())
    }

    /// Logs the outcome: nanoseconds of whole batches, since there are no fractions here. `high_ns`
    /// is what nine in ten batches stayed below.
    fn report(&self, operation: &Operation, rounds: usize) {
        let at = |percent: usize| {
            let index = self.times_ns.len() * percent / 100;
            self.times_ns.get(index).copied().unwrap_or(0)
        };
        let (min_ns, median_ns, high_ns) = (at(0), at(50), at(90));
        let Self { via, empty_ns, .. } = self;
        pr_info!(
            "{operation} via={via} rounds={rounds} \
             min_ns={min_ns} median_ns={median_ns} high_ns={high_ns} empty_ns={empty_ns}\n"
        );
    }
}

/// How long `rounds` rounds of a path take.
#[inline(never)]
fn time_ns(path: Path, rounds: usize, amount: usize) -> Result<i64> {
    let start = Instant::<Monotonic>::now();
    // SAFETY: A path keeps to memory of its own.
    let status = unsafe { path(rounds, amount) };
    let time = start.elapsed();
    kernel::error::to_result(status)?;
    Ok(time.as_nanos())
}
