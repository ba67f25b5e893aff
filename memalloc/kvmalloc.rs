// SPDX-License-Identifier: GPL-2.0

//! `kvmalloc()`: kmalloc if that has memory at once, else vmalloc.
//!
//! C header: `include/linux/slab.h`

use crate::{
    failure::{
        Failure,
        Refusal, //
    },
    ffi,
    gfp::{
        Context,
        Gfp,
        Kvmalloc,
        MaySleep,
        NonBlocking, //
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
use core::{marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

/// Memory from `kvmalloc()`; goes back by `kvfree()`, or, where that may not sleep,
/// `kvfree_atomic()`.
#[derive(Debug)]
pub struct KvmallocMemory<C: Context>(PhantomData<C>);

// SAFETY: `kvfree()` releases memory of `kvmalloc()`.
unsafe impl sealed::Free for KvmallocMemory<MaySleep> {
    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `kvmalloc()`, and gives it up.
        unsafe { ffi::kvfree(start.as_ptr().cast()) };
    }
}

// SAFETY: `kvfree_atomic()` releases memory of `kvmalloc()`.
unsafe impl sealed::Free for KvmallocMemory<NonBlocking> {
    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `kvmalloc()`, and gives it up.
        unsafe { ffi::kvfree_atomic(start.as_ptr().cast()) };
    }
}

impl Memory for KvmallocMemory<MaySleep> {}
impl Memory for KvmallocMemory<NonBlocking> {}

/// Owns a `T` in kvmalloc memory; [`inspect`](crate::inspect) tells which allocator gave it.
///
/// Dropping a `KvmallocBox<T, MaySleep>` may sleep (`kvfree()` of vmalloc memory). A
/// `KvmallocBox<T, NonBlocking>` may be dropped wherever it may be made: not in NMI, and not in hard
/// interrupts.
pub type KvmallocBox<T, C = MaySleep> = Owned<T, KvmallocMemory<C>>;

impl<C: Context> KvmallocBox<[MaybeUninit<u8>], C>
where
    KvmallocMemory<C>: Memory,
{
    /// Allocates bytes whose contents are unknown, like `kvmalloc()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory), or a
    /// [`Refusal::TooLarge`] if the machine has less memory than that.
    pub fn bytes(size: Bytes<Kvmalloc>, gfp: Gfp<C, Kvmalloc>) -> Result<Self, Failure> {
        Self::bytes_on(size, gfp, Node::ANY)
    }

    /// Allocates bytes whose contents are unknown, like `kvmalloc_node()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory), or a
    /// [`Refusal::TooLarge`] if the machine has less memory than that.
    pub fn bytes_on(
        size: Bytes<Kvmalloc>,
        gfp: Gfp<C, Kvmalloc>,
        node: Node,
    ) -> Result<Self, Failure> {
        let size_bytes = size.size_bytes();
        let memory_bytes = machine_memory_bytes();
        if size.padded_bytes() > memory_bytes {
            return Err(Failure::refused(
                "kvmalloc",
                size_bytes,
                gfp.bits(),
                Refusal::TooLarge {
                    size_bytes,
                    max_bytes: memory_bytes,
                },
            ));
        }
        // SAFETY:
        // - By the invariants of `Bytes` the padded size is in `1..=INT_MAX`, and we compared it
        //   with the machine.
        // - By the invariants of `Bytes` the alignment is a power of two.
        // - By the invariants of `Gfp` the mask is one that kvmalloc supports.
        // - By the invariants of `Node` the node is none or online.
        let start = unsafe {
            ffi::kvmalloc_node_align(
                size.padded_bytes(),
                size.align_bytes(),
                gfp.bits(),
                node.raw(),
            )
        };
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(Failure::out_of_memory("kvmalloc", size_bytes, gfp.bits()));
        };
        // SAFETY: A fresh allocation of kvmalloc, of at least `size_bytes`, which is not zero.
        Ok(unsafe { Self::from_bytes(start, size_bytes) })
    }
}

impl<C: Context> KvmallocBox<[u8], C>
where
    KvmallocMemory<C>: Memory,
{
    /// Allocates bytes that read as zero, like `kvzalloc()`.
    ///
    /// # Errors
    ///
    /// As [`bytes`](KvmallocBox::bytes).
    pub fn zeroed(size: Bytes<Kvmalloc>, gfp: Gfp<C, Kvmalloc>) -> Result<Self, Failure> {
        Self::zeroed_on(size, gfp, Node::ANY)
    }

    /// Allocates bytes that read as zero, like `kvzalloc_node()`.
    ///
    /// # Errors
    ///
    /// As [`bytes_on`](KvmallocBox::bytes_on).
    pub fn zeroed_on(
        size: Bytes<Kvmalloc>,
        gfp: Gfp<C, Kvmalloc>,
        node: Node,
    ) -> Result<Self, Failure> {
        let bytes = KvmallocBox::bytes_on(size, gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { bytes.assume_init() })
    }
}
