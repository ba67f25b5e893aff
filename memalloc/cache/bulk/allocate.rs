// SPDX-License-Identifier: GPL-2.0

//! Allocating many objects of a slab cache in one call.

use super::Bulk;
use crate::{
    cache::Cache,
    count::Count,
    failure::Failure,
    ffi,
    gfp::{
        self,
        Context,
        Gfp,
        Kmalloc, //
    },
    machine,
    object::Handle,
    KmallocBox, //
};
use core::{
    mem::MaybeUninit,
    ptr::NonNull, //
};
use kernel::prelude::Zeroable;

impl<T> Cache<T> {
    /// Allocates this many objects whose contents are unknown, like `kmem_cache_alloc_bulk()`.
    ///
    /// The array of their addresses comes from kmalloc, under the same flags. `thisnode()` asks for
    /// new memory from the current node; objects that lie ready may be of another.
    ///
    /// # Errors
    ///
    /// - [`Reason::OutOfMemory`](crate::Reason::OutOfMemory): there are all objects, or none.
    /// - [`Refusal::TooLarge`](crate::Refusal::TooLarge), if the machine has less memory than the
    ///   objects would take.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, machine_memory_bytes, Cache, CacheOptions, Count, Reason};
    ///
    /// let cache = Cache::<[u8; 100]>::new(c"doc_bulk_uninit", CacheOptions::new())?;
    /// let objects = Cache::bulk_uninit(&cache, Count::new(1000)?, Gfp::KERNEL)?;
    /// assert_eq!(objects.len(), 1000);
    /// // Of a mebibyte each, one more than the machine has, if that can be said at all.
    /// let cache = Cache::<[u8; 1 << 20]>::new(c"doc_bulk_large", CacheOptions::new())?;
    /// if let Ok(count) = Count::new((machine_memory_bytes() >> 20) + 1) {
    ///     let failure = Cache::bulk_uninit(&cache, count, Gfp::KERNEL).err();
    ///     assert!(failure.is_some_and(|failure| failure.reason() != Reason::OutOfMemory));
    /// }
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn bulk_uninit<C: Context, H: Handle<Source = Self>>(
        handle: H,
        count: Count<NonNull<T>, Kmalloc>,
        gfp: Gfp<C, gfp::Cache>,
    ) -> Result<Bulk<MaybeUninit<T>, H>, Failure> {
        Self::bulk(handle, count, gfp.for_kmalloc(), gfp)
    }

    /// Allocates this many objects all of whose bytes are zero, like `kmem_cache_alloc_bulk()` with
    /// `__GFP_ZERO`.
    ///
    /// # Errors
    ///
    /// As [`bulk_uninit`](Self::bulk_uninit).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_zeroed", CacheOptions::new())?;
    /// let zeroes = Cache::bulk_zeroed(&cache, Count::new(10)?, Gfp::KERNEL)?;
    /// assert!(zeroes.iter().all(|zero| *zero == 0));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn bulk_zeroed<C: Context, H: Handle<Source = Self>>(
        handle: H,
        count: Count<NonNull<T>, Kmalloc>,
        gfp: Gfp<C, gfp::Cache>,
    ) -> Result<Bulk<T, H>, Failure>
    where
        T: Zeroable,
    {
        let zeroes = Self::bulk(handle, count, gfp.for_kmalloc(), gfp.zeroing())?;
        // SAFETY: `__GFP_ZERO` makes the kernel write zeroes, which are valid `T`s.
        Ok(unsafe { zeroes.assume_init() })
    }

    fn bulk<C: Context, H: Handle<Source = Self>>(
        handle: H,
        count: Count<NonNull<T>, Kmalloc>,
        gfp_of_addresses: Gfp<C, Kmalloc>,
        gfp: Gfp<C, gfp::Cache>,
    ) -> Result<Bulk<MaybeUninit<T>, H>, Failure> {
        const FUNCTION: &str = "kmem_cache_alloc_bulk";
        let size_bytes = count.get().saturating_mul(size_of::<T>());
        // Otherwise the kernel would kill processes for what there cannot be.
        machine::check_all(FUNCTION, size_bytes, gfp)?;
        let mut addresses =
            KmallocBox::<[MaybeUninit<NonNull<T>>]>::array(count, gfp_of_addresses)?;
        // The kernel refuses to give none.
        if count.get() > 0 {
            let cache = handle.source().cache.as_ptr();
            let slots = addresses.as_mut_ptr().cast();
            // SAFETY: By the invariants of `Cache` the cache is live, and by those of `Gfp` the
            // mask suits it; there are this many slots, and not none.
            if !unsafe { ffi::kmem_cache_alloc_bulk(cache, gfp.bits(), count.get(), slots) } {
                return Err(Failure::out_of_memory(FUNCTION, size_bytes, gfp.bits()));
            }
        }
        // SAFETY: The kernel wrote the address of an object to every slot, none of them null.
        let addresses = unsafe { addresses.assume_init() };
        // SAFETY: Fresh objects of the cache of the handle's source, for whose size and alignment
        // by the invariants of `Cache` any bytes are valid `MaybeUninit<T>`s; slab memory lies in
        // the direct map.
        Ok(unsafe { Bulk::fresh(handle.source().cache, addresses, handle) })
    }
}
