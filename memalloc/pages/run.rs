// SPDX-License-Identifier: GPL-2.0

//! Any number of pages, physically contiguous, each counted by itself.

use crate::{
    ffi,
    pages::block::PageBlock,
    physical::PhysicalAddress, //
};
use core::{
    fmt,
    marker::PhantomData,
    mem::{
        ManuallyDrop,
        MaybeUninit, //
    },
    num::NonZeroUsize,
    ops::{
        Deref,
        DerefMut, //
    },
    ptr::NonNull,
    slice,
};
use kernel::page::PAGE_SIZE;

/// Owns a run of pages; dropping it gives back each of them. May be dropped in any context but NMI.
///
/// `B` is the state of the bytes: `MaybeUninit<u8>`, or `u8` once all of them were written.
///
/// # Invariants
///
/// - From `start` on, in the direct map, there are `pages` pages that this value owns, each with one
///   reference of its own; at least one.
/// - Their bytes are valid `B`s.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroUsize;
/// use memalloc::{gfp::Gfp, PageRun};
///
/// // alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL): three pages, where a block would be four.
/// let mut head = PageRun::exact(NonZeroUsize::MIN.saturating_add(2), Gfp::KERNEL)?;
/// let tail = head.split_off(1).ok_or(kernel::error::code::EINVAL)?;
/// assert_eq!((head.pages(), tail.pages()), (1, 2));
/// // The parts are freed on their own, in any order.
/// drop(head);
/// drop(tail);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct PageRun<B = MaybeUninit<u8>> {
    start: NonNull<u8>,
    pages: NonZeroUsize,
    _owns: PhantomData<B>,
}

// SAFETY: A run is the only owner of its pages, and any thread may give pages back.
unsafe impl<B: Send> Send for PageRun<B> {}

// SAFETY: A shared run gives shared access to its bytes, and no more.
unsafe impl<B: Sync> Sync for PageRun<B> {}

impl PageRun {
    /// Says that every byte was written.
    ///
    /// # Safety
    ///
    /// Every byte was written since the allocation, by the owner or by the kernel.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, initialize, PageRun};
    ///
    /// let mut run = PageRun::exact(NonZeroUsize::MIN, Gfp::KERNEL)?;
    /// initialize::with(&mut run, |_| 7);
    /// // SAFETY: The line before wrote every byte.
    /// let run = unsafe { run.assume_init() };
    /// assert!(run.iter().all(|byte| *byte == 7));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub unsafe fn assume_init(self) -> PageRun<u8> {
        let this = ManuallyDrop::new(self);
        // SAFETY: The pages were ours; the caller vouches for the bytes.
        unsafe { PageRun::from_raw(this.start, this.pages) }
    }
}

impl PageRun<u8> {
    /// Forgets that the bytes were written, so that runs of either kind can be stored in one place.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, PageRun};
    ///
    /// let written = PageRun::exact_zeroed(NonZeroUsize::MIN, Gfp::KERNEL)?;
    /// let fresh = PageRun::exact(NonZeroUsize::MIN, Gfp::KERNEL)?;
    /// let runs: [PageRun; 2] = [written.into_uninit(), fresh];
    /// assert_eq!(runs.iter().map(|run| run.pages()).sum::<usize>(), 2);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn into_uninit(self) -> PageRun {
        let this = ManuallyDrop::new(self);
        // SAFETY: The pages were ours; any bytes are valid `MaybeUninit`s.
        unsafe { PageRun::from_raw(this.start, this.pages) }
    }
}

impl<B> PageRun<B> {
    /// # Safety
    ///
    /// From `start` on, in the direct map, there are `pages` pages, each with one reference of its
    /// own, whose ownership passes to the result; their bytes are valid `B`s.
    pub(super) unsafe fn from_raw(start: NonNull<u8>, pages: NonZeroUsize) -> Self {
        // INVARIANT: These are the safety requirements of this function.
        Self {
            start,
            pages,
            _owns: PhantomData,
        }
    }

    /// How many pages the run has.
    pub fn pages(&self) -> usize {
        self.pages.get()
    }

