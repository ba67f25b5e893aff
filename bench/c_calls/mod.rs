// SPDX-License-Identifier: GPL-2.0

//! Memory that C drivers' calls gave, owned, so that the same loops time it and the library's.
//!
//! Each call is one of `c_calls.c`, out of line: [`nothing`] costs what that adds.

mod ffi;

use core::{
    ffi::c_void,
    marker::PhantomData,
    ptr::NonNull, //
};
use kernel::bindings;
use memalloc::{
    gfp::{
        Context,
        Family,
        Gfp,
        Kmalloc,
        Kvmalloc,
        Pages,
        Vmalloc, //
    },
    Bytes,
    Order, //
};

/// A family of functions that take a number of bytes.
pub(crate) trait TakesBytes: memalloc::TakesBytes {
    /// Allocates.
    ///
    /// # Safety
    ///
    /// The size and the flags suit the family.
    unsafe fn allocate(size_bytes: usize, flags: u32) -> *mut c_void;

    /// Frees.
    ///
    /// # Safety
    ///
    /// The memory came from [`allocate`](Self::allocate), and nobody uses it any more.
    unsafe fn free(memory: *mut c_void);
}

/// Implements the trait with two functions.
macro_rules! family {
    ($family:ty, $allocate:ident, $free:ident) => {
        impl TakesBytes for $family {
            #[inline(always)]
            unsafe fn allocate(size_bytes: usize, flags: u32) -> *mut c_void {
                // SAFETY: The caller keeps the contract.
                unsafe { ffi::$allocate(size_bytes, flags) }
            }

            #[inline(always)]
            unsafe fn free(memory: *mut c_void) {
                // SAFETY: The caller keeps the contract.
                unsafe { ffi::$free(memory) };
            }
        }
    };
}

family!(Kmalloc, bench_c_kmalloc, bench_c_kfree);
family!(Vmalloc, bench_c_vmalloc, bench_c_vfree);
family!(Kvmalloc, bench_c_kvmalloc, bench_c_kvfree);

/// The mask with `__GFP_ZERO`, if that is wanted.
#[inline(always)]
fn flags_of<C: Context, F: Family>(gfp: Gfp<C, F>, contents: Contents) -> u32 {
    match contents {
        Contents::Any => gfp.bits(),
        Contents::Zeroes => gfp.bits() | bindings::__GFP_ZERO,
    }
}

/// What the memory is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Whatever is there.
    Any,
    /// Zeroes.
    Zeroes,
}

/// Bytes.
///
/// # Invariants
///
/// `start` is what `F` allocated, and this value owns it.
pub(crate) struct CBytes<F: TakesBytes> {
    start: NonNull<c_void>,
    _of: PhantomData<F>,
}

// SAFETY: It is the only owner of its memory, which any thread may free.
unsafe impl<F: TakesBytes> Send for CBytes<F> {}

impl<F: TakesBytes> CBytes<F> {
    /// Allocates; `None` if the kernel has no memory.
    #[inline(always)]
    pub(crate) fn new<C: Context>(
        size: Bytes<F>,
        gfp: Gfp<C, F>,
        contents: Contents,
    ) -> Option<Self> {
        // SAFETY: By the invariants of `Bytes` and `Gfp` both suit the family.
        let start = unsafe { F::allocate(size.size_bytes(), flags_of(gfp, contents)) };
        // INVARIANT: It was allocated just now.
        NonNull::new(start).map(|start| Self {
            start,
            _of: PhantomData,
        })
    }
}

impl<F: TakesBytes> Drop for CBytes<F> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: By the type invariants this value owns the memory, and it is going away.
        unsafe { F::free(self.start.as_ptr()) };
    }
}

/// A block of pages.
///
/// # Invariants
///
/// `first` is the first page of a block of order `order`, which this value owns.
pub(crate) struct CPages {
    first: NonNull<bindings::page>,
    order: Order,
}

// SAFETY: It is the only owner of its pages, which any thread may free.
unsafe impl Send for CPages {}

impl CPages {
    /// Allocates; `None` if the kernel has no memory.
    #[inline(always)]
    pub(crate) fn new<C: Context>(
        order: Order,
        gfp: Gfp<C, Pages>,
        contents: Contents,
    ) -> Option<Self> {
        // SAFETY: By the invariants of `Order` and `Gfp` both suit the page allocator.
        let first = unsafe { ffi::bench_c_alloc_pages(flags_of(gfp, contents), order.get()) };
        // INVARIANT: It was allocated just now.
        NonNull::new(first).map(|first| Self { first, order })
    }
}

impl Drop for CPages {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: By the type invariants this value owns the block, of this order.
        unsafe { ffi::bench_c_free_pages(self.first.as_ptr(), self.order.get()) };
    }
}

/// Makes a call like the others, which does nothing.
#[inline(always)]
pub(crate) fn nothing() {
    // SAFETY: The function does nothing.
    unsafe { ffi::bench_c_nothing() };
}
