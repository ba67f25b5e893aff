// SPDX-License-Identifier: GPL-2.0

//! Memory whose allocator and flags are chosen at run time.

use super::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        flags::{
            GfpFlags,
            Modifier, //
        },
    },
    gfp::AnyGfp,
};
use core::{
    mem::MaybeUninit,
    ops::Range, //
};
use kernel::page::PAGE_SIZE;
use memalloc::{
    alloc_hooks,
    gfp::{
        self,
        Context,
        Gfp, //
    },
    inspect::{
        kmalloc_size_roundup,
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
    Refusal,
    TakesBytes,
    VmallocBox, //
};

/// What the kernel may map at a time, which a kvmalloc that falls back is rounded up to: what one entry
/// of the second level of page tables maps, a page full of entries of 8 bytes, each for a page
/// (`PMD_SIZE`: 2 MiB with pages of 4 KiB, 32 MiB with 16 KiB).
const HUGE_MAPPING_BYTES: usize = PAGE_SIZE / size_of::<u64>() * PAGE_SIZE;

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
    Vmalloc(VmallocBox<Raw>),
    Kvmalloc(KvmallocBox<Raw>),
    Pages(PageBlock),
}

impl Request {
    /// The request that `arguments` make, for one allocator and one size.
    pub(crate) fn of(
        arguments: &Arguments,
        allocator: Allocator,
        size_bytes: u64,
        node: Node,
    ) -> Self {
        Self {
            allocator,
            // What does not fit is above every limit all the same.
            size_bytes: usize::try_from(size_bytes).unwrap_or(usize::MAX),
            align_bytes: usize::try_from(arguments.align_bytes).unwrap_or(usize::MAX),
            flags: arguments.gfp,
            node,
        }
    }

    /// A request for bytes of any alignment, wherever they are.
    pub(crate) const fn plain(allocator: Allocator, size_bytes: usize, flags: GfpFlags) -> Self {
        Self {
            allocator,
            size_bytes,
            align_bytes: 1,
            flags,
            node: Node::ANY,
        }
    }

