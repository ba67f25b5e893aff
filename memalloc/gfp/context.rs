// SPDX-License-Identifier: GPL-2.0

//! Contexts: whether an allocation may sleep, and with it whether freeing may.

use crate::ffi;
use core::ffi::c_void;

mod sealed {
    use core::ffi::c_void;

    /// How mapped memory is freed in a context.
    ///
    /// # Safety
    ///
    /// The functions release what their names say.
    pub unsafe trait Frees {
        /// `vfree()`, or what does the same without sleeping.
        ///
        /// # Safety
        ///
        /// `start` is the start of memory of `vmalloc()` that was not freed and that nothing refers
        /// to.
        unsafe fn vfree(start: *const c_void);

        /// `kvfree()`, or what does the same without sleeping.
        ///
        /// # Safety
        ///
        /// `start` is `ZERO_SIZE_PTR`, or the start of memory of `kvmalloc()` that was not freed and
        /// that nothing refers to.
        unsafe fn kvfree(start: *const c_void);
    }
}

use sealed::Frees;

/// Whether an allocation may sleep.
///
/// The type says what the *call* may do. That the caller's context permits it is not proved.
pub trait Context: sealed::Frees + 'static {}

/// The allocation may sleep: process context, no spinlock held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaySleep {}

/// The allocation does not sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonBlocking {}

impl Context for MaySleep {}
impl Context for NonBlocking {}

// SAFETY: The functions are those of the names.
unsafe impl Frees for MaySleep {
    #[inline(always)]
    unsafe fn vfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::vfree(start) };
    }

    #[inline(always)]
    unsafe fn kvfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree(start) };
    }
}

// SAFETY: `kvfree_atomic()` releases memory of either allocator. (`vfree_atomic()`, which it calls, is
// not exported.)
unsafe impl Frees for NonBlocking {
    #[inline(always)]
    unsafe fn vfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree_atomic(start) };
    }

    #[inline(always)]
    unsafe fn kvfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree_atomic(start) };
    }
}
