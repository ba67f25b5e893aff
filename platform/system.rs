// SPDX-License-Identifier: GPL-2.0

//! What machine and kernel this is.

use super::ffi;
use kernel::str::{
    CStr,
    CStrExt as _, //
};

/// The release of the running kernel, as `uname -r` prints it.
pub(crate) fn kernel_release() -> &'static str {
    // SAFETY: The helper reads one pointer.
    let release = unsafe { ffi::platform_kernel_release() };
    // SAFETY: The initial UTS namespace is never freed, its release is set at build time, and it
    // ends in a NUL.
    let release = unsafe { CStr::from_char_ptr(release) };
    release.to_str().unwrap_or("(not UTF-8)")
}

/// How many CPUs are online.
pub(crate) fn online_cpus() -> u32 {
    // SAFETY: The helper reads one counter.
    unsafe { ffi::platform_online_cpus() }
}

/// How many NUMA nodes are online.
pub(crate) fn online_nodes() -> u32 {
    // SAFETY: The helper reads one counter.
    unsafe { ffi::platform_online_nodes() }
}

/// How much memory could be allocated now without swapping, as `/proc/meminfo` estimates it.
pub(crate) fn available_memory_bytes() -> u64 {
    // SAFETY: The helper adds up counters.
    unsafe { ffi::platform_available_memory_bytes() }
}

/// Whether memory is zeroed on allocation without being asked (`init_on_alloc=`).
pub(crate) fn init_on_alloc() -> bool {
    // SAFETY: The helper reads one static key.
    unsafe { ffi::platform_init_on_alloc() }
}

/// Whether memory is zeroed when it is freed (`init_on_free=`).
pub(crate) fn init_on_free() -> bool {
    // SAFETY: The helper reads one static key.
    unsafe { ffi::platform_init_on_free() }
}

/// How often KFENCE guards an allocation, in milliseconds; 0 for never.
pub(crate) fn kfence_sample_interval_ms() -> u64 {
    // SAFETY: The helper reads one variable.
    unsafe { ffi::platform_kfence_sample_interval() as u64 }
}

/// Marks the kernel as one to whom a user did what makes its reports worthless to others
/// (`TAINT_USER`).
pub(crate) fn taint_by_user() {
    // SAFETY: The helper sets a flag.
    unsafe { ffi::platform_taint_by_user() };
}
