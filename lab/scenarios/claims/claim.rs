// SPDX-License-Identifier: GPL-2.0

//! What a claim is, and what became of it.

use crate::lab::{
    output::text::Text,
    run::Run,
    stop::Stop, //
};
use core::fmt::{
    self,
    Write, //
};

/// A statement about the kernel's allocators that can be measured.
pub(super) struct Claim {
    /// The word for it. It is kept: tests and people refer to it.
    pub(super) id: &'static str,
    /// Who says so.
    pub(super) guide: Guide,
    /// The statement, in our words.
    pub(super) text: &'static str,
    /// Measures it.
    pub(super) check: fn(&mut Run<'_>) -> Result<Finding, Stop>,
}

/// The two documents that this project is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guide {
    /// The chapter of a driver developer's guide on memory allocators.
    Driver,
    /// The comparison of kmalloc, vmalloc and malloc.
    Comparison,
    /// Both say so.
    Both,
}

impl Guide {
    /// A name for it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Driver => "driver guide",
            Self::Comparison => "comparison guide",
            Self::Both => "both guides",
        }
    }
}

/// Whether a claim is right here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// What was measured is as the claim says.
    Holds,
    /// What was measured is not as the claim says.
    DoesNotHold,
    /// It is right or wrong depending on this.
    Depends(&'static str),
    /// The kernel, or a limit of the laboratory, did not let it be measured now.
    NotMeasured,
}

impl Verdict {
    /// Right if `holds`, wrong if not.
    pub(super) const fn whether(holds: bool) -> Self {
        match holds {
            true => Self::Holds,
            false => Self::DoesNotHold,
        }
    }

    /// The words for it, for people.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does not hold here",
            Self::Depends(_) => "depends",
            Self::NotMeasured => "not measured",
        }
    }

    /// The word for it, for programs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does_not_hold",
            Self::Depends(_) => "depends",
            Self::NotMeasured => "not_measured",
        }
    }
}

/// What was found out about a claim.
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    measured: Text,
}

impl Finding {
    /// A verdict, and what was measured.
    pub(super) fn new(verdict: Verdict, measured: fmt::Arguments<'_>) -> Result<Self, Stop> {
        let mut text = Text::new();
        text.write_fmt(measured)?;
        Ok(Self {
            verdict,
            measured: text,
        })
    }

    /// The claim is right here if `holds`, and wrong if not.
    pub(super) fn whether(holds: bool, measured: fmt::Arguments<'_>) -> Result<Self, Stop> {
        Self::new(Verdict::whether(holds), measured)
    }

    /// What was measured.
    pub(super) fn measured(&self) -> &str {
        core::str::from_utf8(self.measured.as_bytes()).unwrap_or_default()
    }
}
