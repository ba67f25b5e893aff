// SPDX-License-Identifier: GPL-2.0

//! How far a run has come, for others to read while it is under way.

use core::fmt;
use kernel::{
    new_mutex,
    prelude::*,
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        Mutex,
    },
    time::{
        Instant,
        Monotonic, //
    },
};

/// The run that is under way.
#[derive(Clone, Copy)]
struct Current {
    run_id: u64,
    scenario: &'static str,
    started: Instant<Monotonic>,
}

/// How far the run has come that is under way.
#[pin_data]
pub(crate) struct Progress {
    #[pin]
    current: Mutex<Option<Current>>,
    done: Atomic<u64>,
    total: Atomic<u64>,
}

impl Progress {
    /// No run is under way.
    pub(super) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            current <- new_mutex!(None, "Progress::current"),
            done: Atomic::new(0),
            total: Atomic::new(0),
        })
    }

    /// A run begins.
    pub(super) fn begin(&self, run_id: u64, scenario: &'static str) {
        let mut current = self.current.lock();
        // Under the lock, as they are read: else one run would be shown with the numbers of the next.
        self.done.store(0, Relaxed);
        self.total.store(0, Relaxed);
        *current = Some(Current {
            run_id,
            scenario,
            started: Instant::now(),
        });
    }

    /// The run is over.
    pub(super) fn end(&self) {
        *self.current.lock() = None;
    }

    /// The run will have this many steps in all.
    pub(super) fn expect(&self, total: u64) {
        self.total.store(total, Relaxed);
    }

    /// A step is done. One run is under way at a time, and only it calls this.
    pub(super) fn advance(&self) {
        self.done.store(self.done.load(Relaxed) + 1, Relaxed);
    }

    /// Writes one fact a line.
    pub(super) fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let (current, done, total) = {
            let current = self.current.lock();
            (*current, self.done.load(Relaxed), self.total.load(Relaxed))
        };
        let Some(current) = current else {
            return writeln!(to, "idle");
        };
        writeln!(to, "run {}", current.run_id)?;
        writeln!(to, "scenario {}", current.scenario)?;
        writeln!(to, "done {done}")?;
        writeln!(to, "total {total}")?;
        writeln!(to, "elapsed_ms {}", current.started.elapsed().as_millis())
    }
}