    /// Why the request can never be met on this machine, if that is so.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self.allocator {
            Allocator::Kmalloc => self.size::<gfp::Kmalloc>().map(drop),
            Allocator::Vmalloc => self.size::<gfp::Vmalloc>()?.check_machine_memory(),
            Allocator::Kvmalloc => self.size::<gfp::Kvmalloc>()?.check_machine_memory(),
            Allocator::Pages => self.order().map(drop),
        }
    }

    /// Asks the kernel. Dropping the result frees it.
    ///
    /// Context: may sleep, whatever the flags say: what was allocated without sleeping is handed
    /// over to an owner that frees at once.
    pub(crate) fn allocate(&self) -> Result<Memory, Reason> {
        let flags = self.flags;
        match self.allocator {
            Allocator::Kmalloc => {
                let gfp = AnyGfp::of(flags).thisnode(flags).noretry(flags);
                alloc_hooks!(match gfp {
                    AnyGfp::MaySleep(gfp) => self.bytes(gfp),
                    AnyGfp::NonBlocking(gfp) => self.bytes(gfp),
                })
                .map(Memory::Kmalloc)
            }
            Allocator::Vmalloc => {
                let gfp = AnyGfp::of(flags).noretry(flags);
                alloc_hooks!(match gfp {
                    AnyGfp::MaySleep(gfp) => self.bytes(gfp),
                    AnyGfp::NonBlocking(gfp) => self.bytes(gfp).map(VmallocBox::into_may_sleep),
                })
                .map(Memory::Vmalloc)
            }
            Allocator::Kvmalloc => {
                let gfp = AnyGfp::of(flags);
                alloc_hooks!(match gfp {
                    AnyGfp::MaySleep(gfp) => self.bytes(gfp),
                    AnyGfp::NonBlocking(gfp) => self.bytes(gfp).map(KvmallocBox::into_may_sleep),
                })
                .map(Memory::Kvmalloc)
            }
            Allocator::Pages => {
                let gfp = AnyGfp::of(flags).thisnode(flags).noretry(flags);
                alloc_hooks!(match gfp {
                    AnyGfp::MaySleep(gfp) => self.pages(gfp),
                    AnyGfp::NonBlocking(gfp) => self.pages(gfp),
                })
                .map(Memory::Pages)
            }
        }
    }

    /// What the kernel takes for the request at most, not counting its own bookkeeping.
    pub(crate) fn charge_bytes(&self) -> u64 {
        let round_up = |unit: usize| self.size_bytes.checked_next_multiple_of(unit);
        // Of kmalloc and the page allocator, memory is as large as its alignment.
        let aligned = self.size_bytes.max(self.align_bytes);
        let bytes = match self.allocator {
            Allocator::Kmalloc => aligned.max(8).checked_next_power_of_two(),
            Allocator::Vmalloc => round_up(PAGE_SIZE),
            Allocator::Kvmalloc if aligned <= gfp::Kmalloc::MAX_BYTES => {
                aligned.max(8).checked_next_power_of_two()
            }
            Allocator::Kvmalloc => round_up(HUGE_MAPPING_BYTES),
            Allocator::Pages => aligned.max(PAGE_SIZE).checked_next_power_of_two(),
        };
        bytes.unwrap_or(usize::MAX) as u64
    }

    /// The usable size that the kernel predicts, for kmalloc.
    pub(crate) fn predicted_bytes(&self) -> Option<usize> {
        match self.allocator {
            Allocator::Kmalloc => self.size().ok().map(kmalloc_size_roundup),
            _ => None,
        }
    }

    fn wants_zeroed(&self) -> bool {
        self.flags.has(Modifier::Zero)
    }

    fn size<F: TakesBytes>(&self) -> Result<Bytes<F>, Refusal> {
        Bytes::aligned(self.size_bytes, self.align_bytes)
    }

    /// A block is aligned to its size, so that a larger alignment is a larger block.
    fn order(&self) -> Result<Order, Refusal> {
        Order::holding(self.size_bytes.max(self.align_bytes))
    }

    /// Asks a family that takes bytes.
    fn bytes<M, C>(&self, gfp: Gfp<C, M::Family>) -> Result<Owned<Raw, M>, Reason>
    where
        M: AllocatesIn<C>,
        C: Context,
    {
        let size = self.size().map_err(Reason::Refused)?;
        if self.wants_zeroed() {
            Owned::zeroed_bytes_on(size, gfp, self.node).map(Owned::into_uninit)
        } else {
            Owned::bytes_on(size, gfp, self.node)
        }
        .map_err(|failure: Failure| failure.reason())
    }

    fn pages<C: Context>(&self, gfp: Gfp<C, gfp::Pages>) -> Result<PageBlock, Reason> {
        let order = self.order().map_err(Reason::Refused)?;
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
            Self::Kvmalloc(owner) => owner.span(),
            Self::Pages(owner) => owner.span(),
        }
    }

    /// Whether the bytes in `range` are all zero.
    pub(crate) fn is_zeroed(&mut self, range: Range<usize>) -> bool {
        match self {
            Self::Kmalloc(owner) => owner.is_zeroed(range),
            Self::Vmalloc(owner) => owner.is_zeroed(range),
            Self::Kvmalloc(owner) => owner.is_zeroed(range),
            Self::Pages(owner) => owner.is_zeroed(range),
        }
    }

    /// The bytes, to write.
    pub(crate) fn bytes_mut(&mut self) -> &mut Raw {
        match self {
            Self::Kmalloc(owner) => owner,
            Self::Vmalloc(owner) => owner,
            Self::Kvmalloc(owner) => owner,
            Self::Pages(owner) => owner,
        }
    }
}
