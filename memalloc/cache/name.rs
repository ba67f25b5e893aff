// SPDX-License-Identifier: GPL-2.0

//! The names of slab caches. The kernel warns about bad ones, and about two that are the same.

use crate::{
    failure::Refusal,
    ffi, //
};
use core::{
    cell::UnsafeCell,
    ffi::CStr, //
};
use kernel::{
    alloc::{
        flags::GFP_KERNEL,
        AllocError,
        KVec, //
    },
    str::CStrExt, //
};

/// Refuses names that make the kernel warn (`kmem_cache_sanity_check()`, `kobject_add_internal()`),
/// or that look like others of its own in `/sys/kernel/slab`.
pub(super) fn check(name: &'static CStr) -> Result<(), Refusal> {
    let bytes = name.to_bytes();
    let is_good = match bytes {
        // Names with a colon are the kernel's own (`create_unique_id()`, `mm/slub.c`).
        [] | [b':', ..] | b"." | b".." => false,
        _ if bytes.len() > ffi::RAW_NAME_MAX => false,
        _ => bytes
            .iter()
            .all(|byte| byte.is_ascii_graphic() && *byte != b'/'),
    };
    if is_good {
        Ok(())
    } else {
        Err(Refusal::BadCacheName { name })
    }
}

/// The names of the caches of this module.
///
/// # Invariants
///
/// Only [`with`] uses the list.
struct Reserved(UnsafeCell<KVec<&'static CStr>>);

// SAFETY: By the type invariants only `with` uses the list, under a lock.
unsafe impl Sync for Reserved {}

// INVARIANT: It is private, and used in `with` only.
static RESERVED: Reserved = Reserved(UnsafeCell::new(KVec::new()));

/// Calls `f` with the list of reserved names.
///
/// `f` must not call this.
fn with<R>(f: impl FnOnce(&mut KVec<&'static CStr>) -> R) -> R {
    // SAFETY: The lock exists for as long as the module does; no function that runs under it takes
    // it.
    unsafe { ffi::memalloc_lock_cache_names() };
    // SAFETY: By the invariants of `Reserved` nobody else uses the list, but under the lock.
    let result = f(unsafe { &mut *RESERVED.0.get() });
    // SAFETY: We just took the lock.
    unsafe { ffi::memalloc_unlock_cache_names() };
    result
}

/// Reserves a name, unless a cache has it.
pub(super) fn reserve(name: &'static CStr) -> Result<Result<(), Refusal>, AllocError> {
    with(|names| {
        // SAFETY: It is a string.
        let has_directory = unsafe { ffi::memalloc_cache_has_directory(name.as_char_ptr()) };
        if has_directory || names.contains(&name) {
            return Ok(Err(Refusal::CacheNameTaken { name }));
        }
        names.push(name, GFP_KERNEL)?;
        Ok(Ok(()))
    })
}

/// Gives back a name that was reserved.
pub(super) fn release(name: &'static CStr) {
    with(|names| {
        names.retain(|other| *other != name);
        if names.is_empty() {
            // Nothing frees a `static` when the module goes.
            *names = KVec::new();
        }
    });
}
