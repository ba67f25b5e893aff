// SPDX-License-Identifier: GPL-2.0

//! Tags of allocation profiling, for kernels that have it (`CONFIG_MEM_ALLOC_PROFILING`).

use core::ffi::CStr;
#[cfg(CONFIG_JUMP_LABEL)]
use kernel::jump_label::arch_static_branch;
use kernel::{
    bindings,
    types::Opaque, //
};

/// A line of source that allocations are charged to.
///
/// # Invariants
///
/// It lies in the section `alloc_tags` of a module, so that the kernel has given it counters.
#[repr(transparent)]
pub struct AllocTag(Opaque<bindings::alloc_tag>);

// SAFETY: Only the kernel looks inside, and its counters are per CPU.
unsafe impl Sync for AllocTag {}

impl AllocTag {
    /// A tag without counters, for [`alloc_hooks`](crate::alloc_hooks).
    ///
    /// # Safety
    ///
    /// The tag is a `static` in the section `alloc_tags`.
    pub const unsafe fn new(
        module: &'static CStr,
        function: &'static CStr,
        file: &'static CStr,
        line: u32,
    ) -> Self {
        // INVARIANT: By this function's safety requirement.
        Self(Opaque::new(bindings::alloc_tag {
            ct: bindings::codetag {
                flags: 0,
                lineno: line,
                modname: module.as_ptr().cast(),
                function: function.as_ptr().cast(),
                filename: file.as_ptr().cast(),
            },
            counters: core::ptr::null_mut(),
        }))
    }

    /// Calls `allocate`, and charges its allocations to this tag, as `alloc_hooks_tag()` does.
    #[inline(always)]
    pub fn charge<R>(&'static self, allocate: impl FnOnce() -> R) -> R {
        if !is_profiling() {
            return allocate();
        }
        let outer = point_task_at(self.0.get());
        let result = allocate();
        point_task_at(outer);
        result
    }
}

/// The name in the path of a module's objects, `…/NAME`, that Kbuild tells the compiler; both paths
/// end with a null byte.
pub const fn module_name(path: &'static str) -> &'static CStr {
    let bytes = path.as_bytes();
    let mut start = bytes.len();
    while start > 0 && bytes[start - 1] != b'/' {
        start -= 1;
    }
    terminated(bytes.split_at(start).1)
}

/// The text as C wants it. One that does not end with its only null byte does not compile.
pub const fn c_str(text: &'static str) -> &'static CStr {
    terminated(text.as_bytes())
}

const fn terminated(bytes: &'static [u8]) -> &'static CStr {
    match CStr::from_bytes_with_nul(bytes) {
        Ok(string) => string,
        Err(_) => panic!("this does not end with its only null byte"),
    }
}

/// Whether profiling is on: a branch that the kernel patches (`mem_alloc_profiling_enabled()`).
#[cfg(CONFIG_JUMP_LABEL)]
#[inline(always)]
fn is_profiling() -> bool {
    // SAFETY: The kernel's key is of this type in this configuration, and this is how C's
    // `static_branch_unlikely()` looks at it.
    #[cfg(not(CONFIG_MEM_ALLOC_PROFILING_ENABLED_BY_DEFAULT))]
    let is_on = unsafe {
        arch_static_branch! { bindings::mem_alloc_profiling_key, bindings::static_key_false, key, false }
    };
    // SAFETY: As above, and how C's `static_branch_likely()` does.
    #[cfg(CONFIG_MEM_ALLOC_PROFILING_ENABLED_BY_DEFAULT)]
    let is_on = unsafe {
        !arch_static_branch! { bindings::mem_alloc_profiling_key, bindings::static_key_true, key, true }
    };
    is_on
}

/// Whether profiling is on.
#[cfg(not(CONFIG_JUMP_LABEL))]
#[inline(always)]
fn is_profiling() -> bool {
    let key = (&raw const bindings::mem_alloc_profiling_key).cast::<bindings::static_key>();
    // SAFETY: The kernel's key is a `static_key` in a type of its own.
    unsafe { bindings::static_key_count(key.cast_mut()) > 0 }
}

/// Points this task at a tag, or at none, and returns what it pointed at before.
#[inline(always)]
fn point_task_at(tag: *mut bindings::alloc_tag) -> *mut bindings::alloc_tag {
    // SAFETY: The field belongs to whatever runs as this task. An interrupt that changes it puts it
    // back before it returns.
    unsafe { core::ptr::replace(task_tag(), tag) }
}

/// Whether profiling is on, and this task's allocations are charged to no tag yet.
#[inline(always)]
pub(crate) fn is_unclaimed() -> bool {
    // SAFETY: As in `point_task_at`.
    is_profiling() && unsafe { (*task_tag()).is_null() }
}

/// Where this task's tag is.
#[inline(always)]
fn task_tag() -> *mut *mut bindings::alloc_tag {
    // SAFETY: There is always a current task.
    let task = unsafe { bindings::get_current() };
    // SAFETY: It is live while it runs.
    unsafe { &raw mut (*task).alloc_tag }
}