    /// Where the run starts in physical memory. It is contiguous from there.
    ///
    /// This is not an address for a device: use the DMA API for that.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use kernel::{error::code, page::PAGE_SIZE};
    /// use memalloc::{gfp::Gfp, PageRun};
    ///
    /// let mut head = PageRun::exact(NonZeroUsize::MIN.saturating_add(1), Gfp::KERNEL)?;
    /// let tail = head.split_off(1).ok_or(code::EINVAL)?;
    /// let head_end = head.physical_address().as_u64() + PAGE_SIZE as u64;
    /// assert_eq!(tail.physical_address().as_u64(), head_end);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn physical_address(&self) -> PhysicalAddress {
        // SAFETY: By the type invariants the run lies in the direct map.
        unsafe { PhysicalAddress::of_direct_map(self.start) }
    }

    /// Where the bytes start.
    pub(crate) fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// Divides the run: what is returned begins with page number `at`, and this run ends before it.
    ///
    /// Neither part may be empty: for 0, and for numbers past the last page, it returns `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{error::code, page::Page, prelude::*};
    /// use memalloc::{gfp::Gfp, Order, PageBlock, SinglePage};
    ///
    /// // The pages of a block one by one, as `vm_insert_page()` of the `kernel` crate wants them.
    /// let mut pages = KVec::<Page>::new();
    /// let mut rest = Some(PageBlock::new(Order::new(2)?, Gfp::KERNEL)?.split());
    /// while let Some(mut run) = rest {
    ///     rest = run.split_off(1);
    ///     let page = SinglePage::try_from(run).map_err(|_run| code::EINVAL)?;
    ///     pages.push(page.into_page(), GFP_KERNEL)?;
    /// }
    /// assert_eq!(pages.len(), 4);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping what was split off frees it"]
    pub fn split_off(&mut self, at: usize) -> Option<Self> {
        let head_pages = NonZeroUsize::new(at)?;
        let tail_pages = NonZeroUsize::new(self.pages.get().checked_sub(at)?)?;
        // SAFETY: The run has more than `at` pages, so that the address lies within it.
        let tail_start = unsafe { self.start.add(at * PAGE_SIZE) };
        // INVARIANT: The pages of the run from its start on, but fewer.
        self.pages = head_pages;
        // SAFETY: The pages that this run just gave up, each counted by itself.
        Some(unsafe { Self::from_raw(tail_start, tail_pages) })
    }
}

impl<B> PageBlock<B> {
    /// Makes a run of the block, like `split_page()`: from then on each page is counted by itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Order, PageBlock};
    ///
    /// // Four pages that are taken at once, and freed in two parts.
    /// let mut head = PageBlock::new(Order::new(2)?, Gfp::KERNEL)?.split();
    /// let tail = head.split_off(3);
    /// assert_eq!((head.pages(), tail.map(|tail| tail.pages())), (3, Some(1)));
    /// assert!(head.split_off(3).is_none());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn split(self) -> PageRun<B> {
        let block = ManuallyDrop::new(self);
        // SAFETY: By the type invariants this is the first page of a block of this order, with one
        // reference, which is ours. No constructor asks for `__GFP_COMP`.
        unsafe { ffi::split_page(block.first_page(), block.order().get()) };
        let pages = NonZeroUsize::MIN.saturating_add(block.order().pages() - 1);
        // SAFETY: The pages of the block were ours, and `split_page()` gave each its own reference.
        unsafe { PageRun::from_raw(block.start(), pages) }
    }
}

impl<B> Deref for PageRun<B> {
    type Target = [B];

    fn deref(&self) -> &[B] {
        // SAFETY: By the type invariants the run has this many valid bytes, and nobody else writes.
        unsafe { slice::from_raw_parts(self.start.cast().as_ptr(), self.pages.get() * PAGE_SIZE) }
    }
}

impl<B> DerefMut for PageRun<B> {
    fn deref_mut(&mut self) -> &mut [B] {
        // SAFETY: By the type invariants the run has this many valid bytes, all ours.
        unsafe {
            slice::from_raw_parts_mut(self.start.cast().as_ptr(), self.pages.get() * PAGE_SIZE)
        }
    }
}

impl<B> fmt::Debug for PageRun<B> {
    /// Leaves the address out, and the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageRun")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

impl<B> Drop for PageRun<B> {
    fn drop(&mut self) {
        // SAFETY: By the type invariants each of these pages has one reference, which is ours; the
        // function gives back one after the other, wherever they came from.
        unsafe { ffi::free_pages_exact(self.start.as_ptr().cast(), self.pages.get() * PAGE_SIZE) };
    }
}
