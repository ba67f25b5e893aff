// SPDX-License-Identifier: GPL-2.0

//! Plain bytes, at any alignment that the family can keep.

use super::{
    memory::check,
    AllocatesIn,
    Memory,
    Owned, //
};
use crate::{
    failure::Failure,
    gfp::{
        Context,
        Gfp, //
    },
    node::Node,
    size::Bytes,
};
use core::{
    mem::MaybeUninit,
    ptr::NonNull, //
};

impl<M: Memory> Owned<[MaybeUninit<u8>], M> {
    /// Allocates bytes whose contents are unknown, like `kmalloc()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory); of vmalloc and kvmalloc also
    /// [`Refusal::TooLarge`](crate::Refusal::TooLarge), if the machine has less memory than that.
    #[inline(always)]
    pub fn bytes<C: Context>(
        size: Bytes<M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let size_bytes = size.size_bytes();
        check::<M, C>(size.padded_bytes(), gfp)?;
        // SAFETY: By the invariants of `Bytes` the size and the alignment are in the family's
        // bounds, which we just compared with the machine, and the size is a multiple of the alignment
        // where it has to be; by those of `Gfp` the mask suits the family.
        let start = unsafe { M::allocate(size.padded_bytes(), size.align_bytes(), gfp.bits()) };
        // SAFETY: What the family returned for at least this size, which is not zero.
        unsafe { Self::from_allocated(start.cast(), size_bytes, gfp) }
    }

    /// Allocates bytes whose contents are unknown, like `kmalloc_node()`.
    ///
    /// The node is a preference, unless the flags say `thisnode()`.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Bytes, KvmallocBox, Node};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let ring = KvmallocBox::bytes_on(Bytes::aligned(100_000, 64)?, Gfp::KERNEL, node)?;
    /// assert_eq!(ring.len(), 100_000);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn bytes_on<C: Context>(
        size: Bytes<M::Family>,
        gfp: Gfp<C, M::Family>,
        node: Node,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let size_bytes = size.size_bytes();
        check::<M, C>(size.padded_bytes(), gfp)?;
        // SAFETY: By the invariants of `Bytes` the size and the alignment are in the family's
        // bounds, which we just compared with the machine, and the size is a multiple of the alignment
        // where it has to be; by those of `Gfp` the mask suits the family.
        let start =
            unsafe { M::allocate_on(size.padded_bytes(), size.align_bytes(), gfp.bits(), node) };
        // SAFETY: What the family returned for at least this size, which is not zero.
        unsafe { Self::from_allocated(start.cast(), size_bytes, gfp) }
    }

    /// # Safety
    ///
    /// `start` is null, or the start of an allocation of kind `M` of at least `size_bytes` bytes,
    /// which is not zero; its ownership passes to the result.
    #[inline(always)]
    unsafe fn from_allocated<C: Context>(
        start: *mut u8,
        size_bytes: usize,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, Failure> {
        let Some(start) = NonNull::new(start) else {
            return Err(Failure::out_of_memory(M::NAME, size_bytes, gfp.bits()));
        };
        let bytes = NonNull::slice_from_raw_parts(start.cast(), size_bytes);
        // SAFETY: Any bytes are valid `MaybeUninit<u8>`s; the rest is this function's contract.
        Ok(unsafe { Self::from_raw(bytes) })
    }
}

impl<M: Memory> Owned<[u8], M> {
    /// Allocates bytes that read as zero, like `kzalloc()`.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Owned::bytes).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Bytes, KmallocBox};
    ///
    /// let mut message = KmallocBox::zeroed_bytes(Bytes::new(8)?, Gfp::KERNEL)?;
    /// message[..5].copy_from_slice(b"hello");
    /// assert_eq!(&*message, b"hello\0\0\0");
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn zeroed_bytes<C: Context>(
        size: Bytes<M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let bytes = Owned::<[MaybeUninit<u8>], M>::bytes(size, gfp.zeroing())?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { bytes.assume_init() })
    }

    /// Allocates bytes that read as zero, like `kzalloc_node()`.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Owned::bytes).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Bytes, Node, VmallocBox};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let table = VmallocBox::zeroed_bytes_on(Bytes::new(100_000)?, Gfp::KERNEL, node)?;
    /// assert!(table.iter().all(|byte| *byte == 0));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn zeroed_bytes_on<C: Context>(
        size: Bytes<M::Family>,
        gfp: Gfp<C, M::Family>,
        node: Node,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let bytes = Owned::<[MaybeUninit<u8>], M>::bytes_on(size, gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write every byte.
        Ok(unsafe { bytes.assume_init() })
    }
}
