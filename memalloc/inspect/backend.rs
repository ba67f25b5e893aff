// SPDX-License-Identifier: GPL-2.0

//! Which allocator a request was served by.

use crate::ffi;
use core::ptr::NonNull;

/// The allocator that really served a request.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::Gfp,
///     inspect::{Backend, Inspect},
///     Bytes, KvmallocBox,
/// };
///
/// let small = KvmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// assert_eq!(small.span().backend(), Backend::Slab);
/// // More than kmalloc can give.
/// let large = KvmallocBox::bytes(Bytes::new(5 << 20)?, Gfp::KERNEL)?;
/// assert_eq!(large.span().backend(), Backend::Vmalloc);
/// assert_eq!(Backend::Vmalloc.name(), "vmalloc");
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A slab cache: one of kmalloc's, or a [`Cache`](crate::Cache).
    Slab,
    /// Whole pages, through kmalloc: a request above `KMALLOC_MAX_CACHE_SIZE`.
    LargeKmalloc,
    /// Pages mapped into the vmalloc area.
    Vmalloc,
    /// Pages of the page allocator: a block, or a run.
    Pages,
}

impl Backend {
    /// The backend of memory from kmalloc, which may be none.
    pub(super) fn of_kmalloc(start: NonNull<u8>, size_bytes: usize) -> Self {
        // SAFETY: Memory of kmalloc lies in the direct map, and is live.
        if size_bytes > 0 && unsafe { ffi::memalloc_is_large_kmalloc(start.as_ptr().cast()) } {
            Self::LargeKmalloc
        } else {
            Self::Slab
        }
    }

    /// A word for it, as the interface prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slab => "slab",
            Self::LargeKmalloc => "large",
            Self::Vmalloc => "vmalloc",
            Self::Pages => "pages",
        }
    }
}
