// SPDX-License-Identifier: GPL-2.0

//! The owning pointer that the byte-sized families share.

use core::{
    marker::PhantomData,
    mem::{ManuallyDrop, MaybeUninit},
    ops::{Deref, DerefMut},
    ptr::NonNull,
};

pub(crate) mod sealed {
    use core::ptr::NonNull;

    /// How memory of one family goes back to the kernel.
    ///
    /// # Safety
    ///
    /// `free` releases memory of this family, and nothing else.
    pub unsafe trait Free {
        /// Frees the memory that starts at `start`.
        ///
        /// # Safety
        ///
        /// - `start` came from an allocating function of this family, and was not freed.
        /// - Nothing refers to the memory any more.
        unsafe fn free(start: NonNull<u8>);
    }
}

/// A kind of memory: which family gave it, and so which function takes it back.
///
/// Sealed: [`KmallocMemory`](crate::KmallocMemory), [`VmallocMemory`](crate::VmallocMemory) and
/// [`KvmallocMemory`](crate::KvmallocMemory).
pub trait Memory: sealed::Free + 'static {}

/// Owns a `T` in memory of kind `M`; dropping it frees the memory with the function that matches.
///
/// It is used through the aliases [`KmallocBox`](crate::KmallocBox),
/// [`VmallocBox`](crate::VmallocBox) and [`KvmallocBox`](crate::KvmallocBox), which say in what
/// context a value may be dropped.
///
/// # Invariants
///
/// - `value` points to a valid `T` of at least one byte, at the start of an allocation of kind `M`.
/// - This value is the allocation's only owner.
pub struct Owned<T: ?Sized, M: Memory> {
    value: NonNull<T>,
    _owns: PhantomData<(M, T)>,
}

// SAFETY: An `Owned` is the only owner of its `T`, and kernel memory may be freed by any thread.
unsafe impl<T: ?Sized + Send, M: Memory> Send for Owned<T, M> {}

// SAFETY: A shared `Owned` gives shared access to its `T`, and no more.
unsafe impl<T: ?Sized + Sync, M: Memory> Sync for Owned<T, M> {}

impl<T: ?Sized, M: Memory> Owned<T, M> {
    /// # Safety
    ///
    /// `value` points to a valid `T` of at least one byte, at the start of an allocation of kind
    /// `M`, whose ownership passes to the result.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(value: NonNull<T>) -> Self {
        // INVARIANT: Both are the safety requirements of this function.
        Self {
            value,
            _owns: PhantomData,
        }
    }

    /// Gives up ownership without freeing.
    #[inline(always)]
    pub(crate) fn into_raw(self) -> NonNull<T> {
        ManuallyDrop::new(self).value
    }

    /// Where the memory starts.
    #[inline(always)]
    pub(crate) fn start(&self) -> NonNull<u8> {
        self.value.cast()
    }
}

impl<M: Memory> Owned<[MaybeUninit<u8>], M> {
    /// # Safety
    ///
    /// `start` is the start of an allocation of kind `M` of at least `size_bytes` bytes, which is
    /// not zero; its ownership passes to the result.
    #[inline(always)]
    pub(crate) unsafe fn from_bytes(start: NonNull<u8>, size_bytes: usize) -> Self {
        let bytes = NonNull::slice_from_raw_parts(start.cast(), size_bytes);
        // SAFETY: Any bytes are valid `MaybeUninit<u8>`s; the rest is this function's contract.
        unsafe { Self::from_raw(bytes) }
    }

    /// Says that every byte was written.
    ///
    /// # Safety
    ///
    /// Every byte was written since the allocation, by the owner or by the kernel.
    #[inline(always)]
    pub unsafe fn assume_init(self) -> Owned<[u8], M> {
        let bytes = self.into_raw();
        let bytes = NonNull::slice_from_raw_parts(bytes.cast(), bytes.len());
        // SAFETY: The caller vouches for the bytes; the allocation was ours.
        unsafe { Owned::from_raw(bytes) }
    }
}

impl<M: Memory> Owned<[u8], M> {
    /// Forgets that the bytes were written, so that memory of either kind can be stored in one
    /// place.
    #[inline(always)]
    pub fn into_uninit(self) -> Owned<[MaybeUninit<u8>], M> {
        let bytes = self.into_raw();
        // SAFETY: The allocation was ours, and a slice that we own has at least one byte.
        unsafe { Owned::from_bytes(bytes.cast(), bytes.len()) }
    }
}

impl<T: ?Sized, M: Memory> Deref for Owned<T, M> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: By the type invariants the pointer is valid, and nobody else writes.
        unsafe { self.value.as_ref() }
    }
}

impl<T: ?Sized, M: Memory> DerefMut for Owned<T, M> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: By the type invariants the pointer is valid and ours alone.
        unsafe { self.value.as_mut() }
    }
}

impl<T: ?Sized, M: Memory> Drop for Owned<T, M> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: By the type invariants the value is valid and ours alone; it is not used again.
        unsafe { self.value.drop_in_place() };
        // SAFETY:
        // - By the type invariants this is the start of an unfreed allocation of kind `M`.
        // - This value was its only owner, and is going away.
        unsafe { M::free(self.value.cast()) };
    }
}
