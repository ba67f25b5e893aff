// SPDX-License-Identifier: GPL-2.0

//! One run of a scenario: its limits, its allocations, its answer.

use super::{
    booked::{
        self,
        Live, //
    },
    command::allocators::Allocator,
    ledger::{
        Ledger,
        OverLimit,
        Purpose,
        Receipt,
        Reservation, //
    },
    memory::Request,
    output::recorder::Recorder,
    progress::Progress,
    settings::{
        Addresses,
        Settings, //
    },
    stop::{
        Stop,
        Unmet,
        Why, //
    },
};
use crate::platform::task;
use kernel::{
    sync::Arc,
    time::{
        Delta,
        Instant,
        Monotonic, //
    },
};
use memalloc::{
    Node,
    Reason, //
};

/// A live allocation, and how long it took.
pub(crate) struct Timed {
    pub(crate) live: Live,
    pub(crate) elapsed_ns: u64,
}

/// A run under way.
pub(crate) struct Run<'lab> {
    /// Where the answer is written.
    pub(crate) answer: Recorder,
    /// The NUMA node to ask for memory.
    pub(crate) node: Node,
    /// Whether raw addresses may be written.
    pub(crate) addresses: Addresses,
    ledger: &'lab Arc<Ledger>,
    progress: &'lab Progress,
    started: Instant<Monotonic>,
    timeout: Delta,
    clock: Clock,
    allocations: u64,
}

impl<'lab> Run<'lab> {
    /// Starts the clock.
    pub(crate) fn start(
        ledger: &'lab Arc<Ledger>,
        progress: &'lab Progress,
        answer: Recorder,
        settings: &Settings,
        node: Node,
    ) -> Self {
        Self {
            answer,
            node,
            addresses: settings.addresses,
            ledger,
            progress,
            started: Instant::now(),
            timeout: Delta::from_millis(i64::try_from(settings.timeout_ms).unwrap_or(i64::MAX)),
            clock: Clock::calibrated(),
            allocations: 0,
        }
    }

    /// How long the run has taken so far.
    pub(crate) fn elapsed_ns(&self) -> u64 {
        nanoseconds(self.started.elapsed())
    }

    /// How many allocations were made so far.
    pub(crate) fn allocations(&self) -> u64 {
        self.allocations
    }

    /// The budget for all live allocations together.
    pub(crate) fn max_live_bytes(&self) -> u64 {
        self.ledger.max_live_bytes()
    }

    /// Says how many steps the run will have.
    pub(crate) fn expect_steps(&self, total: u64) {
        self.progress.expect(total);
    }

    /// Says that a step is done.
    pub(crate) fn step_done(&self) {
        self.progress.advance();
    }

    /// Gives way to other tasks, and looks whether the run is to end. Every loop calls it.
    pub(crate) fn checkpoint(&self) -> Result<(), Stop> {
        task::yield_if_needed();
        if task::signal_pending() {
            return Err(Stop::Cancelled);
        }
        if self.started.elapsed() >= self.timeout {
            return Err(Stop::TimedOut);
        }
        Ok(())
    }

    /// Books memory that the scenario owns itself, of this many bytes at most, until the receipt is
    /// dropped.
    ///
    /// # Errors
    ///
    /// [`Stop::OverLimit`].
    pub(crate) fn book(
        &mut self,
        allocator: Allocator,
        charge_bytes: u64,
    ) -> Result<Receipt, Stop> {
        let charge = self
            .ledger
            .charge(Purpose::Run, allocator, charge_bytes)
            .map_err(|over| Stop::OverLimit { allocator, over })?;
        self.allocations += 1;
        Ok(charge.allocated())
    }

    /// Books memory that the scenario allocates and frees many times, of this many bytes at most at
    /// a time, until the reservation is dropped.
    ///
    /// # Errors
    ///
    /// [`OverLimit`].
    pub(crate) fn reserve(
        &self,
        allocator: Allocator,
        charge_bytes: u64,
    ) -> Result<Reservation, OverLimit> {
        let charge = self.ledger.charge(Purpose::Run, allocator, charge_bytes)?;
        Ok(charge.reserved())
    }

