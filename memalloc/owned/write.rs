// SPDX-License-Identifier: GPL-2.0

//! Making a value in memory that was allocated for it.

use super::{
    Memory,
    Owned, //
};
use core::{
    mem::MaybeUninit,
    pin::Pin, //
};
use kernel::prelude::{
    Init,
    PinInit, //
};

impl<T, M: Memory> Owned<MaybeUninit<T>, M> {
    /// Says that the value is valid.
    ///
    /// # Safety
    ///
    /// A valid `T` was written since the allocation, by the owner or by the kernel.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let mut slot = KmallocBox::new_uninit(Gfp::KERNEL)?;
    /// (*slot).write(7_u64);
    /// // SAFETY: The line before wrote the value.
    /// let number = unsafe { slot.assume_init() };
    /// assert_eq!(*number, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub unsafe fn assume_init(self) -> Owned<T, M> {
        let value = self.into_raw();
        // SAFETY: The caller vouches for the value; the memory was ours.
        unsafe { Owned::from_raw(value.cast()) }
    }

    /// Moves `value` into the memory.
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn write(mut self, value: T) -> Owned<T, M> {
        MaybeUninit::write(&mut self, value);
        // SAFETY: We just wrote the value.
        unsafe { self.assume_init() }
    }

    /// Lets `init` make the value in place. If that fails, the memory is freed.
    ///
    /// # Errors
    ///
    /// Those of `init`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{error::Error, prelude::*};
    /// use memalloc::{gfp::Gfp, VmallocBox};
    ///
    /// struct Log {
    ///     entries: u64,
    ///     text: [u8; 100_000],
    /// }
    ///
    /// // It would not fit on the stack.
    /// let log = VmallocBox::new_uninit(Gfp::KERNEL)?.write_init(try_init!(Log {
    ///     entries: 7,
    ///     text <- pin_init::init_zeroed(),
    /// }? Error))?;
    /// assert_eq!((log.entries, log.text[99_999]), (7, 0));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn write_init<E>(mut self, init: impl Init<T, E>) -> Result<Owned<T, M>, E> {
        // SAFETY: The slot is valid for a `T`, and is not read if this fails. What an `Init` makes
        // need not be pinned.
        unsafe { crate::ffi::raw_try_init(self.as_mut_ptr(), init)? };
        // SAFETY: The initialiser made a valid value.
        Ok(unsafe { self.assume_init() })
    }

    /// Lets `init` make the value in place, where it stays. If that fails, the memory is freed.
    ///
    /// # Errors
    ///
    /// Those of `init`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{new_mutex, sync::Mutex};
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// // A lock must not move, since others wait at its address.
    /// let counter = KmallocBox::new_uninit(Gfp::KERNEL)?.write_pin_init(new_mutex!(7_u32))?;
    /// *counter.lock() += 1;
    /// assert_eq!(*counter.lock(), 8);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn write_pin_init<E>(mut self, init: impl PinInit<T, E>) -> Result<Pin<Owned<T, M>>, E> {
        // SAFETY: The slot is valid for a `T`, and is not read if this fails; the value is pinned
        // below, and the slot not moved before.
        unsafe { crate::ffi::raw_try_init(self.as_mut_ptr(), init)? };
        // SAFETY: The initialiser made a valid value.
        Ok(unsafe { self.assume_init() }.into_pin())
    }
}
