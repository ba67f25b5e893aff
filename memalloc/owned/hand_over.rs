// SPDX-License-Identifier: GPL-2.0

//! Owners that become owners of another kind of memory: one that is freed in another context, or that
//! of the allocator which gave it.

use super::Owned;
use crate::{
    ffi,
    gfp::{
        Context,
        NonBlocking, //
    },
    vmalloc::LEAST_BYTES,
    KmallocBox,
    KvmallocBox,
    Node,
    VmallocBox, //
};
use core::{
    mem::size_of_val,
    ptr::NonNull, //
};

/// Has vmalloc count a word as asked for, where it was less: see [`LEAST_BYTES`]. That much is always
/// there, so that the memory stays where it is. What others allocated, or what has shrunk, can be less.
///
/// # Safety
///
/// An allocation of `vmalloc()` starts at `start`, and belongs to the caller.
#[cold]
unsafe fn ask_for_a_word(start: NonNull<u8>) {
    let start = start.as_ptr().cast();
    // SAFETY: The caller owns the allocation, whose start has every alignment up to a page. A page has
    // room for a word, and so nothing is allocated, which the flags would not allow.
    let _ = unsafe { ffi::vrealloc_node_align_noprof(start, LEAST_BYTES, 1, 0, Node::ANY.raw()) };
}

impl<T: ?Sized> VmallocBox<T, NonBlocking> {
    /// Hands the memory over to a place that may sleep, where it is freed at once, and not later by
    /// a worker.
    #[must_use = "dropping the result frees the memory"]
    pub fn into_may_sleep(self) -> VmallocBox<T> {
        // SAFETY: It is memory of `vmalloc()` in either case, and was ours.
        unsafe { Owned::from_raw(self.into_raw()) }
    }
}

impl<T: ?Sized> VmallocBox<T> {
    /// Hands the memory over to a place where sleeping is forbidden. Whatever flags it was made with,
    /// it is freed there without sleeping, later, by a worker.
    ///
    /// Context: not in interrupts, as with every owner that may sleep.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{error::Error, new_spinlock, sync::SpinLock};
    /// use memalloc::{
    ///     gfp::{Gfp, NonBlocking},
    ///     Bytes, KmallocBox, VmallocBox,
    /// };
    ///
    /// /// What a spin lock protects, and what is replaced under it.
    /// type Table = Option<VmallocBox<[u8], NonBlocking>>;
    ///
    /// // Made where one may sleep, with all the effort that this allows.
    /// fn replace(table: &SpinLock<Table>) -> Result<(), Error> {
    ///     let new = VmallocBox::zeroed_bytes(Bytes::new(100_000)?, Gfp::KERNEL)?;
    ///     *table.lock() = Some(new.into_non_blocking());
    ///     Ok(())
    /// }
    ///
    /// let table = KmallocBox::new_uninit(Gfp::KERNEL)?.write_pin_init(new_spinlock!(None))?;
    /// replace(&table)?;
    /// // This one frees the first under the lock.
    /// replace(&table)?;
    /// assert_eq!(table.lock().as_ref().map(|bytes| bytes.len()), Some(100_000));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn into_non_blocking(self) -> VmallocBox<T, NonBlocking> {
        let size_bytes = size_of_val::<T>(&self);
        if 0 < size_bytes && size_bytes < LEAST_BYTES {
            // SAFETY: It has a size, and so it is memory of `vmalloc()`, and ours.
            unsafe { ask_for_a_word(self.start()) };
        }
        // SAFETY: It is memory of `vmalloc()` in either case, and was ours.
        unsafe { Owned::from_raw(self.into_raw()) }
    }
}

impl<T: ?Sized> KvmallocBox<T, NonBlocking> {
    /// Hands the memory over to a place that may sleep, where it is freed at once, and not later by
    /// a worker.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{
    ///     gfp::{Gfp, NonBlocking},
    ///     KvmallocBox,
    /// };
    ///
    /// // The flags make it one that is freed without sleeping.
    /// let hasty: KvmallocBox<u64, NonBlocking> = KvmallocBox::new(7, Gfp::ATOMIC)?;
    /// let patient: KvmallocBox<u64> = hasty.into_may_sleep();
    /// assert_eq!(*patient, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn into_may_sleep(self) -> KvmallocBox<T> {
        // SAFETY: It is memory of `kvmalloc()` in either case, and was ours.
        unsafe { Owned::from_raw(self.into_raw()) }
    }
}