    /// Books that this many allocations were made within a reservation, and freed.
    pub(crate) fn turned_over(&mut self, reservation: &Reservation, allocations: u64) {
        reservation.turned_over(allocations);
        self.allocations += allocations;
    }

    /// Asks the kernel for memory within the budget, and books it.
    ///
    /// # Errors
    ///
    /// [`Stop::Unmet`], or [`Stop::Cancelled`] if a signal made the kernel give up.
    pub(crate) fn allocate(&mut self, request: &Request) -> Result<Timed, Stop> {
        let clock = self.clock;
        let ((memory, elapsed_ns), receipt) = self.ask_within_budget(request, || {
            let before = Instant::<Monotonic>::now();
            let outcome = request.allocate();
            let elapsed_ns = clock.since(before);
            outcome.map(|memory| (memory, elapsed_ns))
        })?;
        Ok(Timed {
            live: Live::new(memory, receipt),
            elapsed_ns,
        })
    }

    /// The same where the run goes on if the request is not met.
    pub(crate) fn try_allocate(&mut self, request: &Request) -> Result<Result<Timed, Unmet>, Stop> {
        match self.allocate(request) {
            Ok(timed) => Ok(Ok(timed)),
            Err(Stop::Unmet(unmet)) => Ok(Err(unmet)),
            Err(stop) => Err(stop),
        }
    }

    /// The same where the run goes on if the request can never be met: then there is nothing. That there
    /// is no memory now, or that a limit of the laboratory does not allow it, is no such refusal.
    pub(crate) fn allocate_unless_refused(
        &mut self,
        request: &Request,
    ) -> Result<Option<Timed>, Stop> {
        match self.try_allocate(request)? {
            Ok(timed) => Ok(Some(timed)),
            Err(unmet) if matches!(unmet.why, Why::Refused(_)) => Ok(None),
            Err(unmet) => Err(Stop::Unmet(unmet)),
        }
    }

    /// Lets `ask` allocate what `request` describes, and free it before it returns what it saw; and
    /// books both.
    ///
    /// # Errors
    ///
    /// As [`allocate`](Self::allocate).
    pub(crate) fn allocate_and_free<T>(
        &mut self,
        request: &Request,
        ask: impl FnOnce() -> Result<T, Reason>,
    ) -> Result<T, Stop> {
        self.ask_within_budget(request, ask)
            .map(|(seen, _receipt)| seen)
    }

    fn ask_within_budget<T>(
        &mut self,
        request: &Request,
        ask: impl FnOnce() -> Result<T, Reason>,
    ) -> Result<(T, Receipt), Stop> {
        let booked = booked::allocate(self.ledger, Purpose::Run, request, ask)?;
        self.allocations += 1;
        Ok(booked)
    }

    /// Frees memory, and says how long that took.
    pub(crate) fn free(&self, live: Live) -> u64 {
        let (memory, _receipt) = live.into_parts();
        let before = Instant::<Monotonic>::now();
        drop(memory);
        self.clock.since(before)
    }
}

/// A clock that knows what it costs to look at it.
#[derive(Clone, Copy)]
struct Clock {
    cost_ns: u64,
}

impl Clock {
    /// Measures the cost: the least of several looks.
    fn calibrated() -> Self {
        let cost_ns = (0..64)
            .map(|_| nanoseconds(Instant::<Monotonic>::now().elapsed()))
            .min();
        Self {
            cost_ns: cost_ns.unwrap_or(0),
        }
    }

    /// The nanoseconds since `start`, less what looking cost.
    fn since(&self, start: Instant<Monotonic>) -> u64 {
        nanoseconds(start.elapsed()).saturating_sub(self.cost_ns)
    }
}

fn nanoseconds(delta: Delta) -> u64 {
    u64::try_from(delta.as_nanos()).unwrap_or(0)
}
