// SPDX-License-Identifier: GPL-2.0

//! One run of a scenario: its limits, its allocations, its answer.

use super::{
    command::allocators::Allocator,
    ledger::{
        Ledger,
        OverLimit,
        Receipt, //
    },
    memory::{
        Memory,
        Request, //
    },
    output::recorder::Recorder,
    settings::{
        Addresses,
        Settings, //
    },
};
use crate::platform::task;
use core::fmt;
use kernel::{
    prelude::*,
    time::{
        Delta,
        Instant,
        Monotonic, //
    },
};
use memalloc::{
    Node,
    Reason,
    Refusal, //
};

/// Why a run ended before it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A signal came.
    Cancelled,
    /// The time was up.
    TimedOut,
    /// There was no memory, or no room, for the answer itself.
    AnswerFailed,
    /// The run could not have the memory that it is about.
    Unmet(Unmet),
    /// Memory did not hold what was written to it, at this offset.
    Corrupt { offset_bytes: usize },
}

impl Stop {
    /// A word for it, for programs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timeout",
            Self::AnswerFailed => "answer_failed",
            Self::Unmet(_) => "unmet",
            Self::Corrupt { .. } => "corrupt",
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("cancelled by a signal"),
            Self::TimedOut => f.write_str("out of time (module parameter timeout_ms)"),
            Self::AnswerFailed => f.write_str("no memory, or no room, for the answer"),
            Self::Unmet(unmet) => unmet.fmt(f),
            Self::Corrupt { offset_bytes } => {
                write!(f, "byte {offset_bytes} did not hold what was written to it")
            }
        }
    }
}

/// The one place that turns the end of a run into an errno.
///
/// Never `EINTR` or a restart code: shells and libraries repeat such a write, and the run with it.
impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Cancelled => ECANCELED,
            Stop::TimedOut => ETIMEDOUT,
            Stop::AnswerFailed => ENOMEM,
            Stop::Unmet(unmet) => match unmet.why {
                Why::OutOfMemory => ENOMEM,
                Why::Refused(_) => ERANGE,
                // The limit is this module's, and not that of the kernel.
                Why::OverLimit(_) => EDQUOT,
            },
            Stop::Corrupt { .. } => EIO,
        }
    }
}

impl From<fmt::Error> for Stop {
    fn from(_: fmt::Error) -> Self {
        Self::AnswerFailed
    }
}

impl From<kernel::alloc::AllocError> for Stop {
    fn from(_: kernel::alloc::AllocError) -> Self {
        Self::AnswerFailed
    }
}

/// A request that was not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unmet {
    allocator: Allocator,
    size_bytes: usize,
    pub(crate) why: Why,
}

/// Why a request was not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It can never be met.
    Refused(Refusal),
    /// The kernel had no memory.
    OutOfMemory,
    /// A limit of the laboratory does not allow it.
    OverLimit(OverLimit),
}

impl Unmet {
    /// `request` was not met.
    pub(crate) fn new(request: &Request, why: Why) -> Self {
        Self {
            allocator: request.allocator,
            size_bytes: request.size_bytes,
            why,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::OutOfMemory => f.write_str("the kernel had no memory"),
            Self::OverLimit(over) => over.fmt(f),
        }
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            allocator,
            size_bytes,
            why,
        } = self;
        write!(f, "allocator={} size={size_bytes}: {why}", allocator.name())
    }
}

/// A live allocation that is in the books.
pub(crate) struct Live<'ledger> {
    // Fields are dropped in this order: first the memory, then its entry in the books.
    pub(crate) memory: Memory,
    _receipt: Receipt<'ledger>,
}

/// A live allocation, and how long it took.
pub(crate) struct Timed<'ledger> {
    pub(crate) live: Live<'ledger>,
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
    ledger: &'lab Ledger,
    started: Instant<Monotonic>,
    timeout: Delta,
    clock: Clock,
    allocations: u64,
}

impl<'lab> Run<'lab> {
    /// Starts the clock.
    pub(crate) fn start(
        ledger: &'lab Ledger,
        answer: Recorder,
        settings: &Settings,
        node: Node,
    ) -> Self {
        Self {
            answer,
            node,
            addresses: settings.addresses,
            ledger,
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

    /// Asks the kernel for memory within the budget, and books it.
    ///
    /// # Errors
    ///
    /// [`Stop::Unmet`], or [`Stop::Cancelled`] if a signal made the kernel give up.
    pub(crate) fn allocate(&mut self, request: &Request) -> Result<Timed<'lab>, Stop> {
        let unmet = |why| Stop::Unmet(Unmet::new(request, why));
        let charge = self
            .ledger
            .charge(request.allocator, request.charge_bytes())
            .map_err(|over| unmet(Why::OverLimit(over)))?;
        let before = Instant::<Monotonic>::now();
        let outcome = request.allocate();
        let elapsed_ns = self.clock.since(before);
        match outcome {
            Ok(memory) => {
                self.allocations += 1;
                Ok(Timed {
                    live: Live {
                        memory,
                        _receipt: charge.allocated(),
                    },
                    elapsed_ns,
                })
            }
            Err(Reason::Refused(refusal)) => Err(unmet(Why::Refused(refusal))),
            // vmalloc gives up when the task is to die (`vm_area_alloc_pages()`, mm/vmalloc.c).
            Err(Reason::OutOfMemory) if task::signal_pending() => Err(Stop::Cancelled),
            Err(Reason::OutOfMemory) => {
                charge.failed();
                Err(unmet(Why::OutOfMemory))
            }
        }
    }

    /// Frees memory, and says how long that took.
    pub(crate) fn free(&self, live: Live<'_>) -> u64 {
        let Live { memory, _receipt } = live;
        let before = Instant::<Monotonic>::now();
        drop(memory);
        self.clock.since(before)
    }
}

/// A clock that knows what it costs to look at it.
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
