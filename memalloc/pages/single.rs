// SPDX-License-Identifier: GPL-2.0

//! One page, as small as a pointer; many of them in one call.

use crate::{
    failure::Failure,
    ffi,
    gfp::{
        Context,
        Gfp,
        Pages, //
    },
    node::Node,
    order::Order,
    pages::{
        block::PageBlock,
        run::PageRun, //
    },
};
use core::{
    fmt,
    mem::ManuallyDrop,
    ptr::{
        self,
        NonNull, //
    },
};
use kernel::page::{
    BorrowedPage,
    Page, //
};
use pin_init::ZeroableOption;

/// Owns one page, whose contents are unknown. May be dropped in any context but NMI.
///
/// An array of `Option<SinglePage>` has the layout of C's `struct page *pages[]`, which is what
/// [`fill`](Self::fill) lives on. Such an array can be of any kind of memory that reads as zero.
///
/// # Invariants
///
/// It points to a page in the direct map, with one reference, which this value holds: nobody else
/// uses the page.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Node, SinglePage};
///
/// // alloc_pages_bulk(GFP_KERNEL, 16, pages).
/// let mut pages = [const { None }; 16];
/// let filled = SinglePage::fill(&mut pages, Gfp::KERNEL, Node::ANY);
/// assert_eq!(pages.iter().flatten().count(), filled);
/// ```
///
/// More than fit on the stack:
///
/// ```
/// use memalloc::{gfp::Gfp, Count, KvmallocBox, Node, SinglePage};
///
/// let count = Count::new(1000)?;
/// let mut pages = KvmallocBox::<[Option<SinglePage>]>::zeroed_array(count, Gfp::KERNEL)?;
/// let full = SinglePage::fill(&mut pages, Gfp::KERNEL, Node::ANY);
/// assert!(pages.iter().take(full).all(|page| page.is_some()));
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[repr(transparent)]
pub struct SinglePage(NonNull<ffi::page>);

// SAFETY: It is the only owner of its page, and any thread may give pages back.
unsafe impl Send for SinglePage {}

// SAFETY: A shared page gives no access at all.
unsafe impl Sync for SinglePage {}

// SAFETY: It is a transparent wrapper of a pointer that is not null, for which `None` is the null pointer
// (https://doc.rust-lang.org/std/option/index.html#representation).
unsafe impl ZeroableOption for SinglePage {}

impl SinglePage {
    /// Allocates a page, like `alloc_page()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Order, SinglePage};
    ///
    /// // To store many, the pointer is enough; to use one, it becomes a block.
    /// let page = SinglePage::new(Gfp::KERNEL)?;
    /// let block = page.into_block();
    /// assert_eq!(block.order(), Order::ZERO);
    /// let page = SinglePage::try_from(block);
    /// assert!(page.is_ok());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn new<C: Context>(gfp: Gfp<C, Pages>) -> Result<Self, Failure> {
        let block = ManuallyDrop::new(PageBlock::new(Order::ZERO, gfp)?);
        // SAFETY: A block has a first page.
        let page = unsafe { NonNull::new_unchecked(block.first_page()) };
        // INVARIANT: A block of order 0 is one page, and its reference passes on.
        Ok(Self(page))
    }

    /// Fills the slots that are empty, as many as there is memory for at once, like
    /// `alloc_pages_bulk()`. Returns how many slots, from the first on, are full at least; behind them
    /// there may be others that were full before.
    ///
    /// The kernel may give fewer pages than there are slots, and that is no failure: call again, or
    /// fill the rest one by one. With `accounted()` it gives one page a call, once there was a memory
    /// cgroup.
    pub fn fill<C: Context>(slots: &mut [Option<Self>], gfp: Gfp<C, Pages>, node: Node) -> usize {
        let node = node.or_nearest().raw();
        // CAST: More slots than this are filled by a further call.
        let count = slots.len().min(i32::MAX as usize) as i32;
        // SAFETY: By the invariants of `Gfp` the mask suits the page allocator; the node is online;
        // no mask of nodes is asked for. A slot is null or a page, as the function wants it, which
        // writes pages with one reference, in the direct map, to those that are null.
        unsafe {
            ffi::alloc_hooks(|| {
                ffi::alloc_pages_bulk_noprof(
                    gfp.bits(),
                    node,
                    ptr::null_mut(),
                    count,
                    slots.as_mut_ptr().cast(),
                )
            })
        }
    }

    /// The page as a block of order 0, whose bytes can be used.
    #[must_use = "dropping the result frees the memory"]
    pub fn into_block(self) -> PageBlock {
        let page = ManuallyDrop::new(self).0;
        // SAFETY: By the type invariants this is a page in the direct map with one reference, which
        // passes on.
        unsafe { PageBlock::from_raw(page, Order::ZERO) }
    }

    /// The page as the `kernel` crate's type.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{error::code::EBUSY, page::Page};
    /// use memalloc::{gfp::Gfp, SinglePage};
    ///
    /// // For functions of the `kernel` crate, and back, once user space has it no longer.
    /// let page: Page = SinglePage::new(Gfp::KERNEL)?.into_page();
    /// let page = SinglePage::try_from(page).map_err(|_page| EBUSY)?;
    /// assert_eq!(page.into_block().order().pages(), 1);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn into_page(self) -> Page {
        let page = ManuallyDrop::new(self).0;
        // SAFETY: By the type invariants the page is live, and stays so during the borrow.
        let borrowed = unsafe { BorrowedPage::from_raw(page) };
        // SAFETY: A `Page` is an owned page of order 0. Ours passes on, and `borrowed` drops nothing.
        unsafe { ptr::read(&*borrowed) }
    }
}

