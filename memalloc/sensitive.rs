// SPDX-License-Identifier: GPL-2.0

//! kmalloc memory that is cleared before it is freed: keys, passwords.
//!
//! C header: `include/linux/slab.h`

use crate::{
    ffi,
    gfp::{
        Context,
        Kmalloc, //
    },
    kmalloc::KmallocMemory,
    node::Node,
    owned::{
        sealed,
        AllocatesIn,
        Memory,
        Owned,
        PhysicallyContiguous, //
    },
};
use core::{
    ffi::c_void,
    ptr::NonNull, //
};

/// Memory from `kmalloc()` that goes back by `kfree_sensitive()`, which clears it first.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Owned, SensitiveBox, SensitiveMemory};
///
/// /// A cipher, of which no other kind of memory can hold the key.
/// struct Cipher {
///     key: Owned<[u8], SensitiveMemory>,
/// }
///
/// let key = SensitiveBox::copy_of(b"from user space", Gfp::KERNEL)?;
/// let cipher = Cipher { key };
/// assert_eq!(cipher.key.len(), 15);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug)]
pub enum SensitiveMemory {}

/// Owns a `T` in kmalloc memory that is cleared before it is freed. May be dropped in any context
/// but NMI.
///
/// It cannot be resized: that would leave a copy behind. So would a value that lay on the stack before:
/// [`copy_of`](Owned::copy_of) copies bytes from where they are, and
/// [`write_init`](Owned::write_init) makes a value in place. Neither `{}` nor `{:?}` shows what is in it.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, SensitiveBox};
///
/// let from_user_space = [0x5a_u8; 32];
/// let key = SensitiveBox::copy_of(&from_user_space, Gfp::KERNEL)?;
/// assert_eq!(key[31], 0x5a);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub type SensitiveBox<T> = Owned<T, SensitiveMemory>;

// SAFETY: The memory is that of `kmalloc()`; `kfree_sensitive()` releases it.
unsafe impl sealed::Calls for SensitiveMemory {
    const HAS_ZERO_SIZE_PTR: bool = <KmallocMemory as sealed::Calls>::HAS_ZERO_SIZE_PTR;
    const IS_FOR_SECRETS: bool = true;

    #[inline(always)]
    unsafe fn allocate(size_bytes: usize, align_bytes: usize, flags: ffi::gfp_t) -> *mut c_void {
        // SAFETY: The caller keeps the contract.
        unsafe { <KmallocMemory as sealed::Calls>::allocate(size_bytes, align_bytes, flags) }
    }

    #[inline(always)]
    unsafe fn allocate_on(
        size_bytes: usize,
        align_bytes: usize,
        flags: ffi::gfp_t,
        node: Node,
    ) -> *mut c_void {
        // SAFETY: The caller keeps the contract.
        unsafe {
            <KmallocMemory as sealed::Calls>::allocate_on(size_bytes, align_bytes, flags, node)
        }
    }

    #[inline(always)]
    unsafe fn allocate_value<T>(flags: ffi::gfp_t) -> *mut c_void {
        // SAFETY: The caller keeps the contract.
        unsafe { <KmallocMemory as sealed::Calls>::allocate_value::<T>(flags) }
    }

    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `kmalloc()`, and gives it up.
        unsafe { ffi::kfree_sensitive(start.as_ptr().cast()) };
    }
}

impl Memory for SensitiveMemory {
    type Family = Kmalloc;
    const NAME: &'static str = <KmallocMemory as Memory>::NAME;
}

impl<C: Context> AllocatesIn<C> for SensitiveMemory {}

// SAFETY: It is memory of `kmalloc()`.
unsafe impl PhysicallyContiguous for SensitiveMemory {}
