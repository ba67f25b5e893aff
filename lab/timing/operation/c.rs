// SPDX-License-Identifier: GPL-2.0

//! Allocations through the calls of C drivers.

use super::Operation;
use crate::c_calls::{
    self,
    CBytes,
    CPages,
    Contents, //
};
use memalloc::{
    gfp::{
        self,
        Context,
        Gfp, //
    },
    Bytes,
    Order,
    Reason,
    Refusal, //
};

/// Bytes, by the calls of C drivers.
pub(super) struct BytesOfC<C: Context, F: c_calls::TakesBytes> {
    pub(super) gfp: Gfp<C, F>,
    pub(super) contents: Contents,
}

impl<C: Context, F: c_calls::TakesBytes> Clone for BytesOfC<C, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Context, F: c_calls::TakesBytes> Copy for BytesOfC<C, F> {}

impl<C: Context, F: c_calls::TakesBytes> Operation for BytesOfC<C, F> {
    type Size = Bytes<F>;
    type Memory = CBytes<F>;

    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Self::Size, Refusal> {
        Bytes::aligned(size_bytes, align_bytes)
    }

    #[inline(always)]
    fn allocate(self, size: Self::Size) -> Result<Self::Memory, Reason> {
        CBytes::new(size, self.gfp, self.contents).ok_or(Reason::OutOfMemory)
    }

    #[inline(always)]
    fn nothing() {
        c_calls::nothing();
    }
}

/// Blocks of pages, by the calls of C drivers.
pub(super) struct PagesOfC<C: Context> {
    pub(super) gfp: Gfp<C, gfp::Pages>,
    pub(super) contents: Contents,
}

impl<C: Context> Clone for PagesOfC<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Context> Copy for PagesOfC<C> {}

impl<C: Context> Operation for PagesOfC<C> {
    type Size = Order;
    type Memory = CPages;

    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Order, Refusal> {
        Order::holding(size_bytes.max(align_bytes))
    }

    #[inline(always)]
    fn allocate(self, order: Order) -> Result<CPages, Reason> {
        CPages::new(order, self.gfp, self.contents).ok_or(Reason::OutOfMemory)
    }

    #[inline(always)]
    fn nothing() {
        c_calls::nothing();
    }
}
