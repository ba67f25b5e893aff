// SPDX-License-Identifier: GPL-2.0

//! `vmalloc()`: virtually contiguous memory in whole pages.
//!
//! Whether the pages are physically contiguous is luck; the types offer no physical address.
//!
//! C header: `include/linux/vmalloc.h`

use crate::{
    failure::{
        Failure,
        Refusal, //
    },
    ffi,
    gfp::{
        Context,
        Gfp,
        MaySleep,
        NonBlocking,
        Vmalloc, //
    },
    node::Node,
    owned::{
        sealed,
        Memory,
        Owned, //
    },
    size::{
        machine_memory_bytes,
        Bytes, //
    },
};
use core::{
    marker::PhantomData,
    mem::MaybeUninit,
    ptr::{self, NonNull},
};

/// Memory from `vmalloc()`; goes back by `vfree()`, or, where that may not sleep, `kvfree_atomic()`.
#[derive(Debug)]
pub struct VmallocMemory<C: Context>(PhantomData<C>);

// SAFETY: `vfree()` releases memory of `vmalloc()`.
unsafe impl sealed::Free for VmallocMemory<MaySleep> {
    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `vmalloc()`, and gives it up.
        unsafe { ffi::vfree(start.as_ptr().cast()) };
    }
}

// SAFETY: `kvfree_atomic()` releases memory of `vmalloc()`.
unsafe impl sealed::Free for VmallocMemory<NonBlocking> {
    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `vmalloc()`, and gives it up.
        unsafe { ffi::kvfree_atomic(start.as_ptr().cast()) };
    }
}

impl Memory for VmallocMemory<MaySleep> {}
impl Memory for VmallocMemory<NonBlocking> {}

/// Owns a `T` in vmalloc memory.
///
/// Dropping a `VmallocBox<T, MaySleep>` may sleep (`vfree()`). A `VmallocBox<T, NonBlocking>` may be
/// dropped wherever it may be made: not in NMI, and not in hard interrupts.
pub type VmallocBox<T, C = MaySleep> = Owned<T, VmallocMemory<C>>;

impl<C: Context> VmallocBox<[MaybeUninit<u8>], C>
where
    VmallocMemory<C>: Memory,
{
    /// Allocates bytes whose contents are unknown, like `__vmalloc()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory), or a
    /// [`Refusal::TooLarge`] if the machine has less memory than that.
    pub fn bytes(size: Bytes<Vmalloc>, gfp: Gfp<C, Vmalloc>) -> Result<Self, Failure> {
        Self::bytes_on(size, gfp, Node::ANY)
    }

    /// Allocates bytes whose contents are unknown, on a node if that has memory to spare.
    ///
    /// `vmalloc_node()` takes no flags; this is `vrealloc_node_align()` of nothing, which
    /// "behaves exactly like vmalloc" (`mm/vmalloc.c`) and takes them.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory), or a
    /// [`Refusal::TooLarge`] if the machine has less memory than that.
    pub fn bytes_on(
        size: Bytes<Vmalloc>,
        gfp: Gfp<C, Vmalloc>,
        node: Node,
    ) -> Result<Self, Failure> {
        let size_bytes = size.size_bytes();
        let memory_bytes = machine_memory_bytes();
        if size_bytes > memory_bytes {
            return Err(Failure::refused(
                "vmalloc",
                size_bytes,
                gfp.bits(),
                Refusal::TooLarge {
                    size_bytes,
                    max_bytes: memory_bytes,
                },
            ));
        }
        // SAFETY:
        // - A null pointer asks for a fresh allocation.
        // - By the invariants of `Bytes` the size is not zero, and we compared it with the machine.
        // - By the invariants of `Bytes` the alignment is a power of two.
        // - By the invariants of `Gfp` the mask is one that vmalloc supports.
        // - By the invariants of `Node` the node is none or online.
        let start = unsafe {
            ffi::vrealloc_node_align_noprof(
                ptr::null(),
                size_bytes,
                size.align_bytes(),
                gfp.bits(),
                node.raw(),
            )
        };
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(Failure::out_of_memory("vmalloc", size_bytes, gfp.bits()));
        };
        // SAFETY: A fresh allocation of vmalloc, of at least `size_bytes`, which is not zero.
        Ok(unsafe { Self::from_bytes(start, size_bytes) })
    }
}

impl<C: Context> VmallocBox<[u8], C>
where
    VmallocMemory<C>: Memory,
{
    /// Allocates bytes that read as zero, like `vzalloc()`.
    ///
    /// # Errors
    ///
    /// As [`bytes`](VmallocBox::bytes).
    pub fn zeroed(size: Bytes<Vmalloc>, gfp: Gfp<C, Vmalloc>) -> Result<Self, Failure> {
        Self::zeroed_on(size, gfp, Node::ANY)
    }

    /// Allocates bytes that read as zero, on a node if that has memory to spare, like
    /// `vzalloc_node()`.
    ///
    /// # Errors
    ///
    /// As [`bytes_on`](VmallocBox::bytes_on).
    pub fn zeroed_on(
        size: Bytes<Vmalloc>,
        gfp: Gfp<C, Vmalloc>,
        node: Node,
    ) -> Result<Self, Failure> {
        let bytes = VmallocBox::bytes_on(size, gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { bytes.assume_init() })
    }
}
