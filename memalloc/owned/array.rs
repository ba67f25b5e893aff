// SPDX-License-Identifier: GPL-2.0

//! Arrays, whose length is known at run time and was checked once.

use super::{
    memory::{
        check,
        sealed, //
    },
    AllocatesIn,
    Memory,
    Owned, //
};
use crate::{
    count::Count,
    failure::Failure,
    gfp::{
        Context,
        Gfp, //
    },
};
use core::{
    ffi::c_void,
    mem::MaybeUninit,
    ptr::NonNull, //
};
use kernel::prelude::Zeroable;

impl<T, M: Memory> Owned<[MaybeUninit<T>], M> {
    /// Allocates an array whose contents are unknown, like `kmalloc_array()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory); of vmalloc and kvmalloc also
    /// [`Refusal::TooLarge`](crate::Refusal::TooLarge), if the machine has less memory than that.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Count, KmallocBox};
    ///
    /// // kmalloc_array(10, sizeof(u64), GFP_KERNEL).
    /// let squares = KmallocBox::array(Count::new(10)?, Gfp::KERNEL)?;
    /// let squares = squares.write_with(|index| index * index);
    /// assert_eq!(squares[9], 81);
    /// // Of no elements there is no memory, and nothing that could fail.
    /// let nothing = KmallocBox::<[_]>::array(Count::new(0)?, Gfp::KERNEL)?;
    /// assert_eq!(nothing.write_with(|_| 0_u8).len(), 0);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn array<C: Context>(
        count: Count<T, M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        Self::array_with(count, gfp, |size_bytes| {
            // SAFETY: `array_with` calls with the size of this many elements, whose alignment by the
            // invariants of `Count` the family can keep; by those of `Gfp` the mask suits the family.
            unsafe { M::allocate(size_bytes, align_of::<T>(), gfp.bits()) }
        })
    }

    /// Calls `allocate` with the size of the array, if it needs memory, or the family knows what to give
    /// if not: a size in the family's bounds, which passed [`check`], and is a multiple of `T`'s alignment.
    /// It returns null or fresh memory of that size and of `T`'s alignment.
    #[inline(always)]
    pub(super) fn array_with<C: Context>(
        count: Count<T, M::Family>,
        gfp: Gfp<C, M::Family>,
        allocate: impl FnOnce(usize) -> *mut c_void,
    ) -> Result<Self, Failure> {
        let size_bytes = count.size_bytes();
        let start = if size_bytes == 0 && !sealed::knows_empty::<M>(align_of::<T>()) {
            sealed::empty()
        } else {
            check::<M, C>(size_bytes, gfp)?;
            match NonNull::new(allocate(size_bytes).cast()) {
                Some(start) => start,
                None => return Err(Failure::out_of_memory(M::NAME, size_bytes, gfp.bits())),
            }
        };
        let elements = NonNull::slice_from_raw_parts(start, count.get());
        // SAFETY: Any bytes are valid `MaybeUninit<T>`s. If they have a size, this is a fresh
        // allocation of kind `M` of that size and alignment, else it is what `empty` returns, or
        // `ZERO_SIZE_PTR`, which is the same.
        Ok(unsafe { Self::from_raw(elements) })
    }

    /// Says that all elements are valid.
    ///
    /// # Safety
    ///
    /// Valid `T`s were written to all elements since the allocation, by the owner or by the kernel.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, initialize, Bytes, KmallocBox};
    ///
    /// let mut buffer = KmallocBox::bytes(Bytes::new(4)?, Gfp::KERNEL)?;
    /// initialize::with(&mut buffer, |index| index as u8);
    /// // SAFETY: The line before wrote every byte.
    /// let buffer = unsafe { buffer.assume_init() };
    /// assert_eq!(&*buffer, &[0, 1, 2, 3]);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub unsafe fn assume_init(self) -> Owned<[T], M> {
        let elements = self.into_raw();
        let elements = NonNull::slice_from_raw_parts(elements.cast(), elements.len());
        // SAFETY: The caller vouches for the elements; the memory was ours.
        unsafe { Owned::from_raw(elements) }
    }

    /// Writes every element, the value of each given by its index.
    ///
    /// Should `value_at` never return, the elements that it made are not dropped, and the memory is
    /// not freed.
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn write_with(mut self, mut value_at: impl FnMut(usize) -> T) -> Owned<[T], M> {
        for (index, element) in self.iter_mut().enumerate() {
            element.write(value_at(index));
        }
        // SAFETY: The loop wrote every element.
        unsafe { self.assume_init() }
    }
}

