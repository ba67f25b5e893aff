// SPDX-License-Identifier: GPL-2.0

//! Runs that are longer than the largest block, found by moving what is in their way.

use crate::{
    failure::Failure,
    ffi,
    gfp::{
        ContiguousRange,
        Gfp,
        MaySleep, //
    },
    machine,
    node::Node,
    pages::run::PageRun,
};
use core::{
    num::NonZeroUsize,
    ptr::{
        self,
        NonNull, //
    },
};
use kernel::page::PAGE_SIZE;

impl PageRun {
    /// Allocates this many pages whose contents are unknown, like `alloc_contig_pages()`.
    ///
    /// There is no limit but the machine's memory, and no promise either: the kernel looks for a
    /// range that it can empty by moving pages, which takes its time.
    ///
    /// Context: sleeps.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory), or
    /// [`Refusal::TooLarge`](crate::Refusal::TooLarge), if the machine has less memory than that.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, Node, Order, PageRun, Reason, Refusal};
    ///
    /// // Half as much again as the largest block has. There may be no such range.
    /// let pages = NonZeroUsize::MIN.saturating_add(Order::MAX.pages() * 3 / 2 - 1);
    /// match PageRun::contiguous(pages, Gfp::KERNEL.nowarn(), Node::ANY) {
    ///     Ok(run) => assert_eq!(run.pages(), pages.get()),
    ///     Err(failure) => assert_eq!(failure.reason(), Reason::OutOfMemory),
    /// }
    /// // More than there is: never, and not only now.
    /// let failure = PageRun::contiguous(NonZeroUsize::MAX, Gfp::KERNEL, Node::ANY).err();
    /// assert!(failure.is_some_and(|failure| matches!(
    ///     failure.reason(),
    ///     Reason::Refused(Refusal::TooLarge { .. })
    /// )));
    /// ```
    pub fn contiguous(
        pages: NonZeroUsize,
        gfp: Gfp<MaySleep, ContiguousRange>,
        node: Node,
    ) -> Result<Self, Failure> {
        const FUNCTION: &str = "alloc_contig_pages";
        let size_bytes = pages.get().saturating_mul(PAGE_SIZE);
        // Otherwise the kernel's search could pass the last number there is, and begin anew.
        machine::check_all(FUNCTION, size_bytes, gfp)?;
        let node = node.or_nearest().raw();
        // SAFETY: The number of pages is not zero. By the invariants of `Gfp` the mask is one that
        // contiguous ranges support, and may sleep; the node is online; no mask of nodes is asked for.
        let first = unsafe {
            ffi::alloc_hooks(|| {
                ffi::alloc_contig_pages_noprof(pages.get(), gfp.bits(), node, ptr::null_mut())
            })
        };
        let Some(first) = NonNull::new(first) else {
            return Err(Failure::out_of_memory(FUNCTION, size_bytes, gfp.bits()));
        };
        // SAFETY: The page is live; without a zone in the mask it lies in the direct map.
        let start = unsafe { ffi::memalloc_page_address(first.as_ptr()) };
        // SAFETY: Pages of the direct map have an address.
        let start = unsafe { NonNull::new_unchecked(start.cast()) };
        // SAFETY: `alloc_contig_pages()` gives this many pages, each counted by itself; any bytes are
        // valid `MaybeUninit<u8>`s.
        Ok(unsafe { Self::from_raw(start, pages) })
    }
}

impl PageRun<u8> {
    /// Allocates this many pages that read as zero, like `alloc_contig_pages()` with `__GFP_ZERO`.
    ///
    /// # Errors
    ///
    /// As [`contiguous`](PageRun::contiguous).
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, Node, PageRun};
    ///
    /// let pages = NonZeroUsize::MIN.saturating_add(2);
    /// if let Ok(run) = PageRun::contiguous_zeroed(pages, Gfp::KERNEL.nowarn(), Node::ANY) {
    ///     assert!(run.iter().all(|byte| *byte == 0));
    /// }
    /// ```
    pub fn contiguous_zeroed(
        pages: NonZeroUsize,
        gfp: Gfp<MaySleep, ContiguousRange>,
        node: Node,
    ) -> Result<Self, Failure> {
        let run = PageRun::contiguous(pages, gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { run.assume_init() })
    }
}