impl TryFrom<Page> for SinglePage {
    type Error = Page;

    /// Succeeds for pages that nobody else has; returns others, such as one that is mapped into user
    /// space (`VmaMixedMap::vm_insert_page()`).
    fn try_from(page: Page) -> Result<Self, Page> {
        // SAFETY: A `Page` points to a live page.
        if unsafe { ffi::memalloc_page_count(page.as_ptr()) } != 1 {
            return Err(page);
        }
        let page = ManuallyDrop::new(page);
        // SAFETY: A `Page` points to a page.
        let page = unsafe { NonNull::new_unchecked(page.as_ptr()) };
        // INVARIANT: A `Page` owns a page of order 0, whose reference passes on. That is the only one,
        // so that there is no mapping, and without the `Page` nobody can make one. `Page` has no way
        // to ask for memory outside the direct map on machines that have no such memory; on others
        // it may, which is why those are refused at build time (see `ffi`).
        Ok(Self(page))
    }
}

impl TryFrom<PageRun> for SinglePage {
    type Error = PageRun;

    /// Succeeds for runs of one page; returns others.
    fn try_from(run: PageRun) -> Result<Self, PageRun> {
        if run.pages() != 1 {
            return Err(run);
        }
        let run = ManuallyDrop::new(run);
        // SAFETY: By the invariants of `PageRun` this is an address in the direct map.
        let page = unsafe { ffi::memalloc_virt_to_page(run.start().as_ptr().cast()) };
        // SAFETY: What lies in the direct map has a `struct page`.
        let page = unsafe { NonNull::new_unchecked(page) };
        // INVARIANT: The pages of a run have one reference each, and this one passes on.
        Ok(Self(page))
    }
}

impl TryFrom<PageBlock> for SinglePage {
    type Error = PageBlock;

    /// Succeeds for blocks of order 0; returns others.
    fn try_from(block: PageBlock) -> Result<Self, PageBlock> {
        if block.order() != Order::ZERO {
            return Err(block);
        }
        let block = ManuallyDrop::new(block);
        // SAFETY: A block has a first page.
        let page = unsafe { NonNull::new_unchecked(block.first_page()) };
        // INVARIANT: A block of order 0 is one page, and its reference passes on.
        Ok(Self(page))
    }
}

impl fmt::Debug for SinglePage {
    /// Leaves the address out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SinglePage").finish_non_exhaustive()
    }
}

impl Drop for SinglePage {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: By the type invariants this is one page, and we hold its only reference.
        unsafe { ffi::__free_pages(self.0.as_ptr(), 0) };
    }
}

// What `fill` lives on.
const _: () = assert!(size_of::<Option<SinglePage>>() == size_of::<*mut ffi::page>());
