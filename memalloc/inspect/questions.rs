// SPDX-License-Identifier: GPL-2.0

//! What can be asked about a live allocation.

use super::{
    usable,
    Backend,
    PageFrames,
    Span,
    UsableSize, //
};
use crate::ffi;
use core::ops::Range;
use kernel::str::{
    CStr,
    CStrExt as _, //
};

impl<'a> Span<'a> {
    /// The bytes that were asked for.
    pub fn size_bytes(self) -> usize {
        self.size_bytes
    }

    /// The allocator that served the request.
    pub fn backend(self) -> Backend {
        self.backend
    }

    /// The address itself. It is a secret of the kernel: think before you let it out.
    pub fn address(self) -> usize {
        self.start.as_ptr().addr()
    }

    /// The largest power of two that divides the address, in bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, Bytes, KmallocBox};
    ///
    /// let size = Bytes::aligned(100, 64)?;
    /// let buffer = KmallocBox::bytes(size, Gfp::KERNEL)?;
    /// assert!(buffer.span().alignment_bytes() >= 64);
    /// assert_eq!(buffer.span().address() % 64, 0);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn alignment_bytes(self) -> usize {
        1 << self.address().trailing_zeros()
    }

    /// Whether the bytes in `range` are all zero; those past the end count as zero.
    ///
    /// # Safety
    ///
    /// Nobody writes to the memory meanwhile.
    pub(super) unsafe fn holds_zeroes(self, range: Range<usize>) -> bool {
        let end = range.end.min(self.size_bytes);
        let Some(size_bytes) = end.checked_sub(range.start) else {
            return true;
        };
        // SAFETY: The range begins within the memory, or at its end.
        let start = unsafe { self.start.add(range.start) };
        // SAFETY: By the type invariants these bytes are live memory; nobody writes to them.
        let other = unsafe { ffi::memchr_inv(start.as_ptr().cast(), 0, size_bytes) };
        other.is_null()
    }

    /// How much of the memory is usable, and who says so.
    pub fn usable_size(self) -> UsableSize {
        usable::of(self)
    }

    /// The name of the zone that the first page lies in, such as `Normal`; none of no memory.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, Count, KmallocBox, Order, PageBlock};
    ///
    /// // Which one it is depends on the machine: with little memory all of it is in `DMA32`.
    /// let block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    /// assert!(block.span().zone_name().is_some());
    /// let nothing = KmallocBox::<[u8]>::zeroed_array(Count::new(0)?, Gfp::KERNEL)?;
    /// assert_eq!(nothing.span().zone_name(), None);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn zone_name(self) -> Option<&'static CStr> {
        let frame = self.page_frames().next()?;
        // SAFETY: The frame holds live memory, so that it has a `struct page`.
        let name = unsafe { ffi::memalloc_pfn_to_zone_name(frame.pfn.number()) };
        // SAFETY: The names are constants of the kernel (`zone_names`, `mm/page_alloc.c`).
        Some(unsafe { CStr::from_char_ptr(name) })
    }

    /// Whether the first page is charged to a memory cgroup, as `__GFP_ACCOUNT` asks for.
    ///
    /// Objects of slab caches are charged one by one, in books that cannot be seen from here: `None`.
    /// What is allocated from the root cgroup is charged to none.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, KmallocBox, Order, PageBlock};
    ///
    /// // With `accounted()` it would be charged, were the caller in a cgroup.
    /// let block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    /// assert_eq!(block.span().is_charged(), Some(false));
    /// let object = KmallocBox::new(7_u64, Gfp::KERNEL.accounted())?;
    /// assert_eq!(object.span().is_charged(), None);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn is_charged(self) -> Option<bool> {
        if self.backend == Backend::Slab {
            return None;
        }
        let frame = self.page_frames().next()?;
        // SAFETY: The frame holds live memory, so that it has a `struct page`; without slab objects in
        // it, what the word means is settled.
        Some(unsafe { ffi::memalloc_pfn_is_charged(frame.pfn.number()) })
    }

    /// The page frames that the bytes lie in, in the order of their addresses.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, Order, PageBlock};
    ///
    /// let block = PageBlock::new(Order::new(3)?, Gfp::KERNEL)?;
    /// assert_eq!(block.span().page_frames().len(), 8);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn page_frames(self) -> PageFrames<'a> {
        PageFrames::of(self)
    }
}
