// SPDX-License-Identifier: GPL-2.0

//! From the words for flags to the library's types.

use super::command::flags::{
    GfpBase,
    GfpFlags,
    Modifier, //
};
use memalloc::gfp::{
    Gfp,
    MaySleep,
    NonBlocking,
    TakesAccount,
    TakesNoRetry,
    TakesRetryMayFail,
    TakesThisNode, //
};

/// A mask for family `F`, in either context. A failure under it is never reported in the kernel log.
pub(super) enum AnyGfp<F: TakesAccount + TakesRetryMayFail> {
    MaySleep(Gfp<MaySleep, F>),
    NonBlocking(Gfp<NonBlocking, F>),
}

impl<F: TakesAccount + TakesRetryMayFail> AnyGfp<F> {
    /// The base, and the modifiers that every family takes.
    pub(super) fn of(flags: GfpFlags) -> Self {
        let gfp = match flags.base {
            GfpBase::Kernel => Self::MaySleep(Gfp::KERNEL.nowarn()),
            GfpBase::User => Self::MaySleep(Gfp::USER.nowarn()),
            GfpBase::Noio => Self::MaySleep(Gfp::NOIO.nowarn()),
            GfpBase::Nofs => Self::MaySleep(Gfp::NOFS.nowarn()),
            GfpBase::Nowait => Self::NonBlocking(Gfp::NOWAIT.nowarn()),
            GfpBase::Atomic => Self::NonBlocking(Gfp::ATOMIC.nowarn()),
        };
        let gfp = match gfp {
            Self::MaySleep(gfp) if flags.has(Modifier::RetryMayfail) => {
                Self::MaySleep(gfp.retry_mayfail())
            }
            other => other,
        };
        match gfp {
            _ if !flags.has(Modifier::Account) => gfp,
            Self::MaySleep(gfp) => Self::MaySleep(gfp.accounted()),
            Self::NonBlocking(gfp) => Self::NonBlocking(gfp.accounted()),
        }
    }

    /// With `__GFP_THISNODE`, if `flags` have it.
    pub(super) fn thisnode(self, flags: GfpFlags) -> Self
    where
        F: TakesThisNode,
    {
        match self {
            _ if !flags.has(Modifier::Thisnode) => self,
            Self::MaySleep(gfp) => Self::MaySleep(gfp.thisnode()),
            Self::NonBlocking(gfp) => Self::NonBlocking(gfp.thisnode()),
        }
    }

    /// With `__GFP_NORETRY`, if `flags` have it.
    pub(super) fn noretry(self, flags: GfpFlags) -> Self
    where
        F: TakesNoRetry,
    {
        match self {
            Self::MaySleep(gfp) if flags.has(Modifier::Noretry) => Self::MaySleep(gfp.noretry()),
            other => other,
        }
    }
}
