// SPDX-License-Identifier: GPL-2.0

//! Many objects of a slab cache, owned together.

mod allocate;
mod values;

use crate::{
    ffi,
    object::{
        sealed::TakesBack,
        Handle, //
    },
    owned::Owned,
    KmallocBox, //
};
use core::{
    fmt,
    mem::{
        ManuallyDrop,
        MaybeUninit, //
    },
    ptr::{
        self,
        NonNull, //
    },
};

/// Owns `T`s in objects of a slab cache, all freed in one call when it is dropped.
///
/// Made by [`Cache::bulk_uninit`](crate::Cache::bulk_uninit) and
/// [`Cache::bulk_zeroed`](crate::Cache::bulk_zeroed).
///
/// Context: allocated and dropped with interrupts enabled, says `include/linux/slab.h`. What
/// [`Object`](crate::Object) says about dropping the last handle is true here too.
///
/// # Invariants
///
/// - `cache` is the one of the handle's source.
/// - The first `count` of `addresses` point to valid `T`s, each at the start of a live object of
///   that cache, in the direct map, whose only owner this value is.
/// - If the handle is a reference, these objects are lent.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
///
/// let cache = Cache::<u64>::new(c"doc_bulk", CacheOptions::new())?;
/// // kmem_cache_alloc_bulk(cache, GFP_KERNEL, 17, objects).
/// let objects = Cache::bulk_uninit(&cache, Count::new(17)?, Gfp::KERNEL)?;
/// let mut numbers = objects.write_with(|index| index as u64);
/// for number in numbers.iter_mut() {
///     *number *= 2;
/// }
/// assert_eq!(numbers.iter().sum::<u64>(), 16 * 17);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct Bulk<T, H: Handle> {
    cache: NonNull<ffi::kmem_cache>,
    addresses: KmallocBox<[NonNull<T>]>,
    count: usize,
    handle: H,
}

// SAFETY: A `Bulk` is the only owner of its `T`s, and any thread may free them, as its own handle
// says.
unsafe impl<T: Send, H: Handle + Send> Send for Bulk<T, H> {}

// SAFETY: A shared `Bulk` gives shared access to its `T`s, and no more.
unsafe impl<T: Sync, H: Handle + Sync> Sync for Bulk<T, H> {}

impl<T, H: Handle> Bulk<MaybeUninit<T>, H> {
    /// Takes fresh objects.
    ///
    /// # Safety
    ///
    /// - `cache` is the one of the handle's source.
    /// - `addresses` are those of live objects of that cache, with the size and alignment of `T`,
    ///   in the direct map, which nobody owns and which are not lent.
    unsafe fn fresh(
        cache: NonNull<ffi::kmem_cache>,
        addresses: KmallocBox<[NonNull<T>]>,
        handle: H,
    ) -> Self {
        let count = addresses.len();
        if H::IS_REFERENCE {
            handle.source().lend(count);
        }
        // INVARIANT: The caller vouches for the objects, which we just lent if need be; any bytes
        // are valid `MaybeUninit<T>`s.
        Self {
            cache,
            addresses: retype(addresses),
            count,
            handle,
        }
    }

    /// Says that all values are valid.
    ///
    /// # Safety
    ///
    /// Valid `T`s were written to all objects since the allocation, by the owner or by the kernel.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_assume", CacheOptions::new())?;
    /// let mut objects = Cache::bulk_uninit(&cache, Count::new(2)?, Gfp::KERNEL)?;
    /// objects.iter_mut().for_each(|object| {
    ///     object.write(7);
    /// });
    /// // SAFETY: The line before wrote every value.
    /// let objects = unsafe { objects.assume_init() };
    /// assert_eq!(objects.iter().sum::<u64>(), 14);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub unsafe fn assume_init(self) -> Bulk<T, H> {
        let this = ManuallyDrop::new(self);
        // SAFETY: The fields are valid, and nobody drops or uses `this` any more.
        let (addresses, handle) = unsafe { (ptr::read(&this.addresses), ptr::read(&this.handle)) };
        // INVARIANT: The objects were ours, and pass on with their handle; the caller vouches for
        // the values.
        Bulk {
            cache: this.cache,
            addresses: retype(addresses),
            count: this.count,
            handle,
        }
    }

    /// Writes every value, each given by its index.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::new(c"doc_bulk_write", CacheOptions::new())?;
    /// let objects = Cache::bulk_uninit(&cache, Count::new(3)?, Gfp::KERNEL)?;
    /// let squares = objects.write_with(|index| index * index);
    /// assert_eq!(squares.get(2), Some(&4));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn write_with(mut self, mut value_at: impl FnMut(usize) -> T) -> Bulk<T, H> {
        for (index, value) in self.iter_mut().enumerate() {
            value.write(value_at(index));
        }
        // SAFETY: The loop wrote every value.
        unsafe { self.assume_init() }
    }
}

/// The same addresses, of values of another type.
fn retype<T, U>(addresses: KmallocBox<[NonNull<T>]>) -> KmallocBox<[NonNull<U>]> {
    let addresses = addresses.into_raw();
    let addresses = NonNull::slice_from_raw_parts(addresses.cast(), addresses.len());
    // SAFETY: The memory was ours; a pointer to one type is a valid pointer to another, of the same
    // layout.
    unsafe { Owned::from_raw(addresses) }
}

impl<T: fmt::Debug, H: Handle> fmt::Debug for Bulk<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T, H: Handle> Drop for Bulk<T, H> {
    fn drop(&mut self) {
        for address in self.addresses.iter().take(self.count) {
            // SAFETY: By the type invariants the value is valid and ours alone; it is not used
            // again.
            unsafe { address.drop_in_place() };
        }
        let addresses = self.addresses.as_mut_ptr().cast();
        // SAFETY: By the type invariants these are live objects of this cache, whose only owner is
        // going away. The function may change the order of the addresses, which are ours.
        unsafe { ffi::kmem_cache_free_bulk(self.cache.as_ptr(), self.count, addresses) };
        if H::IS_REFERENCE {
            self.handle.source().settle(self.count);
        }
    }
}
