// SPDX-License-Identifier: GPL-2.0

//! One series on several CPUs at once, each on a thread that is pinned there.

use super::{
    super::{
        command::words::Pattern,
        run::Run,
        stop::Stop, //
    },
    halt::Halt,
    operation::Operation,
    patterns::Series,
    plan::{
        CheckedSizes,
        Shape, //
    },
    random::Random,
    recording::Watch,
    shares::{
        Share,
        Shares, //
    },
    slots::Slots,
};
use crate::platform::{
    cpu::Cpu,
    threads::{
        self,
        Worker, //
    },
};
use core::mem;
use kernel::{
    new_mutex,
    prelude::*,
    sync::Mutex,
    time::{
        Instant,
        Monotonic, //
    },
};

/// What each worker has allocated for the one before it, while they meet.
type HandedOn<M> = KVec<Pin<KBox<Mutex<Slots<M>>>>>;

/// Runs the series on each of `cpus`.
///
/// # Errors
///
/// What there was no memory for, or a signal. How the series ended, the shares tell.
pub(crate) fn run<O: Operation>(
    run: &Run<'_>,
    operation: O,
    shape: &Shape,
    sizes: &CheckedSizes<O>,
    seed: u64,
    cpus: &[Cpu],
) -> Result<Shares, Stop> {
    let mut shares = Shares::new(cpus.len())?;
    let mut handed_on: HandedOn<O::Memory> = KVec::new();
    if shape.pattern == Pattern::Remote {
        for _ in cpus {
            let nothing = Slots::new(0)?;
            let slots = KBox::pin_init(new_mutex!(nothing, "HandedOn"), GFP_KERNEL);
            handed_on.push(slots.map_err(|_| Stop::AnswerFailed)?, GFP_KERNEL)?;
        }
    }
    let work = |worker: &Worker<'_>, share: &mut Share| {
        let go_on = || match worker.is_told_to_stop() {
            true => Err(Stop::Cancelled),
            false => run.checkpoint(),
        };
        let random = Random::new(seed.wrapping_add(worker.index as u64));
        let Share { recording, .. } = share;
        let watch = Watch::new(&go_on);
        let series = Series::new(operation, shape, sizes.cursor(), random, recording, watch);
        let ended = series
            .map_err(Halt::Stop)
            .and_then(|mut series| self::work(worker, &mut series, &handed_on));
        match ended {
            Ok(elapsed_ns) => share.elapsed_ns = elapsed_ns,
            Err(halt) => {
                worker.tell_all_to_stop();
                share.ended = Err(halt);
            }
        }
    };
    threads::run_on(cpus, &mut shares.0, work).map_err(|error| match error {
        EINTR => Stop::Cancelled,
        _ => Stop::NoThreads,
    })?;
    Ok(shares)
}

/// What one worker does; returns how long what counts has taken, in nanoseconds.
#[inline(never)]
fn work<O: Operation>(
    worker: &Worker<'_>,
    series: &mut Series<'_, O>,
    handed_on: &HandedOn<O::Memory>,
) -> Result<u64, Halt> {
    let pattern = |series: &mut Series<'_, O>, operations| match series.shape.pattern {
        Pattern::Remote => remote(worker, series, handed_on, operations),
        _ => series.alone(operations),
    };
    series.warm_up(pattern)?;
    worker.meet(|| series.watch.go_on())?;
    let started = Instant::<Monotonic>::now();
    series.count(pattern)?;
    Ok(u64::try_from(started.elapsed().as_nanos()).unwrap_or(0))
}

/// Allocates for the worker before, and frees what the worker after allocated.
fn remote<O: Operation>(
    worker: &Worker<'_>,
    series: &mut Series<'_, O>,
    handed_on: &HandedOn<O::Memory>,
    operations: u64,
) -> Result<(), Halt> {
    let mut left = operations;
    while left > 0 {
        let batch = left.min(series.slots.count());
        series.fill(batch)?;
        exchange(handed_on, worker.index, &mut series.slots);
        worker.meet(|| series.watch.go_on())?;
        exchange(handed_on, worker.next_index(), &mut series.slots);
        series.empty()?;
        worker.meet(|| series.watch.go_on())?;
        left -= batch;
    }
    Ok(())
}

/// Puts the slots where others find them, and takes those that are there: the lock is held for no
/// longer than that.
fn exchange<M>(handed_on: &HandedOn<M>, index: usize, slots: &mut Slots<M>) {
    if let Some(there) = handed_on.get(index) {
        mem::swap(&mut *there.lock(), slots);
    }
}
