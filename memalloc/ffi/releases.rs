// SPDX-License-Identifier: GPL-2.0

//! What differs between releases of the kernel, in the shape of the newest.
//!
//! `Makefile.releases` looks into the kernel's source for what is there, and says so by a `cfg`.

use super::{
    alloc_hooks,
    gfp_t,
    kmem_cache, //
};
use kernel::ffi::c_void;

#[cfg(memalloc_raw_try_init)]
pub(crate) use pin_init::raw_try_init;

/// `pin_init::raw_try_init()`, which came with 7.3.
///
/// # Safety
///
/// - `slot` is valid for writing a `T`. If this fails, nobody reads it.
/// - The value stays where it is, unless `init` is an [`Init`](kernel::prelude::Init).
#[cfg(not(memalloc_raw_try_init))]
#[inline(always)]
pub(crate) unsafe fn raw_try_init<T, E>(
    slot: *mut T,
    init: impl kernel::prelude::PinInit<T, E>,
) -> Result<(), E> {
    // SAFETY: The caller keeps the contract.
    unsafe { init.__pinned_init(slot) }
}

/// `alloc_pages_node()` (include/linux/gfp.h), an inline function before 7.3.
///
/// # Safety
///
/// - `flags` is a mask that the page allocator supports.
/// - `order` is at most `MAX_PAGE_ORDER`.
/// - `node` is `NUMA_NO_NODE` or an online node.
#[cfg(not(memalloc_alloc_pages_node))]
#[inline(always)]
pub(crate) unsafe fn alloc_pages_node_noprof(
    node: kernel::ffi::c_int,
    flags: gfp_t,
    order: kernel::ffi::c_uint,
) -> *mut super::page {
    let node = if node == super::RAW_NUMA_NO_NODE {
        // SAFETY: It reads a figure of this CPU.
        unsafe { super::memalloc_numa_mem_id() }
    } else {
        node
    };
    // SAFETY: The caller keeps the contract; no mask of nodes means all.
    unsafe { super::__alloc_pages_noprof(flags, order, node, core::ptr::null_mut()) }
}

/// `alloc_pages()` (include/linux/gfp.h), an inline function of kernels for machines with one node.
///
/// # Safety
///
/// As for `alloc_pages_node_noprof`.
#[cfg(not(CONFIG_NUMA))]
#[inline(always)]
pub(crate) unsafe fn alloc_pages_noprof(
    flags: gfp_t,
    order: kernel::ffi::c_uint,
) -> *mut super::page {
    // SAFETY: The caller keeps the contract. Without CONFIG_NUMA this is the only node.
    unsafe { super::alloc_pages_node_noprof(0, flags, order) }
}

/// `kmem_cache_alloc_bulk()` (include/linux/slab.h), which returned a number before 7.3, and since
/// then a truth value: whether it gave all objects. It never gives a part of them.
///
/// # Safety
///
/// - `cache` is live.
/// - `flags` is a mask that slab caches support.
/// - `objects` is valid for writing `count` pointers; `count` is not zero.
#[inline(always)]
pub(crate) unsafe fn kmem_cache_alloc_bulk(
    cache: *mut kmem_cache,
    flags: gfp_t,
    count: usize,
    objects: *mut *mut c_void,
) -> bool {
    // SAFETY: The caller keeps the contract.
    let given = unsafe {
        alloc_hooks(|| super::kmem_cache_alloc_bulk_noprof(cache, flags, count, objects))
    };
    // Of either type the default is what says no.
    given != Default::default()
}
