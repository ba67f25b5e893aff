// SPDX-License-Identifier: GPL-2.0

//! Owners in the private data of C's structures.

use super::{
    memory::sealed,
    Memory,
    Owned, //
};
use crate::ffi;
use core::{
    ffi::c_void,
    pin::Pin,
    ptr::NonNull, //
};
use kernel::types::ForeignOwnable;

/// The alignment of what every family returns, and of [`sealed::empty`].
const fn align_bytes<T>() -> usize {
    let least = if ffi::RAW_ARCH_KMALLOC_MINALIGN < sealed::EMPTY_ADDRESS {
        ffi::RAW_ARCH_KMALLOC_MINALIGN
    } else {
        sealed::EMPTY_ADDRESS
    };
    if align_of::<T>() > least {
        align_of::<T>()
    } else {
        least
    }
}

/// # Examples
///
/// ```
/// use kernel::types::ForeignOwnable;
/// use memalloc::{gfp::Gfp, KmallocBox};
///
/// // What goes to C, as the private data of a device or a work item.
/// let private = KmallocBox::new(7_u64, Gfp::KERNEL)?.into_foreign();
/// // SAFETY: It came from `into_foreign`, and is taken back once.
/// let number: KmallocBox<u64> = unsafe { KmallocBox::from_foreign(private) };
/// assert_eq!(*number, 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
// SAFETY: The pointers that `into_foreign` returns come from a `NonNull`, and from the start of an
// allocation or from `empty`, so that they have this alignment.
unsafe impl<T, M: Memory> ForeignOwnable for Owned<T, M> {
    const FOREIGN_ALIGN: usize = align_bytes::<T>();

    type Borrowed<'a>
        = &'a T
    where
        Self: 'a;

    type BorrowedMut<'a>
        = &'a mut T
    where
        Self: 'a;

    fn into_foreign(self) -> *mut c_void {
        let value = self.into_raw();
        if size_of::<T>() == 0 {
            // It may have come from elsewhere, with a smaller alignment.
            return sealed::empty::<T>().as_ptr().cast();
        }
        value.as_ptr().cast()
    }

    unsafe fn from_foreign(ptr: *mut c_void) -> Self {
        // SAFETY: `into_foreign` returns no null pointers.
        let value = unsafe { NonNull::new_unchecked(ptr) };
        // SAFETY: The caller says that the pointer came from `into_foreign`, which gave up
        // ownership, and that this takes it once.
        unsafe { Self::from_raw(value.cast()) }
    }

    unsafe fn borrow<'a>(ptr: *mut c_void) -> &'a T {
        // SAFETY: The caller says that the value is valid, and not changed, for `'a`.
        unsafe { &*ptr.cast() }
    }

    unsafe fn borrow_mut<'a>(ptr: *mut c_void) -> &'a mut T {
        // SAFETY: The caller says that the value is valid, and not used otherwise, for `'a`.
        unsafe { &mut *ptr.cast() }
    }
}

// SAFETY: The pointers are those of the owner that is not pinned.
unsafe impl<T, M: Memory> ForeignOwnable for Pin<Owned<T, M>> {
    const FOREIGN_ALIGN: usize = align_bytes::<T>();

    type Borrowed<'a>
        = Pin<&'a T>
    where
        Self: 'a;

    type BorrowedMut<'a>
        = Pin<&'a mut T>
    where
        Self: 'a;

    fn into_foreign(self) -> *mut c_void {
        // SAFETY: The value stays where it is, and is seen through a `Pin` only.
        unsafe { Pin::into_inner_unchecked(self) }.into_foreign()
    }

    unsafe fn from_foreign(ptr: *mut c_void) -> Self {
        // SAFETY: The caller keeps the contract, which is the callee's.
        unsafe { <Owned<T, M> as ForeignOwnable>::from_foreign(ptr) }.into_pin()
    }

    unsafe fn borrow<'a>(ptr: *mut c_void) -> Pin<&'a T> {
        // SAFETY: The caller keeps the contract, which is the callee's.
        let value = unsafe { <Owned<T, M> as ForeignOwnable>::borrow(ptr) };
        // SAFETY: The value came pinned.
        unsafe { Pin::new_unchecked(value) }
    }

    unsafe fn borrow_mut<'a>(ptr: *mut c_void) -> Pin<&'a mut T> {
        // SAFETY: The caller keeps the contract, which is the callee's.
        let value = unsafe { <Owned<T, M> as ForeignOwnable>::borrow_mut(ptr) };
        // SAFETY: The value came pinned.
        unsafe { Pin::new_unchecked(value) }
    }
}
