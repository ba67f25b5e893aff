// SPDX-License-Identifier: GPL-2.0

//! `kmalloc()`: physically contiguous memory from the slab allocator, up to `KMALLOC_MAX_SIZE`.
//!
//! Above `KMALLOC_MAX_CACHE_SIZE` (two pages) the memory is a block of pages of the next order.
//!
//! C header: `include/linux/slab.h`

use crate::{
    ffi,
    gfp::{
        Context,
        Kmalloc, //
    },
    node::Node,
    owned::{
        sealed,
        AllocatesIn,
        Memory,
        Owned,
        PhysicallyContiguous,
        Resizable, //
    },
};
use core::{
    ffi::c_void,
    ptr::NonNull, //
};

/// Memory from `kmalloc()`; goes back by `kfree()`.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, KmallocBox, KmallocMemory, Memory, Owned};
///
/// /// A device whose driver takes kmalloc memory, unless it is told otherwise.
/// struct Device<M: Memory = KmallocMemory> {
///     registers: Owned<[u32; 16], M>,
/// }
///
/// let registers = KmallocBox::zeroed(Gfp::KERNEL)?;
/// let device: Device = Device { registers };
/// assert_eq!(*device.registers, [0; 16]);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug)]
pub enum KmallocMemory {}

/// Owns a `T` in kmalloc memory. May be dropped in any context but NMI.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Bytes, Count, KmallocBox};
///
/// // A value: kmalloc(sizeof(*p), GFP_KERNEL).
/// let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
/// assert_eq!(*number, 7);
///
/// // An array: kcalloc(n, sizeof(*p), GFP_KERNEL).
/// let numbers = KmallocBox::<[u32]>::zeroed_array(Count::new(10)?, Gfp::KERNEL)?;
/// assert_eq!(&*numbers, &[0; 10]);
///
/// // Bytes: kmalloc(100, GFP_KERNEL). The slice covers what was asked for, although the slab object
/// // is larger.
/// let buffer = KmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// assert_eq!(buffer.len(), 100);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub type KmallocBox<T> = Owned<T, KmallocMemory>;

// SAFETY: `__kmalloc_noprof()` and its relatives return memory of at least the size asked for, whose
// alignment is at least the largest power of two that divides it, which all alignments asked for do;
// `kfree()` releases it.
unsafe impl sealed::Calls for KmallocMemory {
    // Both functions look at their argument in any case.
    const HAS_ZERO_SIZE_PTR: bool = true;

    #[inline(always)]
    unsafe fn allocate(size_bytes: usize, _align_bytes: usize, flags: ffi::gfp_t) -> *mut c_void {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kmalloc::of_size(size_bytes, flags) }
    }

    #[inline(always)]
    unsafe fn allocate_on(
        size_bytes: usize,
        _align_bytes: usize,
        flags: ffi::gfp_t,
        node: Node,
    ) -> *mut c_void {
        // SAFETY: The caller keeps the contract; by its invariants the node is none or online.
        unsafe { ffi::kmalloc::of_size_on(size_bytes, flags, node.raw()) }
    }

    #[inline(always)]
    unsafe fn allocate_value<T>(flags: ffi::gfp_t) -> *mut c_void {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kmalloc::of_value::<T>(flags) }
    }

    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `kmalloc()`, and gives it up.
        unsafe { ffi::kfree(start.as_ptr().cast()) };
    }
}

// SAFETY: `krealloc()` returns null and leaves the old object alone, or an object of `kmalloc()`
// that begins with the old bytes.
unsafe impl sealed::Reallocates for KmallocMemory {
    #[inline(always)]
    unsafe fn reallocate(
        start: NonNull<u8>,
        size_bytes: usize,
        align_bytes: usize,
        flags: ffi::gfp_t,
    ) -> *mut c_void {
        // SAFETY: The caller owns this allocation of `kmalloc()`, and keeps the contract.
        unsafe { ffi::kmalloc::realloc(start.as_ptr().cast(), size_bytes, align_bytes, flags) }
    }
}

impl Memory for KmallocMemory {
    type Family = Kmalloc;
    const NAME: &'static str = "kmalloc";
}

impl<C: Context> AllocatesIn<C> for KmallocMemory {}

impl Resizable for KmallocMemory {}

// SAFETY: The slab allocator takes its memory from the direct map, a block of pages at a time.
unsafe impl PhysicallyContiguous for KmallocMemory {}