impl<T: ?Sized> KvmallocBox<T> {
    /// Hands the memory over to a place where sleeping is forbidden. Whatever flags it was made with,
    /// it is freed there without sleeping, memory of vmalloc later, by a worker.
    ///
    /// Context: not in interrupts, as with every owner that may sleep.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{error::Error, new_spinlock, sync::SpinLock};
    /// use memalloc::{
    ///     gfp::{Gfp, NonBlocking},
    ///     Bytes, KmallocBox, KvmallocBox,
    /// };
    ///
    /// /// What a spin lock protects, and what is replaced under it.
    /// type Table = Option<KvmallocBox<[u8], NonBlocking>>;
    ///
    /// // Made where one may sleep, with all the effort that this allows.
    /// fn replace(table: &SpinLock<Table>) -> Result<(), Error> {
    ///     let new = KvmallocBox::zeroed_bytes(Bytes::new(100_000)?, Gfp::KERNEL)?;
    ///     *table.lock() = Some(new.into_non_blocking());
    ///     Ok(())
    /// }
    ///
    /// let table = KmallocBox::new_uninit(Gfp::KERNEL)?.write_pin_init(new_spinlock!(None))?;
    /// replace(&table)?;
    /// // This one frees the first under the lock.
    /// replace(&table)?;
    /// assert_eq!(table.lock().as_ref().map(|bytes| bytes.len()), Some(100_000));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn into_non_blocking(self) -> KvmallocBox<T, NonBlocking> {
        let size_bytes = size_of_val::<T>(&self);
        if 0 < size_bytes && size_bytes < LEAST_BYTES && self.is_of_vmalloc() {
            // SAFETY: It is memory of `vmalloc()`, and ours.
            unsafe { ask_for_a_word(self.start()) };
        }
        // SAFETY: It is memory of `kvmalloc()` in either case, and was ours.
        unsafe { Owned::from_raw(self.into_raw()) }
    }
}

impl<T: ?Sized, C: Context> KvmallocBox<T, C> {
    /// Whether the memory came from vmalloc. Of a value without a size there is none, and it did not.
    pub(crate) fn is_of_vmalloc(&self) -> bool {
        // SAFETY: The function compares the address with the bounds of the vmalloc area.
        unsafe { ffi::is_vmalloc_addr(self.start().as_ptr().cast()) }
    }
}

impl<T: ?Sized, C: Context> TryFrom<KvmallocBox<T, C>> for KmallocBox<T> {
    type Error = KvmallocBox<T, C>;

    /// Succeeds for memory that kmalloc gave, which is physically contiguous; returns other.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Bytes, KmallocBox, KvmallocBox};
    ///
    /// // Up to a page it is always kmalloc that gives it.
    /// let buffer = KvmallocBox::zeroed_bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    /// let buffer = KmallocBox::try_from(buffer);
    /// assert!(buffer.is_ok_and(|buffer| buffer.physical_address().is_some()));
    /// // More than kmalloc can give.
    /// let buffer = KvmallocBox::zeroed_bytes(Bytes::new(5 << 20)?, Gfp::KERNEL)?;
    /// let buffer = KmallocBox::try_from(buffer);
    /// assert_eq!(buffer.err().map(|buffer| buffer.len()), Some(5 << 20));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    fn try_from(value: KvmallocBox<T, C>) -> Result<Self, KvmallocBox<T, C>> {
        if value.is_of_vmalloc() {
            return Err(value);
        }
        // SAFETY: The memory was ours, and `kvmalloc()` has it from vmalloc or from `kmalloc()`. A value
        // without a size is where an owner of either kind has it.
        Ok(unsafe { Owned::from_raw(value.into_raw()) })
    }
}

impl<T: ?Sized, C: Context> From<KmallocBox<T>> for KvmallocBox<T, C> {
    /// For functions that take whatever memory there is.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox, KvmallocBox};
    ///
    /// struct Table {
    ///     entries: KvmallocBox<[u64]>,
    /// }
    ///
    /// let few = KmallocBox::copy_of(&[7, 8], Gfp::KERNEL)?;
    /// let table = Table { entries: few.into() };
    /// assert_eq!(&*table.entries, &[7, 8]);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    fn from(value: KmallocBox<T>) -> Self {
        // SAFETY: The memory was ours, and `kvfree()`, its substitute and `kvrealloc()` take that of
        // `kmalloc()` too. A value without a size is where an owner of either kind has it.
        unsafe { Owned::from_raw(value.into_raw()) }
    }
}
