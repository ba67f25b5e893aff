// SPDX-License-Identifier: GPL-2.0

//! Why a run ends early, and what a request is refused for.

use super::{
    command::allocators::Allocator,
    ledger::OverLimit,
    memory::Request, //
};
use crate::platform::errno;
use core::fmt;
use kernel::prelude::*;
use memalloc::{
    machine_memory_bytes,
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
    /// There was no memory for threads, or somebody kills the task that waits for them.
    NoThreads,
    /// The run could not have the memory that it is about.
    Unmet(Unmet),
    /// A limit of the laboratory does not allow what a scenario would own at a time.
    OverLimit {
        allocator: Allocator,
        over: OverLimit,
    },
    /// Memory did not hold what was written to it, at this offset.
    Corrupt { offset_bytes: usize },
}

impl Stop {
    /// The kernel had no memory for `request`.
    pub(crate) fn out_of_memory(request: &Request) -> Self {
        Self::Unmet(Unmet::new(request, Why::OutOfMemory))
    }

    /// A word for it, for programs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timeout",
            Self::AnswerFailed => "answer_failed",
            Self::NoThreads => "no_threads",
            Self::Unmet(_) | Self::OverLimit { .. } => "unmet",
            Self::Corrupt { .. } => "corrupt",
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("cancelled by a signal"),
            Self::TimedOut => f.write_str("out of time (module parameter timeout_ms)"),
            Self::AnswerFailed => {
                f.write_str("no memory for what the run itself needs, or no room for the answer")
            }
            Self::NoThreads => f.write_str("the kernel gave no threads"),
            Self::Unmet(unmet) => unmet.fmt(f),
            Self::OverLimit { allocator, over } => write!(
                f,
                "allocator={}: all that is there at a time {over}; ask for less",
                allocator.name()
            ),
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
            Stop::Cancelled => errno::canceled(),
            Stop::TimedOut => ETIMEDOUT,
            Stop::AnswerFailed | Stop::NoThreads => ENOMEM,
            Stop::Unmet(unmet) => match unmet.why {
                Why::OutOfMemory => ENOMEM,
                Why::Refused(_) => ERANGE,
                // The limit is this module's, and not that of the kernel.
                Why::OverLimit(_) => errno::over_quota(),
            },
            Stop::OverLimit { .. } => errno::over_quota(),
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

    /// Whether a limit of the laboratory did not allow it, which says nothing about the kernel.
    pub(crate) const fn is_over_limit(&self) -> bool {
        matches!(self.why, Why::OverLimit(_))
    }
}

impl Why {
    /// Why nothing was asked for, in the words of a table's last column.
    pub(crate) fn as_outcome(&self) -> impl fmt::Display + use<'_> {
        struct Outcome<'a>(&'a Why);
        impl fmt::Display for Outcome<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.0 {
                    Why::OutOfMemory => f.write_str("no memory"),
                    why => write!(f, "refused: {why}"),
                }
            }
        }
        Outcome(self)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The other limits are constants, which no machine has as its memory.
            Self::Refused(refusal @ Refusal::TooLarge { max_bytes, .. })
                if *max_bytes == machine_memory_bytes() =>
            {
                write!(f, "{refusal}, the machine's memory")
            }
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
