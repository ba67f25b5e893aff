// SPDX-License-Identifier: GPL-2.0

//! What the kernel really set aside for a request.

use super::{Backend, Span};
use crate::{ffi, size::Order};
use kernel::page::PAGE_SIZE;

/// Where a usable size comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// `ksize()` of the object, and `kmalloc_size_roundup()` of the request agrees.
    Ksize,
    /// `ksize()` is below `kmalloc_size_roundup()`: the object is one of KFENCE, whose size is
    /// exactly what was asked for.
    KsizeOfKfence,
    /// `ksize()` is below `kmalloc_size_roundup()`: slab debugging keeps its data in the rest.
    KsizeUnderDebugging,
    /// `ksize()` is above `kmalloc_size_roundup()`: the request was padded to get its alignment.
    KsizeOfPadded,
    /// The number of pages that hold the request.
    Pages,
}

/// The size of the memory behind a request.
///
/// It is a report, not a licence: what lies beyond the request must not be written, which is why no
/// owner's slice covers it. ("Not meant to be a way to discover the usable size", says `ksize()` in
/// `mm/slub.c`.)
///
/// Looking has a side effect under `slab_debug` with `U` and `Z`: `ksize()` makes the kernel forget
/// the size that was asked for, and with it the red zone between that and the object's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsableSize {
    /// The usable bytes.
    pub size_bytes: usize,
    /// What `kmalloc_size_roundup()` predicts for the request, for memory of kmalloc.
    pub predicted_bytes: Option<usize>,
    /// Where `size_bytes` comes from, and why it is not what was predicted.
    pub witness: Witness,
}

/// The usable size of `span`.
pub(super) fn of(span: Span<'_>) -> UsableSize {
    match span.backend {
        Backend::Slab | Backend::LargeKmalloc => of_kmalloc(span),
        Backend::Vmalloc => of_pages(span.size_bytes.next_multiple_of(PAGE_SIZE)),
        Backend::PageBlock => of_pages(span.size_bytes),
    }
}

fn of_pages(size_bytes: usize) -> UsableSize {
    UsableSize {
        size_bytes,
        predicted_bytes: None,
        witness: Witness::Pages,
    }
}

fn of_kmalloc(span: Span<'_>) -> UsableSize {
    // SAFETY: By the invariants of `Span` this is where live memory of kmalloc starts.
    let size_bytes = unsafe { ffi::ksize(span.start.as_ptr().cast()) };
    // SAFETY: A pure look-up.
    let predicted_bytes = unsafe { ffi::kmalloc_size_roundup(span.size_bytes) };
    let witness = if size_bytes == predicted_bytes {
        Witness::Ksize
    } else if size_bytes > predicted_bytes {
        Witness::KsizeOfPadded
    // SAFETY: The helper compares the address with the bounds of the KFENCE pool.
    } else if unsafe { ffi::memalloc_is_kfence_address(span.start.as_ptr().cast()) } {
        Witness::KsizeOfKfence
    } else {
        Witness::KsizeUnderDebugging
    };
    UsableSize {
        size_bytes,
        predicted_bytes: Some(predicted_bytes),
        witness,
    }
}

impl UsableSize {
    /// The usable size of a block of order `order`.
    pub fn of_order(order: Order) -> Self {
        of_pages(order.size_bytes())
    }

    /// The usable bytes that nobody asked for.
    pub fn waste_bytes(&self, requested_bytes: usize) -> usize {
        self.size_bytes.saturating_sub(requested_bytes)
    }
}
