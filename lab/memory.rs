// SPDX-License-Identifier: GPL-2.0

//! Memory whose allocator and flags are chosen at run time.

use super::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        flags::{
            GfpBase,
            GfpFlags,
            Modifier, //
        },
    },
    run::Run,
};
use core::mem::MaybeUninit;
use kernel::page::PAGE_SIZE;
use memalloc::{
    gfp::{
        self,
        Context,
        Family,
        Gfp,
        MaySleep,
        NonBlocking,
        TakesNoRetry,
        TakesThisNode, //
    },
    inspect::{
        Inspect,
        Span, //
    },
    AllocatesIn,
    Bytes,
    Failure,
    KmallocBox,
    KvmallocBox,
    Node,
    Order,
    Owned,
    PageBlock,
    Reason,
    VmallocBox, //
};

type Raw = [MaybeUninit<u8>];

/// What to ask the kernel for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    /// Whom to ask.
    pub(crate) allocator: Allocator,
    /// How many bytes.
    pub(crate) size_bytes: usize,
    /// At which alignment.
    pub(crate) align_bytes: usize,
    /// Under which flags. A failure is never reported in the kernel log.
    pub(crate) flags: GfpFlags,
    /// On which node.
    pub(crate) node: Node,
}

/// An owner of any family.
pub(crate) enum Memory {
    Kmalloc(KmallocBox<Raw>),
    Vmalloc(VmallocBox<Raw, MaySleep>),
    VmallocNonBlocking(VmallocBox<Raw, NonBlocking>),
    Kvmalloc(KvmallocBox<Raw, MaySleep>),
    KvmallocNonBlocking(KvmallocBox<Raw, NonBlocking>),
    Pages(PageBlock),
}

impl Request {
    /// The request that `arguments` make, for one allocator and one size.
    pub(crate) fn of(
        run: &Run<'_>,
        arguments: &Arguments,
        allocator: Allocator,
        size_bytes: u64,
    ) -> Self {
        Self {
            allocator,
            // What does not fit is above every limit all the same.
            size_bytes: usize::try_from(size_bytes).unwrap_or(usize::MAX),
            align_bytes: usize::try_from(arguments.align_bytes).unwrap_or(usize::MAX),
            flags: arguments.gfp,
            node: run.node,
        }
    }

    /// Asks the kernel. Dropping the result frees it.
    ///
    /// Context: may sleep, if the flags say so.
    pub(crate) fn allocate(&self) -> Result<Memory, Reason> {
        match self.allocator {
            Allocator::Kmalloc => match AnyGfp::of(self.flags).thisnode(self).noretry(self) {
                AnyGfp::MaySleep(gfp) => self.bytes(gfp),
                AnyGfp::NonBlocking(gfp) => self.bytes(gfp),
            }
            .map(Memory::Kmalloc),
            Allocator::Vmalloc => match AnyGfp::of(self.flags).noretry(self) {
                AnyGfp::MaySleep(gfp) => self.bytes(gfp).map(Memory::Vmalloc),
                AnyGfp::NonBlocking(gfp) => self.bytes(gfp).map(Memory::VmallocNonBlocking),
            },
            Allocator::Kvmalloc => match AnyGfp::of(self.flags) {
                AnyGfp::MaySleep(gfp) => self.bytes(gfp).map(Memory::Kvmalloc),
                AnyGfp::NonBlocking(gfp) => self.bytes(gfp).map(Memory::KvmallocNonBlocking),
            },
            Allocator::Pages => match AnyGfp::of(self.flags).thisnode(self).noretry(self) {
                AnyGfp::MaySleep(gfp) => self.pages(gfp),
                AnyGfp::NonBlocking(gfp) => self.pages(gfp),
            }
            .map(Memory::Pages),
        }
    }

    /// The most bytes that the kernel takes for the request, not counting its own bookkeeping.
    pub(crate) fn charge_bytes(&self) -> u64 {
        let in_pages = self.size_bytes.saturating_add(PAGE_SIZE - 1) & !(PAGE_SIZE - 1);
        let padded = self.size_bytes.max(self.align_bytes);
        let in_powers_of_two = padded.checked_next_power_of_two().unwrap_or(usize::MAX);
        let bytes = match self.allocator {
            Allocator::Kmalloc => in_powers_of_two,
            Allocator::Vmalloc => in_pages,
            Allocator::Kvmalloc => in_pages.max(in_powers_of_two),
            Allocator::Pages => in_powers_of_two.max(PAGE_SIZE),
        };
        bytes as u64
    }

