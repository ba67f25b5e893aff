// SPDX-License-Identifier: GPL-2.0

//! What the inline functions of `include/linux/slab.h` make of a `kmalloc()`.
//!
//! For a size that is known at compile time C picks the slab cache at compile time too
//! (`_kmalloc_noprof()`). So does this, and the same instructions come out of it.

use super::{
    gfp_t,
    with_token, //
};
use kernel::ffi::{
    c_int,
    c_void, //
};

/// `kmalloc_index()`: which cache of a type serves a size.
const fn index_of(size_bytes: usize) -> usize {
    assert!(size_bytes > 0 && size_bytes <= super::RAW_KMALLOC_MAX_CACHE_SIZE);
    let min_bytes = super::RAW_KMALLOC_MIN_SIZE;
    if size_bytes <= min_bytes {
        return min_bytes.ilog2() as usize;
    }
    // The two sizes between powers of two.
    if min_bytes <= 32 && size_bytes > 64 && size_bytes <= 96 {
        return 1;
    }
    if min_bytes <= 64 && size_bytes > 128 && size_bytes <= 192 {
        return 2;
    }
    size_bytes.next_power_of_two().ilog2() as usize
}

/// `kmalloc_type()`: which caches serve a mask. A constant mask gives a constant.
///
/// Where the kernel has several copies of the normal caches, this is the first: see `with_token!`.
#[inline(always)]
const fn type_of(flags: gfp_t) -> usize {
    if flags & super::RAW_KMALLOC_NOT_NORMAL_BITS == 0 {
        return super::RAW_KMALLOC_NORMAL;
    }
    // No mask of this library is for ZONE_DMA or reclaimable objects, which would come first.
    super::RAW_KMALLOC_CGROUP
}

/// `kmalloc()` of a value, whose size is known at compile time.
///
/// # Safety
///
/// - `T` has a size, which is not above `KMALLOC_MAX_SIZE`.
/// - `flags` is a mask of this library for kmalloc.
#[inline(always)]
pub(crate) unsafe fn of_value<T>(flags: gfp_t) -> *mut c_void {
    if const { size_of::<T>() > super::RAW_KMALLOC_MAX_CACHE_SIZE } {
        // SAFETY: The caller keeps the contract.
        return unsafe {
            super::alloc_hooks(|| super::__kmalloc_large_noprof(size_of::<T>(), flags))
        };
    }
    let index = const {
        if size_of::<T>() > 0 && size_of::<T>() <= super::RAW_KMALLOC_MAX_CACHE_SIZE {
            index_of(size_of::<T>())
        } else {
            0
        }
    };
    let caches: *const [[_; _]; _] = &raw const super::kmalloc_caches;
    // SAFETY: The caches are made at boot and never change. By its construction the index is below
    // the number of sizes, and the type below the number of types.
    let cache = unsafe { (*caches)[type_of(flags)][index] };
    // SAFETY: The cache is the one for this mask and this size.
    unsafe { super::alloc_hooks(|| super::__kmalloc_cache_noprof(cache, flags, size_of::<T>())) }
}

/// `kmalloc()` of a size known at run time.
///
/// # Safety
///
/// - `size_bytes` is at most `KMALLOC_MAX_SIZE`. Of zero bytes comes `ZERO_SIZE_PTR`.
/// - `flags` is a mask of this library for kmalloc.
#[inline(always)]
pub(crate) unsafe fn of_size(size_bytes: usize, flags: gfp_t) -> *mut c_void {
    // SAFETY: The caller keeps the contract.
    unsafe { super::alloc_hooks(|| with_token!(__kmalloc_noprof(size_bytes; flags))) }
}

/// `kmalloc_node()` of a size known at run time.
///
/// # Safety
///
/// As for [`of_size`]; `node` is `NUMA_NO_NODE` or an online node.
#[inline(always)]
pub(crate) unsafe fn of_size_on(size_bytes: usize, flags: gfp_t, node: c_int) -> *mut c_void {
    // SAFETY: The caller keeps the contract; a null bucket set means the general caches.
    #[cfg(CONFIG_SLAB_BUCKETS)]
    unsafe {
        super::alloc_hooks(|| {
            let buckets = core::ptr::null_mut();
            with_token!(__kmalloc_node_noprof(size_bytes, buckets; flags, node))
        })
    }
    // SAFETY: The caller keeps the contract.
    #[cfg(not(CONFIG_SLAB_BUCKETS))]
    unsafe {
        super::alloc_hooks(|| with_token!(__kmalloc_node_noprof(size_bytes; flags, node)))
    }
}

/// `krealloc()` of live memory.
///
/// # Safety
///
/// - `start` is the start of live memory of `kmalloc()`, which the caller owns.
/// - The rest as for [`of_size`].
#[inline(always)]
pub(crate) unsafe fn realloc(
    start: *mut c_void,
    size_bytes: usize,
    align_bytes: usize,
    flags: gfp_t,
) -> *mut c_void {
    let node = super::RAW_NUMA_NO_NODE;
    // SAFETY: The caller keeps the contract.
    unsafe {
        super::alloc_hooks(
            || with_token!(krealloc_node_align_noprof(start, size_bytes; align_bytes, flags, node)),
        )
    }
}
