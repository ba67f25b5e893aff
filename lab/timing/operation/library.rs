// SPDX-License-Identifier: GPL-2.0

//! Allocations through the library.

use super::Operation;
use crate::c_calls;
use core::{
    marker::PhantomData,
    mem::MaybeUninit, //
};
use memalloc::{
    gfp::{
        self,
        Context,
        Gfp,
        MaySleep,
        NonBlocking, //
    },
    AllocatesIn,
    Bytes,
    Failure,
    KvmallocBox,
    KvmallocMemory,
    Memory,
    Order,
    Owned,
    PageBlock,
    Reason,
    Refusal,
    VmallocBox,
    VmallocMemory, //
};

type Raw = [MaybeUninit<u8>];

/// Which constructor of the library is called.
pub(super) trait Constructor: Copy + Send + Sync {
    /// Bytes.
    fn bytes<M: AllocatesIn<C>, C: Context>(
        size: Bytes<M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Owned<Raw, M>, Failure>;

    /// A block of pages.
    fn block<C: Context>(order: Order, gfp: Gfp<C, gfp::Pages>) -> Result<PageBlock, Failure>;
}

/// The one for memory whose contents are unknown.
#[derive(Clone, Copy)]
pub(super) enum Unwritten {}

impl Constructor for Unwritten {
    #[inline(always)]
    fn bytes<M: AllocatesIn<C>, C: Context>(
        size: Bytes<M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Owned<Raw, M>, Failure> {
        Owned::bytes(size, gfp)
    }

    #[inline(always)]
    fn block<C: Context>(order: Order, gfp: Gfp<C, gfp::Pages>) -> Result<PageBlock, Failure> {
        PageBlock::new(order, gfp)
    }
}

/// The one for zeroed memory.
#[derive(Clone, Copy)]
pub(super) enum Zeroed {}

impl Constructor for Zeroed {
    #[inline(always)]
    fn bytes<M: AllocatesIn<C>, C: Context>(
        size: Bytes<M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Owned<Raw, M>, Failure> {
        Owned::zeroed_bytes(size, gfp).map(Owned::into_uninit)
    }

    #[inline(always)]
    fn block<C: Context>(order: Order, gfp: Gfp<C, gfp::Pages>) -> Result<PageBlock, Failure> {
        PageBlock::zeroed(order, gfp).map(PageBlock::into_uninit)
    }
}

/// Bytes of kind `M`, by a constructor of the library.
pub(super) struct OfLibrary<M: Memory, C: Context, K> {
    gfp: Gfp<C, M::Family>,
    _by: PhantomData<fn() -> (M, K)>,
}

impl<M: Memory, C: Context, K> OfLibrary<M, C, K> {
    pub(super) fn new(gfp: Gfp<C, M::Family>) -> Self {
        Self {
            gfp,
            _by: PhantomData,
        }
    }
}

impl<M: Memory, C: Context, K> Clone for OfLibrary<M, C, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M: Memory, C: Context, K> Copy for OfLibrary<M, C, K> {}

impl<M, C, K> Operation for OfLibrary<M, C, K>
where
    M: AllocatesIn<C>,
    M::Family: c_calls::TakesBytes,
    C: Context,
    K: Constructor,
{
    type Size = Bytes<M::Family>;
    type Memory = Owned<Raw, M>;

    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Self::Size, Refusal> {
        Bytes::aligned(size_bytes, align_bytes)
    }

    #[inline(always)]
    fn allocate(self, size: Self::Size) -> Result<Self::Memory, Reason> {
        K::bytes(size, self.gfp).map_err(|failure| failure.reason())
    }
}

/// A kind of memory that can be handed over to where one may sleep.
pub(super) trait HandsOver: Memory {
    /// What it is then.
    type Kept: Memory;

    /// Hands it over.
    fn hand_over(memory: Owned<Raw, Self>) -> Owned<Raw, Self::Kept>
    where
        Self: Sized;
}

impl HandsOver for VmallocMemory<NonBlocking> {
    type Kept = VmallocMemory<MaySleep>;

    #[inline(always)]
    fn hand_over(memory: Owned<Raw, Self>) -> VmallocBox<Raw> {
        memory.into_may_sleep()
    }
}

impl HandsOver for KvmallocMemory<NonBlocking> {
    type Kept = KvmallocMemory<MaySleep>;

    #[inline(always)]
    fn hand_over(memory: Owned<Raw, Self>) -> KvmallocBox<Raw> {
        memory.into_may_sleep()
    }
}

/// An operation whose memory is handed over.
#[derive(Clone, Copy)]
pub(super) struct HandedOver<O>(pub(super) O);

impl<M, O> Operation for HandedOver<O>
where
    M: HandsOver,
    O: Operation<Memory = Owned<Raw, M>>,
{
    type Size = O::Size;
    type Memory = Owned<Raw, M::Kept>;

    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Self::Size, Refusal> {
        self.0.size(size_bytes, align_bytes)
    }

    #[inline(always)]
    fn allocate(self, size: Self::Size) -> Result<Self::Memory, Reason> {
        self.0.allocate(size).map(M::hand_over)
    }
}

/// Blocks of pages, by a constructor of the library.
pub(super) struct PagesOfLibrary<C: Context, K> {
    gfp: Gfp<C, gfp::Pages>,
    _by: PhantomData<fn() -> K>,
}

impl<C: Context, K> PagesOfLibrary<C, K> {
    pub(super) fn new(gfp: Gfp<C, gfp::Pages>) -> Self {
        Self {
            gfp,
            _by: PhantomData,
        }
    }
}

impl<C: Context, K> Clone for PagesOfLibrary<C, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Context, K> Copy for PagesOfLibrary<C, K> {}

impl<C: Context, K: Constructor> Operation for PagesOfLibrary<C, K> {
    type Size = Order;
    type Memory = PageBlock;

    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Order, Refusal> {
        Order::holding(size_bytes.max(align_bytes))
    }

    #[inline(always)]
    fn allocate(self, order: Order) -> Result<PageBlock, Reason> {
        K::block(order, self.gfp).map_err(|failure| failure.reason())
    }
}
