// SPDX-License-Identifier: GPL-2.0

//! To and from the `kernel` crate's owners, without copying.
//!
//! Both free what they own by the same function of C, whatever the size, so that an owner of one
//! can become one of the other.

use super::{
    memory::sealed,
    Memory,
    Owned, //
};
use crate::{
    gfp::MaySleep,
    KmallocMemory,
    KvmallocMemory,
    VmallocMemory, //
};
use core::{
    mem::{
        align_of_val,
        size_of_val, //
    },
    pin::Pin,
    ptr::NonNull, //
};
use kernel::alloc::{
    allocator,
    Allocator,
    Box,
    Vec, //
};

/// Memory that the `kernel` crate knows too: of [`KmallocBox`](crate::KmallocBox), which becomes a
/// `KBox` or a `KVec`, and of those [`VmallocBox`](crate::VmallocBox)es and
/// [`KvmallocBox`](crate::KvmallocBox)es that may sleep when they are dropped, which become a
/// `VBox` or a `VVec`, and a `KVBox` or a `KVVec`.
///
/// # Safety
///
/// An allocation of this kind is one of `Allocator`, and the other way round: with the layout of a
/// value in it, `Allocator`'s `free` does what this kind's does.
///
/// # Examples
///
/// ```
/// use kernel::alloc::{flags::GFP_KERNEL, KBox, KVec};
/// use memalloc::{gfp::Gfp, Count, KmallocBox};
///
/// // Whole functions can keep to the owner that they know.
/// fn last(mut numbers: KVec<u32>) -> Option<u32> {
///     numbers.pop()
/// }
///
/// let numbers = KmallocBox::<[u32]>::zeroed_array(Count::new(10)?, Gfp::KERNEL)?;
/// assert_eq!(last(numbers.into()), Some(0));
///
/// let ours = KmallocBox::from(KBox::new(7_u64, GFP_KERNEL)?);
/// assert_eq!(*ours, 7);
/// let theirs = KBox::from(ours);
/// assert_eq!(*theirs, 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub unsafe trait SharedWithKernel: Memory {
    /// The `kernel` crate's name for this kind of memory.
    type Allocator: Allocator;
}

// SAFETY: `Kmalloc` allocates by `krealloc()` of nothing, which is `kmalloc()`, and frees by
// `krealloc()` to zero bytes, which is `kfree()`.
unsafe impl SharedWithKernel for KmallocMemory {
    type Allocator = allocator::Kmalloc;
}

// SAFETY: `Vmalloc` allocates by `vrealloc()` of nothing, and frees by `vrealloc()` to zero bytes,
// which is `vfree()`.
unsafe impl SharedWithKernel for VmallocMemory<MaySleep> {
    type Allocator = allocator::Vmalloc;
}

// SAFETY: `KVmalloc` allocates by `kvrealloc()` of nothing, and frees by `kvrealloc()` to zero
// bytes, which does what `kvfree()` does for the allocator that the memory came from.
unsafe impl SharedWithKernel for KvmallocMemory<MaySleep> {
    type Allocator = allocator::KVmalloc;
}

/// Where a value of no size is, for an [`Owned`]; other values stay where they are.
fn place<T: ?Sized>(value: NonNull<T>, size_bytes: usize, align_bytes: usize) -> NonNull<T> {
    if size_bytes > 0 || align_bytes > sealed::EMPTY_ADDRESS {
        return value;
    }
    // CAST: Addresses of nothing are small.
    let distance = sealed::EMPTY_ADDRESS.wrapping_sub(value.cast::<u8>().as_ptr().addr()) as isize;
    let value = value.as_ptr().wrapping_byte_offset(distance);
    // SAFETY: The address is now `EMPTY_ADDRESS`, which is above zero.
    unsafe { NonNull::new_unchecked(value) }
}

impl<T: ?Sized, M: SharedWithKernel> From<Box<T, M::Allocator>> for Owned<T, M> {
    fn from(value: Box<T, M::Allocator>) -> Self {
        let (size_bytes, align_bytes) = (size_of_val::<T>(&value), align_of_val::<T>(&value));
        // SAFETY: A `Box` points somewhere.
        let value = unsafe { NonNull::new_unchecked(Box::into_raw(value)) };
        // SAFETY: By the contract of `SharedWithKernel` a value with a size lies at the start of an
        // allocation of kind `M`, which the `Box` owned; one without is where `into_raw` would have
        // it, or aligned at least.
        unsafe { Self::from_raw(place(value, size_bytes, align_bytes)) }
    }
}

impl<T: ?Sized, M: SharedWithKernel> From<Owned<T, M>> for Box<T, M::Allocator> {
    fn from(value: Owned<T, M>) -> Self {
        // SAFETY: By the contract of `SharedWithKernel` a value with a size lies at the start of an
        // allocation of `Allocator`, which was ours; one without has an aligned address of nothing.
        unsafe { Box::from_raw(value.into_raw().as_ptr()) }
    }
}

impl<T: ?Sized, M: SharedWithKernel> From<Pin<Box<T, M::Allocator>>> for Pin<Owned<T, M>> {
    fn from(value: Pin<Box<T, M::Allocator>>) -> Self {
        // SAFETY: The value stays where it is, and is pinned again below.
        let value = unsafe { Pin::into_inner_unchecked(value) };
        Owned::from(value).into_pin()
    }
}

impl<T: ?Sized, M: SharedWithKernel> From<Pin<Owned<T, M>>> for Pin<Box<T, M::Allocator>> {
    fn from(value: Pin<Owned<T, M>>) -> Self {
        // SAFETY: The value stays where it is, and is pinned again below.
        let value = unsafe { Pin::into_inner_unchecked(value) };
        Pin::from(Box::from(value))
    }
}

impl<T, M: SharedWithKernel> From<Vec<T, M::Allocator>> for Owned<[T], M> {
    /// What the `Vec` set aside for more elements stays allocated until the array is freed, or
    /// resized.
    fn from(elements: Vec<T, M::Allocator>) -> Self {
        // One without elements can own memory, which an array without elements does not.
        if elements.is_empty() {
            drop(elements);
            let nothing = NonNull::slice_from_raw_parts(sealed::empty::<T>(), 0);
            // SAFETY: An array without elements, whose address came from `empty`.
            return unsafe { Self::from_raw(nothing) };
        }
        let (first, count, _) = elements.into_raw_parts();
        // SAFETY: A `Vec` points somewhere.
        let first = unsafe { NonNull::new_unchecked(first) };
        let elements = NonNull::slice_from_raw_parts(first, count);
        let size_bytes = count.wrapping_mul(size_of::<T>());
        // SAFETY: By the contract of `SharedWithKernel` elements with a size lie at the start of an
        // allocation of kind `M`, which the `Vec` owned; those without are where `into_raw` would
        // have them, or aligned at least.
        unsafe { Self::from_raw(place(elements, size_bytes, align_of::<T>())) }
    }
}

impl<T, M: SharedWithKernel> From<Owned<[T], M>> for Vec<T, M::Allocator> {
    fn from(elements: Owned<[T], M>) -> Self {
        let elements = elements.into_raw();
        let count = elements.len();
        // SAFETY: By the contract of `SharedWithKernel` elements with a size lie at the start of an
        // allocation of `Allocator`, which was ours, and is large enough for this many; else the
        // address is an aligned one of nothing, and either the count is zero or `T` has no size.
        unsafe { Vec::from_raw_parts(elements.cast().as_ptr(), count, count) }
    }
}
