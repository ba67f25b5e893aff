// SPDX-License-Identifier: GPL-2.0

//! `kmalloc()`: physically contiguous memory from the slab allocator, up to `KMALLOC_MAX_SIZE`.
//!
//! Above `KMALLOC_MAX_CACHE_SIZE` (two pages) the memory is a block of pages of the next order.
//!
//! C header: `include/linux/slab.h`

use crate::{
    failure::Failure,
    ffi,
    gfp::{
        Context,
        Gfp,
        Kmalloc, //
    },
    node::Node,
    owned::{
        sealed,
        Memory,
        Owned, //
    },
    physical::PhysicalAddress,
    size::Bytes,
};
use core::{mem::MaybeUninit, ptr::NonNull};

/// Memory from `kmalloc()`; goes back by `kfree()`.
#[derive(Debug)]
pub enum KmallocMemory {}

// SAFETY: `kfree()` releases memory of `kmalloc()`.
unsafe impl sealed::Free for KmallocMemory {
    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `kmalloc()`, and gives it up.
        unsafe { ffi::kfree(start.as_ptr().cast()) };
    }
}

impl Memory for KmallocMemory {}

/// Owns a `T` in kmalloc memory. May be dropped in any context but NMI.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Bytes, KmallocBox};
///
/// let buffer = KmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// // The slice covers what was asked for, although the slab object is larger.
/// assert_eq!(buffer.len(), 100);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub type KmallocBox<T> = Owned<T, KmallocMemory>;

impl KmallocBox<[MaybeUninit<u8>]> {
    /// Allocates bytes whose contents are unknown, like `kmalloc()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    pub fn bytes<C: Context>(size: Bytes<Kmalloc>, gfp: Gfp<C, Kmalloc>) -> Result<Self, Failure> {
        Self::bytes_on(size, gfp, Node::ANY)
    }

    /// Allocates bytes whose contents are unknown, like `kmalloc_node()`.
    ///
    /// The node is a preference, unless the flags say [`thisnode`](Gfp::thisnode).
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    pub fn bytes_on<C: Context>(
        size: Bytes<Kmalloc>,
        gfp: Gfp<C, Kmalloc>,
        node: Node,
    ) -> Result<Self, Failure> {
        // SAFETY:
        // - By the invariants of `Bytes` the padded size is in `1..=KMALLOC_MAX_SIZE`.
        // - By the invariants of `Gfp` the mask suits kmalloc.
        // - By the invariants of `Node` the node is none or online.
        let start = unsafe { ffi::kmalloc_node(size.padded_bytes(), gfp.bits(), node.raw()) };
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(Failure::out_of_memory(
                "kmalloc",
                size.size_bytes(),
                gfp.bits(),
            ));
        };
        // SAFETY: A fresh allocation of kmalloc, of at least `size_bytes`, which is not zero.
        Ok(unsafe { Self::from_bytes(start, size.size_bytes()) })
    }
}

impl KmallocBox<[u8]> {
    /// Allocates bytes that read as zero, like `kzalloc()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    pub fn zeroed<C: Context>(size: Bytes<Kmalloc>, gfp: Gfp<C, Kmalloc>) -> Result<Self, Failure> {
        Self::zeroed_on(size, gfp, Node::ANY)
    }

    /// Allocates bytes that read as zero, like `kzalloc_node()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    pub fn zeroed_on<C: Context>(
        size: Bytes<Kmalloc>,
        gfp: Gfp<C, Kmalloc>,
        node: Node,
    ) -> Result<Self, Failure> {
        let bytes = KmallocBox::bytes_on(size, gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { bytes.assume_init() })
    }
}

impl<T: ?Sized> KmallocBox<T> {
    /// Where the memory starts in physical memory. It is contiguous from there.
    ///
    /// This is not an address for a device: use the DMA API for that.
    pub fn physical_address(&self) -> PhysicalAddress {
        // SAFETY: kmalloc memory lies in the direct map.
        unsafe { PhysicalAddress::of_direct_map(self.start()) }
    }
}
