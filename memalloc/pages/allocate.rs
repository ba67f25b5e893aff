// SPDX-License-Identifier: GPL-2.0

//! Allocating blocks of pages.

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
    pages::block::PageBlock,
};
use core::ptr::{
    self,
    NonNull, //
};

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
            ptr::null_mut()
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
}
