// SPDX-License-Identifier: GPL-2.0

//! Blocks of 2^order pages, aligned to their size and physically contiguous.

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
    physical::PhysicalAddress,
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
    /// Allocates a block whose contents are unknown, like `alloc_pages()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    pub fn new<C: Context>(order: Order, gfp: Gfp<C, Pages>) -> Result<Self, Failure> {
        // SAFETY: By their invariants the mask suits the page allocator and the order is valid.
        let first =
            unsafe { ffi::alloc_hooks(|| ffi::alloc_pages_noprof(gfp.bits(), order.get())) };
        // SAFETY: What `alloc_pages()` returned for this order, without `__GFP_HIGHMEM`.
        unsafe { Self::from_allocated(first, order, gfp, "alloc_pages") }
    }

    /// Allocates a block whose contents are unknown, like `alloc_pages_node()`.
    ///
    /// The node is a preference, unless the flags say [`thisnode`](Gfp::thisnode).
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Node, Order, PageBlock};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let ring = PageBlock::new_on(Order::new(2)?, Gfp::KERNEL, node)?;
    /// assert_eq!(ring.order().pages(), 4);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn new_on<C: Context>(
        order: Order,
        gfp: Gfp<C, Pages>,
        node: Node,
    ) -> Result<Self, Failure> {
        // SAFETY: By their invariants the mask suits the page allocator, the order is valid, and
        // the node is none or online.
        let first = unsafe {
            ffi::alloc_hooks(|| ffi::alloc_pages_node_noprof(node.raw(), gfp.bits(), order.get()))
        };
        // SAFETY: What `alloc_pages_node()` returned for this order, without `__GFP_HIGHMEM`.
        unsafe { Self::from_allocated(first, order, gfp, "alloc_pages_node") }
    }

    /// Allocates a block whose contents are unknown, like `__get_free_pages()`.
    ///
    /// The C function differs from `alloc_pages()` in what it returns, the address of the memory
    /// and not of its first `struct page`; the owner knows both.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, initialize, Order, PageBlock};
    ///
    /// let mut page = PageBlock::get_free_pages(Order::ZERO, Gfp::ATOMIC)?;
    /// let page = initialize::with(&mut page, |_| 0xff);
    /// assert_eq!(page.first(), Some(&0xff));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn get_free_pages<C: Context>(order: Order, gfp: Gfp<C, Pages>) -> Result<Self, Failure> {
        // SAFETY: By their invariants the mask suits the page allocator and the order is valid.
        let start =
            unsafe { ffi::alloc_hooks(|| ffi::get_free_pages_noprof(gfp.bits(), order.get())) };
        let first = if start == 0 {
            core::ptr::null_mut()
        } else {
            // SAFETY: `__get_free_pages()` returns addresses in the direct map.
            unsafe { ffi::memalloc_virt_to_page(start as *const _) }
        };
        // SAFETY: The first page of what `__get_free_pages()` returned for this order.
        unsafe { Self::from_allocated(first, order, gfp, "__get_free_pages") }
    }

    /// # Safety
    ///
    /// `first` is null, or the first page of a fresh block of order `order` in the direct map,
    /// whose only reference passes to the result.
    unsafe fn from_allocated<C: Context>(
        first: *mut ffi::page,
        order: Order,
        gfp: Gfp<C, Pages>,
        function: &'static str,
    ) -> Result<Self, Failure> {
        let Some(first) = NonNull::new(first) else {
            return Err(Failure::out_of_memory(
                function,
                order.size_bytes(),
                gfp.bits(),
            ));
        };
        // SAFETY: This function's contract.
        Ok(unsafe { Self::from_raw(first, order) })
    }

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
    /// Allocates a block that reads as zero, like `alloc_pages()` with `__GFP_ZERO`; order 0 is
    /// `get_zeroed_page()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Order, PageBlock};
    ///
    /// // get_zeroed_page(GFP_KERNEL): a page that user space may map shows nothing of the kernel.
    /// let page = PageBlock::zeroed(Order::ZERO, Gfp::KERNEL)?;
    /// assert!(page.iter().all(|byte| *byte == 0));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn zeroed<C: Context>(order: Order, gfp: Gfp<C, Pages>) -> Result<Self, Failure> {
        let block = PageBlock::new(order, gfp.zeroing())?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { block.assume_init() })
    }

    /// Allocates a block that reads as zero, like `alloc_pages_node()` with `__GFP_ZERO`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Node, Order, PageBlock};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let ring = PageBlock::zeroed_on(Order::new(1)?, Gfp::KERNEL, node)?;
    /// assert!(ring.iter().all(|byte| *byte == 0));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn zeroed_on<C: Context>(
        order: Order,
        gfp: Gfp<C, Pages>,
        node: Node,
    ) -> Result<Self, Failure> {
        let block = PageBlock::new_on(order, gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { block.assume_init() })
    }

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
