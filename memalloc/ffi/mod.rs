// SPDX-License-Identifier: GPL-2.0

//! The kernel's functions as the rest of the library calls them.
//!
//! This is the only folder of the library that names `bindings`. What differs between kernel
//! configurations and releases is settled here, so that the owners above see one shape.
//!
//! To add a function: include its header in `bindings.h`, name it in `Makefile.bindgen`, and give
//! it a wrapper here only if its shape varies. If the kernel has it only as a macro or an inline
//! function, add a function to `helpers.c` first.

// The lists are for generated code only.
#[allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    improper_ctypes,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    unused_imports
)]
mod generated {
    include!(concat!(
        env!("MEMALLOC_GENERATED"),
        "/bindings_generated.rs"
    ));
}

#[cfg(CONFIG_MEM_ALLOC_PROFILING)]
pub mod alloc_tag;
pub(crate) mod kmalloc;
mod releases;

// Pages outside the direct map have no address, which the page owners rely on.
#[cfg(CONFIG_HIGHMEM)]
compile_error!("memalloc does not support kernels with CONFIG_HIGHMEM");

pub(crate) use crate::alloc_hooks::unless_claimed as alloc_hooks;
pub(crate) use generated::*;
pub(crate) use releases::*;

pub(crate) use kernel::bindings::{
    gfp_t,
    kmem_cache,
    kmem_cache_args,
    mempool,
    page,
    slab_flags_t, //
};

use kernel::ffi::{c_int, c_void};

/// Calls a function of kmalloc's, which takes a token behind the size where the kernel has several
/// copies of the normal caches (`CONFIG_KMALLOC_PARTITION_CACHES`): C's is made of the code's place or
/// of the object's type. All objects of this library have the same.
macro_rules! with_token {
    ($function:ident($($size:expr),+; $($rest:expr),+)) => {{
        #[cfg(CONFIG_KMALLOC_PARTITION_CACHES)]
        let token = kernel::bindings::kmalloc_token_t { v: 0 };
        #[cfg(CONFIG_KMALLOC_PARTITION_CACHES)]
        let start = $crate::ffi::$function($($size),+, token, $($rest),+);
        #[cfg(not(CONFIG_KMALLOC_PARTITION_CACHES))]
        let start = $crate::ffi::$function($($size),+, $($rest),+);
        start
    }};
}
pub(crate) use with_token;

/// `kvmalloc_node_align()` (include/linux/slab.h).
///
/// # Safety
///
/// - `size_bytes` is at most `INT_MAX`, and not above the machine's memory. Of zero bytes comes
///   `ZERO_SIZE_PTR`.
/// - `align_bytes` is a power of two.
/// - `flags` is a mask that kvmalloc supports.
/// - `node` is `NUMA_NO_NODE` or an online node.
#[inline(always)]
pub(crate) unsafe fn kvmalloc_node_align(
    size_bytes: usize,
    align_bytes: usize,
    flags: gfp_t,
    node: c_int,
) -> *mut c_void {
    // SAFETY: The caller keeps this function's contract, which is the callee's; a null bucket set
    // means the general caches.
    #[cfg(CONFIG_SLAB_BUCKETS)]
    unsafe {
        alloc_hooks(|| {
            let buckets = core::ptr::null_mut();
            with_token!(__kvmalloc_node_noprof(size_bytes, buckets; align_bytes, flags, node))
        })
    }
    // SAFETY: The caller keeps this function's contract, which is the callee's.
    #[cfg(not(CONFIG_SLAB_BUCKETS))]
    unsafe {
        alloc_hooks(|| with_token!(__kvmalloc_node_noprof(size_bytes; align_bytes, flags, node)))
    }
}
