// SPDX-License-Identifier: GPL-2.0

//! Blocks of 2^order pages, aligned to their size and physically contiguous.

use crate::{
    ffi,
    order::Order,
    physical::PhysicalAddress, //
};
use core::{
    fmt,
    marker::PhantomData,
    mem::{ManuallyDrop, MaybeUninit},
    ops::{Deref, DerefMut},
    ptr::NonNull,
    slice,
};

/// Owns a block of 2^order pages; dropping it gives the whole block back. May be dropped in any
/// context but NMI.
///
/// `B` is the state of the bytes: `MaybeUninit<u8>`, or `u8` once all of them were written.
///
/// # Invariants
///
/// - `first` is the first page of a block of order `order` that the page allocator gave, with one
///   reference, which this value holds.
/// - The block lies in the direct map (no `__GFP_HIGHMEM`), and its bytes are valid `B`s.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Order, PageBlock};
///
/// let block = PageBlock::new(Order::new(3)?, Gfp::KERNEL)?;
/// assert_eq!(block.len(), 8 * kernel::page::PAGE_SIZE);
/// assert_eq!(block.order().get(), 3);
/// assert!(Order::new(11).is_err());
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct PageBlock<B = MaybeUninit<u8>> {
    first: NonNull<ffi::page>,
    order: Order,
    _owns: PhantomData<B>,
}

// SAFETY: A block is the only owner of its pages, and any thread may give pages back.
unsafe impl<B: Send> Send for PageBlock<B> {}

// SAFETY: A shared block gives shared access to its bytes, and no more.
unsafe impl<B: Sync> Sync for PageBlock<B> {}

impl PageBlock {
    /// # Safety
    ///
    /// `first` is the first page of a block of order `order` in the direct map, whose only reference
    /// passes to the result.
    pub(super) unsafe fn from_raw(first: NonNull<ffi::page>, order: Order) -> Self {
        // INVARIANT: By this function's safety requirements; any bytes are valid `MaybeUninit`s.
        Self {
            first,
            order,
            _owns: PhantomData,
        }
    }

    /// Says that every byte was written.
    ///
    /// # Safety
    ///
    /// Every byte was written since the allocation, by the owner or by the kernel.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, initialize, Order, PageBlock};
    ///
    /// let mut block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    /// initialize::with(&mut block, |index| index as u8);
    /// // SAFETY: The line before wrote every byte.
    /// let block = unsafe { block.assume_init() };
    /// assert_eq!(&block[..3], &[0, 1, 2]);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub unsafe fn assume_init(self) -> PageBlock<u8> {
        let this = ManuallyDrop::new(self);
        // INVARIANT: The block passes on; the caller vouches for the bytes.
        PageBlock {
            first: this.first,
            order: this.order,
            _owns: PhantomData,
        }
    }
}

impl PageBlock<u8> {
    /// Forgets that the bytes were written, so that blocks of either kind can be stored in one
    /// place.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Order, PageBlock};
    ///
    /// let written = PageBlock::zeroed(Order::ZERO, Gfp::KERNEL)?;
    /// let fresh = PageBlock::new(Order::new(1)?, Gfp::KERNEL)?;
    /// let blocks: [PageBlock; 2] = [written.into_uninit(), fresh];
    /// assert_eq!(blocks.iter().map(|block| block.order().pages()).sum::<usize>(), 3);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn into_uninit(self) -> PageBlock {
        let this = ManuallyDrop::new(self);
        // INVARIANT: The block passes on; any bytes are valid `MaybeUninit`s.
        PageBlock {
            first: this.first,
            order: this.order,
            _owns: PhantomData,
        }
    }
}

impl<B> PageBlock<B> {
    /// The order of the block.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Where the block starts in physical memory. It is contiguous from there, and aligned to its
    /// size.
    ///
    /// This is not an address for a device: use the DMA API for that.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Order, PageBlock};
    ///
    /// let block = PageBlock::new(Order::new(4)?, Gfp::KERNEL)?;
    /// let size_bytes = block.order().size_bytes() as u64;
    /// assert_eq!(block.physical_address().as_u64() % size_bytes, 0);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn physical_address(&self) -> PhysicalAddress {
        // SAFETY: By the type invariants the block lies in the direct map.
        unsafe { PhysicalAddress::of_direct_map(self.start()) }
    }

    /// The first page.
    pub(super) fn first_page(&self) -> *mut ffi::page {
        self.first.as_ptr()
    }

    /// Where the bytes start.
    pub(crate) fn start(&self) -> NonNull<u8> {
        // SAFETY: By the type invariants the page is live.
        let start = unsafe { ffi::memalloc_page_address(self.first.as_ptr()) };
        // SAFETY: By the type invariants the page lies in the direct map, so that it has an address.
        unsafe { NonNull::new_unchecked(start.cast()) }
    }
}

impl<B> Deref for PageBlock<B> {
    type Target = [B];

    fn deref(&self) -> &[B] {
        // SAFETY: By the type invariants the block has this many valid bytes, and nobody else
        // writes.
        unsafe { slice::from_raw_parts(self.start().cast().as_ptr(), self.order.size_bytes()) }
    }
}

impl<B> DerefMut for PageBlock<B> {
    fn deref_mut(&mut self) -> &mut [B] {
        // SAFETY: By the type invariants the block has this many valid bytes, all ours.
        unsafe { slice::from_raw_parts_mut(self.start().cast().as_ptr(), self.order.size_bytes()) }
    }
}

impl<B> fmt::Debug for PageBlock<B> {
    /// Leaves the address out, and the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageBlock")
            .field("order", &self.order.get())
            .finish_non_exhaustive()
    }
}

impl<B> Drop for PageBlock<B> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: By the type invariants the block has this order, and we hold its only reference.
        unsafe { ffi::__free_pages(self.first.as_ptr(), self.order.get()) };
    }
}
