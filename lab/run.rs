// SPDX-License-Identifier: GPL-2.0

//! One run of a scenario: its limits, its allocations, its answer.

use super::{
    ledger::{
        Ledger,
        OverBudget,
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
            Stop::AnswerFailed | Stop::Unmet(Unmet::No(Reason::OutOfMemory)) => ENOMEM,
            Stop::Unmet(Unmet::No(Reason::Refused(_))) => ERANGE,
            // The limit is this module's, and not that of the machine.
            Stop::Unmet(Unmet::OverBudget(_)) => EDQUOT,
            Stop::Corrupt { .. } => EIO,
        }
    }
}

impl From<fmt::Error> for Stop {
    fn from(_: fmt::Error) -> Self {
        Self::AnswerFailed
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Unmet(Unmet::No(Reason::Refused(refusal)))
    }
}

impl From<kernel::alloc::AllocError> for Stop {
    fn from(_: kernel::alloc::AllocError) -> Self {
        Self::AnswerFailed
    }
}

/// Why a run got no memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmet {
    /// The library or the kernel said no.
    No(Reason),
    /// The budget does not allow it.
    OverBudget(OverBudget),
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No(Reason::Refused(refusal)) => write!(f, "refused: {refusal}"),
            Self::No(Reason::OutOfMemory) => f.write_str("no memory"),
            Self::OverBudget(over) => write!(
                f,
                "over budget: {} bytes; max_live_bytes is {}",
                over.charge_bytes, over.max_live_bytes
            ),
        }
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
    pub(crate) fn allocate(&mut self, request: &Request) -> Result<Timed<'lab>, Unmet> {
        let charge = self
            .ledger
            .charge(request.allocator, request.charge_bytes())
            .map_err(Unmet::OverBudget)?;
        let before = Instant::<Monotonic>::now();
        let outcome = request.allocate();
        let elapsed_ns = nanoseconds(before.elapsed());
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
            Err(reason) => {
                if reason == Reason::OutOfMemory {
                    charge.failed();
                }
                Err(Unmet::No(reason))
            }
        }
    }
}

impl Live<'_> {
    /// Frees the memory, and says how long it took.
    pub(crate) fn free(self) -> u64 {
        let Self { memory, _receipt } = self;
        let before = Instant::<Monotonic>::now();
        drop(memory);
        nanoseconds(before.elapsed())
    }
}

fn nanoseconds(delta: Delta) -> u64 {
    u64::try_from(delta.as_nanos()).unwrap_or(0)
}
