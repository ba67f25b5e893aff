// SPDX-License-Identifier: GPL-2.0

//! Contexts: whether an allocation may sleep, and with it whether freeing may.

use crate::ffi;
use core::ffi::c_void;

mod sealed {
    use core::ffi::c_void;

    /// How mapped memory is freed in a context.
    ///
    /// # Safety
    ///
    /// The functions release what their names say.
    pub unsafe trait Frees {
        /// `vfree()`, or what does the same without sleeping.
        ///
        /// # Safety
        ///
        /// `start` is the start of memory of `vmalloc()` that was not freed and that nothing refers
        /// to.
        unsafe fn vfree(start: *const c_void);

        /// `kvfree()`, or what does the same without sleeping.
        ///
        /// # Safety
        ///
        /// `start` is `ZERO_SIZE_PTR`, or the start of memory of `kvmalloc()` that was not freed and
        /// that nothing refers to.
        unsafe fn kvfree(start: *const c_void);
    }
}

use sealed::Frees;

/// Whether an allocation may sleep.
///
/// The type says what the *call* may do. That the caller's context permits it is not proved.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Context, Gfp, Kmalloc},
///     Failure, KmallocBox,
/// };
///
/// struct Entry {
///     key: u32,
///     hits: u64,
/// }
///
/// /// Works in either context: by the flags the caller says in which it is.
/// fn entry<C: Context>(key: u32, gfp: Gfp<C, Kmalloc>) -> Result<KmallocBox<Entry>, Failure> {
///     KmallocBox::new(Entry { key, hits: 0 }, gfp)
/// }
///
/// let patient = entry(7, Gfp::KERNEL)?;
/// let hasty = entry(8, Gfp::ATOMIC)?;
/// assert_eq!((patient.key, hasty.key, hasty.hits), (7, 8, 0));
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait Context: sealed::Frees + 'static {}

/// The allocation may sleep: process context, no spinlock held.
///
/// # Examples
///
/// ```
/// use kernel::{error::Error, new_mutex, sync::Mutex};
/// use memalloc::{
///     gfp::{Gfp, Kmalloc, MaySleep},
///     KmallocBox,
/// };
///
/// /// Waits for the lock, so that its callers have to be where one may sleep: `Gfp::ATOMIC` does
/// /// not compile here.
/// fn add(
///     list: &Mutex<Option<KmallocBox<u64>>>,
///     gfp: Gfp<MaySleep, Kmalloc>,
/// ) -> Result<(), Error> {
///     *list.lock() = Some(KmallocBox::new(7, gfp)?);
///     Ok(())
/// }
///
/// let list = KmallocBox::new_uninit(Gfp::KERNEL)?.write_pin_init(new_mutex!(None))?;
/// add(&list, Gfp::NOFS)?;
/// assert_eq!(list.lock().as_deref(), Some(&7));
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaySleep {}

/// The allocation does not sleep.
///
/// # Examples
///
/// ```
/// use kernel::{error::Error, new_spinlock, sync::SpinLock};
/// use memalloc::{
///     gfp::{Gfp, Kmalloc, NonBlocking},
///     KmallocBox,
/// };
///
/// /// Allocates under a spin lock: `Gfp::KERNEL` does not compile here.
/// fn add(
///     list: &SpinLock<Option<KmallocBox<u64>>>,
///     gfp: Gfp<NonBlocking, Kmalloc>,
/// ) -> Result<(), Error> {
///     let mut list = list.lock();
///     if list.is_none() {
///         *list = Some(KmallocBox::new(7, gfp)?);
///     }
///     Ok(())
/// }
///
/// let list = KmallocBox::new_uninit(Gfp::KERNEL)?.write_pin_init(new_spinlock!(None))?;
/// add(&list, Gfp::NOWAIT)?;
/// assert_eq!(list.lock().as_deref(), Some(&7));
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonBlocking {}

impl Context for MaySleep {}
impl Context for NonBlocking {}

// SAFETY: The functions are those of the names.
unsafe impl Frees for MaySleep {
    #[inline(always)]
    unsafe fn vfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::vfree(start) };
    }

    #[inline(always)]
    unsafe fn kvfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree(start) };
    }
}

// SAFETY: `kvfree_atomic()` releases memory of either allocator. (`vfree_atomic()`, which it calls, is
// not exported.)
unsafe impl Frees for NonBlocking {
    #[inline(always)]
    unsafe fn vfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree_atomic(start) };
    }

    #[inline(always)]
    unsafe fn kvfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree_atomic(start) };
    }
}
