// SPDX-License-Identifier: GPL-2.0

//! Memory that C drivers' calls gave, owned, so that the same loops time it and the library's.
//!
//! Each call is one of `c_calls.c`, out of line: [`nothing`] costs what that adds.

mod ffi;

use core::{
    marker::PhantomData,
    ptr::NonNull, //
};
use kernel::{
    bindings,
    ffi::c_void, //
};
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

/// A mask for family `F`, of which the context is forgotten, as in C.
///
/// # Invariants
///
/// `bits` is a mask of the library for `F`, and `__GFP_ZERO` if zeroes are wanted.
pub(crate) struct Flags<F> {
    bits: u32,
    _for: PhantomData<fn() -> F>,
}

impl<F> Clone for Flags<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Flags<F> {}

/// What the memory is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Whatever is there.
    Any,
    /// Zeroes.
    Zeroes,
}

impl<F: Family> Flags<F> {
    /// The mask of the library, for memory with such contents.
    pub(crate) fn new<C: Context>(gfp: Gfp<C, F>, contents: Contents) -> Self {
        let zero = match contents {
            Contents::Any => 0,
            Contents::Zeroes => bindings::__GFP_ZERO,
        };
        // INVARIANT: By those of `Gfp` the mask is the library's for `F`; only `__GFP_ZERO` is added.
        Self {
            bits: gfp.bits() | zero,
            _for: PhantomData,
        }
    }
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
    pub(crate) fn new(size: Bytes<F>, flags: Flags<F>) -> Option<Self> {
        // SAFETY: By the invariants of `Bytes` and `Flags` both suit the family.
        let start = unsafe { F::allocate(size.size_bytes(), flags.bits) };
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
    pub(crate) fn new(order: Order, flags: Flags<Pages>) -> Option<Self> {
        // SAFETY: By the invariants of `Order` and `Flags` both suit the page allocator.
        let first = unsafe { ffi::bench_c_alloc_pages(flags.bits, order.get()) };
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
