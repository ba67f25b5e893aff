// SPDX-License-Identifier: GPL-2.0

//! Why a series ends before it is done.

use super::{
    super::stop::Stop,
    plan::NoSizes, //
};
use core::fmt;
use memalloc::Reason;

/// Why a series ends before it is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Halt {
    /// The kernel did not give memory.
    Unmet(Reason),
    /// It takes two CPUs.
    OneCpu,
    /// The run is to end.
    Stop(Stop),
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<NoSizes> for Halt {
    fn from(error: NoSizes) -> Self {
        match error {
            NoSizes::Refused(refusal) => Self::Unmet(Reason::Refused(refusal)),
            NoSizes::Stop(stop) => Self::Stop(stop),
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmet(Reason::OutOfMemory) => f.write_str("no memory"),
            Self::Unmet(Reason::Refused(refusal)) => write!(f, "refused: {refusal}"),
            Self::OneCpu => f.write_str("refused: needs 2 CPUs"),
            Self::Stop(stop) => stop.fmt(f),
        }
    }
}
