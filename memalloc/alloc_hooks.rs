// SPDX-License-Identifier: GPL-2.0

//! Whom `/proc/allocinfo` charges an allocation to.
//!
//! Kernels with `CONFIG_MEM_ALLOC_PROFILING` can count the bytes that each line of source has
//! allocated. In C the macros `kmalloc()`, `vmalloc()`, … do that for the line they stand on. A
//! function cannot know who called it: so [`alloc_hooks`](crate::alloc_hooks) is a macro here, too,
//! and allocations that no caller claims with it are charged to this file.
//!
//! C header: `include/linux/alloc_tag.h`

/// Charges the allocations of an expression to the line it stands on, in `/proc/allocinfo`.
///
/// While profiling is off, that costs one instruction, which does nothing (where the kernel has no
/// `CONFIG_JUMP_LABEL`, a call); in kernels without profiling it costs none. The expression is the body of a closure: `?` stands behind the macro.
///
/// # Examples
///
/// ```
/// use memalloc::{alloc_hooks, gfp::Gfp, KmallocBox};
///
/// let number = alloc_hooks!(KmallocBox::new(7_u64, Gfp::KERNEL))?;
/// assert_eq!(*number, 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[cfg(CONFIG_MEM_ALLOC_PROFILING)]
#[macro_export]
macro_rules! alloc_hooks {
    ($allocation:expr) => {{
        #[link_section = "alloc_tags"]
        // SAFETY: A `static` in that section.
        static ALLOC_TAG: $crate::__alloc_tag::AllocTag = unsafe {
            $crate::__alloc_tag::AllocTag::new(
                $crate::__alloc_tag::module_name(concat!(env!("RUST_MODFILE"), "\0")),
                $crate::__alloc_tag::c_str(concat!(module_path!(), "\0")),
                $crate::__alloc_tag::c_str(concat!(file!(), "\0")),
                line!(),
            )
        };
        ALLOC_TAG.charge(|| $allocation)
    }};
}

/// Charges the allocations of an expression to the line it stands on, in kernels that count them:
/// not in this one (`CONFIG_MEM_ALLOC_PROFILING`).
///
/// The expression is the body of a closure: `?` stands behind the macro.
///
/// # Examples
///
/// ```
/// use memalloc::{alloc_hooks, gfp::Gfp, KmallocBox};
///
/// let number = alloc_hooks!(KmallocBox::new(7_u64, Gfp::KERNEL))?;
/// assert_eq!(*number, 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[cfg(not(CONFIG_MEM_ALLOC_PROFILING))]
#[macro_export]
macro_rules! alloc_hooks {
    ($allocation:expr) => {
        $crate::__without_tag(|| $allocation)
    };
}

/// Calls `allocate`, for the macro.
#[cfg(not(CONFIG_MEM_ALLOC_PROFILING))]
#[doc(hidden)]
#[inline(always)]
pub fn __without_tag<R>(allocate: impl FnOnce() -> R) -> R {
    allocate()
}

/// Calls `allocate`, and charges its allocations to this line unless a caller claimed them.
///
/// In an interrupt, the caller may be the one that was interrupted: it is then charged with what the
/// interrupt allocates, unless that claims it.
#[inline(always)]
pub(crate) fn unless_claimed<R>(allocate: impl FnOnce() -> R) -> R {
    #[cfg(CONFIG_MEM_ALLOC_PROFILING)]
    if crate::ffi::alloc_tag::is_unclaimed() {
        return alloc_hooks!(allocate());
    }
    allocate()
}
