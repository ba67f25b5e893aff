// SPDX-License-Identifier: GPL-2.0

//! Runs that are cut from a block, whose rest the kernel gives back.

use crate::{
    failure::{
        Failure,
        Refusal, //
    },
    ffi,
    gfp::{
        Context,
        Gfp,
        Pages, //
    },
    order::Order,
    pages::run::PageRun,
};
use core::{
    num::NonZeroUsize,
    ptr::NonNull, //
};
use kernel::page::PAGE_SIZE;

impl PageRun {
    /// Allocates this many pages whose contents are unknown, like `alloc_pages_exact()`.
    ///
    /// The kernel takes a block of the next order, and gives the rest of it back.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory), or [`Refusal::TooLarge`] for more pages
    /// than the largest block has.
    pub fn exact<C: Context>(pages: NonZeroUsize, gfp: Gfp<C, Pages>) -> Result<Self, Failure> {
        let size_bytes = pages.get().saturating_mul(PAGE_SIZE);
        let max_bytes = Order::MAX.size_bytes();
        if size_bytes > max_bytes {
            return Err(Failure::refused(
                "alloc_pages_exact",
                size_bytes,
                gfp.bits(),
                Refusal::TooLarge {
                    size_bytes,
                    max_bytes,
                },
            ));
        }
        // SAFETY: The size is not zero, and we just compared it with the largest block. By the
        // invariants of `Gfp` the mask suits the page allocator; it has no `__GFP_COMP`.
        let start =
            unsafe { ffi::alloc_hooks(|| ffi::alloc_pages_exact_noprof(size_bytes, gfp.bits())) };
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(Failure::out_of_memory(
                "alloc_pages_exact",
                size_bytes,
                gfp.bits(),
            ));
        };
        // SAFETY: `alloc_pages_exact()` gives this many pages, each counted by itself; any bytes are
        // valid `MaybeUninit<u8>`s.
        Ok(unsafe { Self::from_raw(start, pages) })
    }
}

impl PageRun<u8> {
    /// Allocates this many pages that read as zero, like `alloc_pages_exact()` with `__GFP_ZERO`.
    ///
    /// # Errors
    ///
    /// As [`exact`](PageRun::exact).
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, PageRun, Reason};
    ///
    /// let run = PageRun::exact_zeroed(NonZeroUsize::MIN, Gfp::KERNEL)?;
    /// assert!(run.iter().all(|byte| *byte == 0));
    /// // More than the largest block has: never, and not only now.
    /// let failure = PageRun::exact_zeroed(NonZeroUsize::MAX, Gfp::KERNEL).err();
    /// assert!(failure.is_some_and(|failure| failure.reason() != Reason::OutOfMemory));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn exact_zeroed<C: Context>(
        pages: NonZeroUsize,
        gfp: Gfp<C, Pages>,
    ) -> Result<Self, Failure> {
        let run = PageRun::exact(pages, gfp.zeroing())?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { run.assume_init() })
    }
}
