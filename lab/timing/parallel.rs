// SPDX-License-Identifier: GPL-2.0

//! One series on several CPUs at once, each on a thread that is pinned there.

use super::{
    super::{
        command::words::Pattern,
        run::Run,
        stop::Stop, //
    },
    operation::Operation,
    patterns::{
        Halt,
        Series, //
    },
    plan::{
        CheckedSizes,
        Shape, //
    },
    random::Random,
    recording::Watch,
    shares::{
        self,
        PerWorker,
        Shares, //
    },
    slots::{
        FreeSequence,
        Slots, //
    },
};
use crate::platform::{
    cpu::Cpu,
    threads::{
        self,
        ToldToStop,
        Worker, //
    },
};
use kernel::{
    prelude::*,
    time::{
        Instant,
        Monotonic, //
    },
};

impl From<ToldToStop> for Halt {
    /// By a signal, or by a worker that tells the reason itself.
    fn from(_: ToldToStop) -> Self {
        Self::Stop(Stop::Cancelled)
    }
}

/// Runs the series on each of `cpus`.
///
/// # Errors
///
/// What the threads could not be made for, or what there was no memory for. How the series ended,
/// the shares tell.
pub(crate) fn run<O: Operation>(
    run: &Run<'_>,
    operation: O,
    shape: &Shape,
    sizes: &CheckedSizes<O>,
    seed: u64,
    cpus: &[Cpu],
) -> Result<Shares, Stop> {
    let shares = Shares::new(cpus.len())?;
    let mut handed_on = KVec::new();
    if shape.pattern == Pattern::Remote {
        for _ in cpus {
            shares::push(&mut handed_on, Slots::new(shape.held_in(shape.operations))?)?;
        }
    }
    threads::run_on(cpus, |worker| {
        let Some(share) = shares.get(worker.index) else {
            return;
        };
        let mut share = share.lock();
        let go_on = || match worker.is_told_to_stop() {
            true => Err(Stop::Cancelled),
            false => run.checkpoint(),
        };
        let mut series = Series {
            operation,
            shape,
            sizes: sizes.cursor(),
            random: Random::new(seed.wrapping_add(worker.index as u64)),
            recording: &mut share.recording,
            watch: Watch::new(&go_on),
        };
        match work(worker, &mut series, &handed_on) {
            Ok(elapsed_ns) => share.elapsed_ns = elapsed_ns,
            Err(halt) => {
                worker.tell_all_to_stop();
                share.ended = Err(halt);
            }
        }
    })
    .map_err(|_| Stop::NoThreads)?;
    Ok(shares)
}

/// What one worker does; returns how long what counts has taken, in nanoseconds.
#[inline(never)]
fn work<O: Operation>(
    worker: &Worker<'_>,
    series: &mut Series<'_, O>,
    handed_on: &PerWorker<Slots<O::Memory>>,
) -> Result<u64, Halt> {
    let pattern = |series: &mut Series<'_, O>, operations| match series.shape.pattern {
        Pattern::Remote => remote(worker, series, handed_on, operations),
        _ => series.alone(operations),
    };
    series.warm_up(pattern)?;
    worker.meet()?;
    let started = Instant::<Monotonic>::now();
    series.count(pattern)?;
    Ok(u64::try_from(started.elapsed().as_nanos()).unwrap_or(0))
}

/// Allocates for the worker before, and frees what the worker after allocated.
fn remote<O: Operation>(
    worker: &Worker<'_>,
    series: &mut Series<'_, O>,
    handed_on: &PerWorker<Slots<O::Memory>>,
    operations: u64,
) -> Result<(), Halt> {
    let workers = handed_on.len().max(1);
    let mine = handed_on.get(worker.index);
    let other = handed_on.get((worker.index + 1) % workers);
    let (Some(mine), Some(other)) = (mine, other) else {
        return Ok(());
    };
    let held = series.shape.held_in(series.shape.operations);
    let mut order = FreeSequence::new(series.shape.free_order, held)?;
    for _ in 0..operations.div_ceil(held) {
        series.fill(&mut mine.lock())?;
        worker.meet()?;
        series.empty(&mut other.lock(), &mut order)?;
        worker.meet()?;
    }
    Ok(())
}
