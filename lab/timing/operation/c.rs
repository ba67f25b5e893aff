// SPDX-License-Identifier: GPL-2.0

//! Allocations through the calls of C drivers.

use super::Operation;
use crate::c_calls::{
    self,
    CBytes,
    CPages,
    Flags, //
};
use memalloc::{
    gfp::Pages,
    Bytes,
    Order,
    Reason,
    Refusal, //
};

/// Bytes, by the calls of C drivers.
pub(super) struct BytesOfC<F: c_calls::TakesBytes>(pub(super) Flags<F>);

impl<F: c_calls::TakesBytes> Clone for BytesOfC<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: c_calls::TakesBytes> Copy for BytesOfC<F> {}

impl<F: c_calls::TakesBytes> Operation for BytesOfC<F> {
    type Size = Bytes<F>;
    type Memory = CBytes<F>;

    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Self::Size, Refusal> {
        Bytes::aligned(size_bytes, align_bytes)
    }

    #[inline(always)]
    fn allocate(self, size: Self::Size) -> Result<Self::Memory, Reason> {
        CBytes::new(size, self.0).ok_or(Reason::OutOfMemory)
    }

    #[inline(always)]
    fn nothing() {
        c_calls::nothing();
    }
}

/// Blocks of pages, by the calls of C drivers.
#[derive(Clone, Copy)]
pub(super) struct PagesOfC(pub(super) Flags<Pages>);

impl Operation for PagesOfC {
    type Size = Order;
    type Memory = CPages;

    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Order, Refusal> {
        Order::holding(size_bytes.max(align_bytes))
    }

    #[inline(always)]
    fn allocate(self, order: Order) -> Result<CPages, Reason> {
        CPages::new(order, self.0).ok_or(Reason::OutOfMemory)
    }

    #[inline(always)]
    fn nothing() {
        c_calls::nothing();
    }
}