    fn wants_zeroed(&self) -> bool {
        self.flags.has(Modifier::Zero)
    }

    /// Asks a family that takes bytes.
    fn bytes<M, C>(&self, gfp: Gfp<C, M::Family>) -> Result<Owned<Raw, M>, Reason>
    where
        M: AllocatesIn<C>,
        C: Context,
    {
        let size = Bytes::aligned(self.size_bytes, self.align_bytes).map_err(Reason::Refused)?;
        if self.wants_zeroed() {
            Owned::zeroed_bytes_on(size, gfp, self.node).map(Owned::into_uninit)
        } else {
            Owned::bytes_on(size, gfp, self.node)
        }
        .map_err(|failure: Failure| failure.reason())
    }

    fn pages<C: Context>(&self, gfp: Gfp<C, gfp::Pages>) -> Result<PageBlock, Reason> {
        // A block is aligned to its size, so that a larger alignment is a larger block.
        let order =
            Order::holding(self.size_bytes.max(self.align_bytes)).map_err(Reason::Refused)?;
        if self.wants_zeroed() {
            PageBlock::zeroed_on(order, gfp, self.node).map(PageBlock::into_uninit)
        } else {
            PageBlock::new_on(order, gfp, self.node)
        }
        .map_err(|failure: Failure| failure.reason())
    }
}

impl Memory {
    /// The memory, to look at.
    pub(crate) fn span(&self) -> Span<'_> {
        match self {
            Self::Kmalloc(owner) => owner.span(),
            Self::Vmalloc(owner) => owner.span(),
            Self::VmallocNonBlocking(owner) => owner.span(),
            Self::Kvmalloc(owner) => owner.span(),
            Self::KvmallocNonBlocking(owner) => owner.span(),
            Self::Pages(owner) => owner.span(),
        }
    }

    /// The bytes, to write.
    pub(crate) fn bytes_mut(&mut self) -> &mut Raw {
        match self {
            Self::Kmalloc(owner) => owner,
            Self::Vmalloc(owner) => owner,
            Self::VmallocNonBlocking(owner) => owner,
            Self::Kvmalloc(owner) => owner,
            Self::KvmallocNonBlocking(owner) => owner,
            Self::Pages(owner) => owner,
        }
    }
}

/// A mask for family `F`, in either context.
enum AnyGfp<F: Family> {
    MaySleep(Gfp<MaySleep, F>),
    NonBlocking(Gfp<NonBlocking, F>),
}

impl<F: Family> AnyGfp<F> {
    /// The base, and the modifiers that every family takes.
    fn of(flags: GfpFlags) -> Self {
        let gfp = match flags.base {
            GfpBase::Kernel => Self::MaySleep(Gfp::KERNEL),
            GfpBase::User => Self::MaySleep(Gfp::USER),
            GfpBase::Noio => Self::MaySleep(Gfp::NOIO),
            GfpBase::Nofs => Self::MaySleep(Gfp::NOFS),
            GfpBase::Nowait => Self::NonBlocking(Gfp::NOWAIT),
            GfpBase::Atomic => Self::NonBlocking(Gfp::ATOMIC),
        };
        let gfp = match gfp {
            Self::MaySleep(gfp) if flags.has(Modifier::RetryMayfail) => {
                Self::MaySleep(gfp.retry_mayfail())
            }
            other => other,
        };
        match (gfp, flags.has(Modifier::Account)) {
            (Self::MaySleep(gfp), true) => Self::MaySleep(gfp.nowarn().accounted()),
            (Self::MaySleep(gfp), false) => Self::MaySleep(gfp.nowarn()),
            (Self::NonBlocking(gfp), true) => Self::NonBlocking(gfp.nowarn().accounted()),
            (Self::NonBlocking(gfp), false) => Self::NonBlocking(gfp.nowarn()),
        }
    }

    fn thisnode(self, request: &Request) -> Self
    where
        F: TakesThisNode,
    {
        match self {
            _ if !request.flags.has(Modifier::Thisnode) => self,
            Self::MaySleep(gfp) => Self::MaySleep(gfp.thisnode()),
            Self::NonBlocking(gfp) => Self::NonBlocking(gfp.thisnode()),
        }
    }

    fn noretry(self, request: &Request) -> Self
    where
        F: TakesNoRetry,
    {
        match self {
            Self::MaySleep(gfp) if request.flags.has(Modifier::Noretry) => {
                Self::MaySleep(gfp.noretry())
            }
            other => other,
        }
    }
}
