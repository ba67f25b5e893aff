// SPDX-License-Identifier: GPL-2.0

//! Making the value of an object, and taking it out.

use super::{
    Handle,
    Object, //
};
use core::{
    mem::MaybeUninit,
    pin::Pin, //
};
use kernel::prelude::{
    Init,
    PinInit, //
};

impl<T, H: Handle> Object<MaybeUninit<T>, H> {
    /// Says that the value is valid.
    ///
    /// # Safety
    ///
    /// A valid `T` was written since the allocation, by the owner or by the kernel.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::<u64>::new(c"doc_object_assume", CacheOptions::new())?;
    /// let mut object = Cache::allocate_uninit(&cache, Gfp::KERNEL)?;
    /// (*object).write(7);
    /// // SAFETY: The line before wrote the value.
    /// let object = unsafe { object.assume_init() };
    /// assert_eq!(*object, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub unsafe fn assume_init(self) -> Object<T, H> {
        let (value, handle) = self.into_parts();
        // SAFETY: The caller vouches for the value; the object was ours, with this handle.
        unsafe { Object::from_parts(value.cast(), handle) }
    }

    /// Moves `value` into the object.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_object_write", CacheOptions::new())?;
    /// let object = Cache::allocate_uninit(&cache, Gfp::KERNEL)?.write(7_u64);
    /// assert_eq!(*object, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    #[inline(always)]
    pub fn write(mut self, value: T) -> Object<T, H> {
        MaybeUninit::write(&mut self, value);
        // SAFETY: We just wrote the value.
        unsafe { self.assume_init() }
    }

    /// Lets `init` make the value in place. If that fails, the object is freed.
    ///
    /// # Errors
    ///
    /// Those of `init`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{error::Error, prelude::*};
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// struct Request {
    ///     sector: u64,
    ///     buffer: [u8; 512],
    /// }
    ///
    /// let cache = Cache::new(c"doc_object_init", CacheOptions::new())?;
    /// let request = Cache::allocate_uninit(&cache, Gfp::KERNEL)?.write_init(try_init!(Request {
    ///     sector: 7,
    ///     buffer <- pin_init::init_zeroed(),
    /// }? Error))?;
    /// assert_eq!((request.sector, request.buffer[511]), (7, 0));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn write_init<E>(mut self, init: impl Init<T, E>) -> Result<Object<T, H>, E> {
        // SAFETY: The slot is valid for a `T`, and is not read if this fails. What an `Init` makes
        // need not be pinned.
        unsafe { crate::ffi::raw_try_init(self.as_mut_ptr(), init)? };
        // SAFETY: The initialiser made a valid value.
        Ok(unsafe { self.assume_init() })
    }

    /// Lets `init` make the value in place, where it stays. If that fails, the object is freed.
    ///
    /// # Errors
    ///
    /// Those of `init`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{new_mutex, sync::Mutex};
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::<Mutex<u32>>::new(c"doc_object_pin_init", CacheOptions::new())?;
    /// let counter = Cache::allocate_uninit(&cache, Gfp::KERNEL)?.write_pin_init(new_mutex!(7))?;
    /// *counter.lock() += 1;
    /// assert_eq!(*counter.lock(), 8);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn write_pin_init<E>(mut self, init: impl PinInit<T, E>) -> Result<Pin<Object<T, H>>, E> {
        // SAFETY: The slot is valid for a `T`, and is not read if this fails; the value is pinned
        // below, and the slot not moved before.
        unsafe { crate::ffi::raw_try_init(self.as_mut_ptr(), init)? };
        // SAFETY: The initialiser made a valid value.
        Ok(unsafe { self.assume_init() }.into_pin())
    }
}

impl<T, H: Handle> Object<T, H> {
    /// Gives the object back, and returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_object_inner", CacheOptions::new())?;
    /// let object = Cache::allocate(&cache, 7_u64, Gfp::KERNEL)?;
    /// assert_eq!(object.into_inner(), 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn into_inner(self) -> T {
        let (value, handle) = self.into_parts();
        // SAFETY: By the type invariants the value is valid, and it was ours.
        let inner = unsafe { value.read() };
        // The object without the value.
        // SAFETY: The object was ours, with this handle; any bytes are a valid `MaybeUninit<T>`.
        drop(unsafe { Object::<MaybeUninit<T>, H>::from_parts(value.cast(), handle) });
        inner
    }
}