impl<T: Zeroable, M: Memory> Owned<[T], M> {
    /// Allocates an array of elements all of whose bytes are zero, like `kcalloc()`.
    ///
    /// # Errors
    ///
    /// As [`array`](Owned::array).
    #[inline(always)]
    pub fn zeroed_array<C: Context>(
        count: Count<T, M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let zeroes = Owned::<[MaybeUninit<T>], M>::array(count, gfp.zeroing())?;
        // SAFETY: `__GFP_ZERO` makes the kernel write zeroes, which are valid `T`s.
        Ok(unsafe { zeroes.assume_init() })
    }
}

impl<T, M: Memory> Owned<[T], M> {
    /// Forgets that the elements were written, without dropping them, so that memory of either kind
    /// can be stored in one place.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::mem::MaybeUninit;
    /// use memalloc::{gfp::Gfp, Bytes, KmallocBox};
    ///
    /// // Buffers of a pool, written or not.
    /// let written = KmallocBox::zeroed_bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    /// let fresh = KmallocBox::bytes(Bytes::new(200)?, Gfp::KERNEL)?;
    /// let buffers: [KmallocBox<[MaybeUninit<u8>]>; 2] = [written.into_uninit(), fresh];
    /// assert_eq!(buffers.iter().map(|buffer| buffer.len()).sum::<usize>(), 300);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn into_uninit(self) -> Owned<[MaybeUninit<T>], M> {
        let elements = self.into_raw();
        let elements = NonNull::slice_from_raw_parts(elements.cast(), elements.len());
        // SAFETY: The memory was ours; any bytes are valid `MaybeUninit<T>`s.
        unsafe { Owned::from_raw(elements) }
    }
}

impl<T, M: Memory, const LENGTH: usize> Owned<[T; LENGTH], M> {
    /// Forgets that the length is known at compile time.
    ///
    /// To allocate an array of known length as a value, and then forget it, is cheaper than to have
    /// the length checked, as it is in C: `kmalloc_array(16, sizeof(u32), …)` is
    /// `KmallocBox::<MaybeUninit<[u32; 16]>>::new_uninit(…)?.into_slice()`, and `kcalloc()` is
    /// `KmallocBox::<[u32; 16]>::zeroed(…)?.into_slice()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let numbers: KmallocBox<[u32]> = KmallocBox::<[u32; 16]>::zeroed(Gfp::KERNEL)?.into_slice();
    /// assert_eq!(numbers.len(), 16);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn into_slice(self) -> Owned<[T], M> {
        let array = self.into_raw();
        let elements = NonNull::slice_from_raw_parts(array.cast(), LENGTH);
        // SAFETY: The memory was ours; a slice of all elements has the array's size and alignment.
        unsafe { Owned::from_raw(elements) }
    }
}

impl<T, M: Memory, const LENGTH: usize> Owned<MaybeUninit<[T; LENGTH]>, M> {
    /// Forgets that the length is known at compile time.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::mem::MaybeUninit;
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let numbers = KmallocBox::<MaybeUninit<[usize; 16]>>::new_uninit(Gfp::KERNEL)?.into_slice();
    /// assert_eq!(numbers.write_with(|index| index)[15], 15);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn into_slice(self) -> Owned<[MaybeUninit<T>], M> {
        let array = self.into_raw();
        let elements = NonNull::slice_from_raw_parts(array.cast(), LENGTH);
        // SAFETY: The memory was ours; a slice of all elements has the array's size and alignment;
        // any bytes are valid `MaybeUninit<T>`s.
        unsafe { Owned::from_raw(elements) }
    }
}
