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
    recording::{
        Recording,
        Watch, //
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
    new_mutex,
    prelude::*,
    sync::Mutex,
    time::{
        Instant,
        Monotonic, //
    },
};

/// What one CPU did.
pub(crate) struct Share {
    pub(crate) recording: Recording,
    /// From the common start on.
    pub(crate) elapsed_ns: u64,
    ended: Result<(), Halt>,
}

/// Something for each worker.
type PerWorker<T> = KVec<Pin<KBox<Mutex<T>>>>;

/// A series on several CPUs.
pub(crate) struct Parallel<O: Operation> {
    shares: PerWorker<Share>,
    /// What each worker allocated for another, in the pattern `remote`.
    handed_on: PerWorker<Slots<O::Memory>>,
}

impl From<ToldToStop> for Halt {
    /// By a signal, or by a worker that tells the reason itself.
    fn from(_: ToldToStop) -> Self {
        Self::Stop(Stop::Cancelled)
    }
}

impl<O: Operation> Parallel<O> {
    /// Room for what `workers` workers will find out.
    pub(crate) fn new(workers: usize, shape: &Shape) -> Result<Self, Stop> {
        let mut shares = KVec::new();
        let mut handed_on = KVec::new();
        for _ in 0..workers {
            let share = Share {
                recording: Recording::new()?,
                elapsed_ns: 0,
                ended: Ok(()),
            };
            let share = KBox::pin_init(new_mutex!(share, "Parallel::shares"), GFP_KERNEL);
            shares.push(share.map_err(|_| Stop::AnswerFailed)?, GFP_KERNEL)?;
            if shape.pattern == Pattern::Remote {
                let slots = Slots::new(shape.held.min(shape.operations))?;
                let slots = KBox::pin_init(new_mutex!(slots, "Parallel::handed_on"), GFP_KERNEL);
                handed_on.push(slots.map_err(|_| Stop::AnswerFailed)?, GFP_KERNEL)?;
            }
        }
        Ok(Self { shares, handed_on })
    }

    /// Runs the series on each of `cpus`, which are as many as there are workers.
    ///
    /// # Errors
    ///
    /// What ended the first worker that did not come to its end.
    pub(crate) fn run(
        &mut self,
        run: &Run<'_>,
        operation: O,
        shape: &Shape,
        sizes: &CheckedSizes<O>,
        seed: u64,
        cpus: &[Cpu],
    ) -> Result<(), Halt> {
        threads::run_on(cpus, |worker| {
            let Some(share) = self.shares.get(worker.index) else {
                return;
            };
            let mut share = share.lock();
            let Share { recording, .. } = &mut *share;
            let go_on = || match worker.is_told_to_stop() {
                true => Err(Stop::Cancelled),
                false => run.checkpoint(),
            };
            let mut series = Series {
                operation,
                shape,
                sizes: sizes.cursor(),
                random: Random::new(seed.wrapping_add(worker.index as u64)),
                recording,
                watch: Watch::new(&go_on),
            };
            let ended = self.work(worker, &mut series);
            if ended.is_err() {
                worker.tell_all_to_stop();
            }
            match ended {
                Ok(elapsed_ns) => share.elapsed_ns = elapsed_ns,
                Err(halt) => share.ended = Err(halt),
            }
        })
        .map_err(|_| Halt::Stop(Stop::NoThreads))?;
        self.ended()
    }

    /// What one worker does; returns how long what counts has taken, in nanoseconds.
    fn work(&self, worker: &Worker<'_>, series: &mut Series<'_, O>) -> Result<u64, Halt> {
        let pattern = |series: &mut Series<'_, O>, operations| match series.shape.pattern {
            Pattern::Remote => self.remote(worker, series, operations),
            _ => series.alone(operations),
        };
        series.warm_up(pattern)?;
        worker.meet()?;
        let started = Instant::<Monotonic>::now();
        series.count(pattern)?;
        Ok(u64::try_from(started.elapsed().as_nanos()).unwrap_or(0))
    }

    /// Allocates for the worker before, and frees what the worker after allocated.
    fn remote(
        &self,
        worker: &Worker<'_>,
        series: &mut Series<'_, O>,
        operations: u64,
    ) -> Result<(), Halt> {
        let workers = self.handed_on.len().max(1);
        let mine = self.handed_on.get(worker.index);
        let other = self.handed_on.get((worker.index + 1) % workers);
        let (Some(mine), Some(other)) = (mine, other) else {
            return Ok(());
        };
        let held = series.shape.held.min(series.shape.operations);
        let mut order = FreeSequence::new(series.shape.free_order, held)?;
        for _ in 0..operations.div_ceil(held) {
            series.fill(&mut mine.lock())?;
            worker.meet()?;
            series.empty(&mut other.lock(), &mut order)?;
            worker.meet()?;
        }
        Ok(())
    }

    /// How the series ended. A worker that was told to stop has less to say than the one that made
    /// it stop.
    fn ended(&self) -> Result<(), Halt> {
        let mut ended = Ok(());
        for share in &self.shares {
            match share.lock().ended {
                Ok(()) => {}
                Err(Halt::Stop(Stop::Cancelled)) if ended.is_err() => {}
                halted => ended = halted,
            }
        }
        ended
    }

    /// Looks at what each CPU did.
    pub(crate) fn for_each(
        &self,
        mut look: impl FnMut(usize, &Share) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        for (index, share) in self.shares.iter().enumerate() {
            look(index, &share.lock())?;
        }
        Ok(())
    }
}
