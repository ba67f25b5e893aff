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
    pub fn alignment_bytes(self) -> usize {
        1 << self.address().trailing_zeros()
    }

    /// Whether the bytes in `range` are all zero; those past the end count as zero.
    ///
    /// The kernel reads them, so that they need not have been written. Large memory is better asked
    /// about in parts: the call takes as long as reading takes.
    pub fn is_zeroed(self, range: Range<usize>) -> bool {
        let end = range.end.min(self.size_bytes);
        let Some(size_bytes) = end.checked_sub(range.start) else {
            return true;
        };
        // SAFETY: The range begins within the memory, or at its end.
        let start = unsafe { self.start.add(range.start) };
        // SAFETY: By the type invariants these bytes are live memory.
        let other = unsafe { ffi::memchr_inv(start.as_ptr().cast(), 0, size_bytes) };
        other.is_null()
    }

    /// How much of the memory is usable, and who says so.
    pub fn usable_size(self) -> UsableSize {
        usable::of(self)
    }

    /// The name of the zone that the first page lies in, such as `Normal`; none of no memory.
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
    pub fn page_frames(self) -> PageFrames<'a> {
        PageFrames::of(self)
    }
}
