// SPDX-License-Identifier: GPL-2.0

//! Slab caches of one type: `kmem_cache_create()` and what belongs to it.
//!
//! C header: `include/linux/slab.h`

mod allocate;
mod bulk;
mod name;
mod options;

pub use allocate::CacheBox;
pub use bulk::Bulk;
pub use options::CacheOptions;

use crate::{
    failure::Failure,
    ffi,
    object::{
        sealed,
        Source, //
    },
};
use core::{
    ffi::CStr,
    fmt,
    marker::PhantomData,
    ptr::NonNull, //
};
use kernel::{
    pr_warn,
    str::CStrExt,
    sync::atomic::{
        Atomic,
        Relaxed, //
    },
};

/// Owns a slab cache for `T`s, like `struct kmem_cache *`; dropping it destroys the cache.
///
/// A cache that is dropped although objects of it were forgotten (`mem::forget`) is not destroyed,
/// so that they keep their memory: it stays for ever, with one message in the log, and keeps its
/// name.
///
/// A type that has no size, or is larger than half of `KMALLOC_MAX_SIZE`, does not compile: twice
/// the size leaves room for what the kernel's debugging options add.
///
/// To know of the forgotten ones it counts the objects that are held by a `&Cache`: two atomic
/// operations for each object, one when it is allocated and one when it is freed, on a cache line
/// that all CPUs share. Where several allocate at once, and nothing else is shared, that is what they
/// wait for. An object that holds an `Arc<Cache>` is not counted here, but by the `Arc`, to which the
/// same applies.
///
/// Context: making and dropping a cache sleeps.
///
/// # Invariants
///
/// - `cache` is a slab cache whose objects have at least the size and alignment of `T`, without a
///   constructor, which this value owns; `name` is its name, and reserved.
/// - `lent` is how many objects of it are held by references.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Cache, CacheOptions};
///
/// struct Request {
///     sector: u64,
///     bytes: u32,
/// }
///
/// // kmem_cache_create("doc_cache", sizeof(struct request), 0, 0, NULL).
/// let cache = Cache::new(c"doc_cache", CacheOptions::new())?;
/// // kmem_cache_alloc(cache, GFP_KERNEL).
/// let request = Cache::allocate(&cache, Request { sector: 8, bytes: 512 }, Gfp::KERNEL)?;
/// assert_eq!((request.sector, request.bytes), (8, 512));
///
/// // The name is in use, and spaces would confuse readers of /proc/slabinfo.
/// assert!(Cache::<u64>::new(c"doc_cache", CacheOptions::new()).is_err());
/// assert!(Cache::<u64>::new(c"doc cache", CacheOptions::new()).is_err());
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct Cache<T> {
    cache: NonNull<ffi::kmem_cache>,
    name: &'static CStr,
    lent: OwnLine<Atomic<usize>>,
    _of: PhantomData<fn() -> T>,
}

/// What is written all the time, on a cache line apart from what others only read. Where lines are
/// longer than those of x86, the two may share one, which costs time and nothing else.
#[repr(align(64))]
struct OwnLine<V>(V);

// SAFETY: Any thread may use and destroy a slab cache; the objects that a `Cache` gives say
// themselves which thread may have them.
unsafe impl<T> Send for Cache<T> {}

// SAFETY: The kernel's functions for slab caches may run at the same time, and the count is atomic.
unsafe impl<T> Sync for Cache<T> {}

impl<T> Cache<T> {
    /// Fails to compile for types that a slab cache cannot give memory for.
    const FITS: () = {
        assert!(size_of::<T>() > 0, "a slab cache is for types with a size");
        assert!(
            size_of::<T>() <= options::MAX_OBJECT_BYTES,
            "the type is larger than the objects of a slab cache can be"
        );
        assert!(
            align_of::<T>() <= options::MAX_ALIGN_BYTES,
            "the type's alignment is larger than a slab cache keeps"
        );
    };

    /// Makes a cache, like `kmem_cache_create()`.
    ///
    /// Its name is for `/proc/slabinfo` and `/sys/kernel/slab`. A driver makes one cache for all
    /// its devices.
    ///
    /// # Errors
    ///
    /// - [`Refusal::BadCacheName`](crate::Refusal::BadCacheName), if the name is empty, longer than
    ///   `NAME_MAX`, begins with a colon, or has other characters than printable ASCII without
    ///   spaces and slashes.
    /// - [`Refusal::CacheNameTaken`](crate::Refusal::CacheNameTaken), if a cache of this module, or
    ///   one with a directory in `/sys/kernel/slab`, has the name. (Of a cache elsewhere that may be
    ///   merged with others, and so has a link there, this cannot be known. A kernel with
    ///   `CONFIG_DEBUG_VM` warns of it.)
    /// - What `options` say that `T` cannot be.
    /// - [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{Cache, CacheOptions, Reason, Refusal};
    ///
    /// let cache = Cache::<u64>::new(c"doc_cache_new", CacheOptions::new())?;
    /// let another = Cache::<u64>::new(c"doc_cache_new", CacheOptions::new());
    /// let name = c"doc_cache_new";
    /// assert!(another.is_err_and(|failure| {
    ///     failure.reason() == Reason::Refused(Refusal::CacheNameTaken { name })
    /// }));
    /// # drop(cache);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn new(name: &'static CStr, options: CacheOptions) -> Result<Self, Failure> {
        let () = Self::FITS;
        const FUNCTION: &str = "kmem_cache_create";
        let refused =
            |refusal| Failure::refused(FUNCTION, size_of::<T>(), ffi::RAW_GFP_KERNEL, refusal);
        let out_of_memory =
            || Failure::out_of_memory(FUNCTION, size_of::<T>(), ffi::RAW_GFP_KERNEL);

        let mut arguments = options.arguments_for::<T>().map_err(refused)?;
        name::check(name).map_err(refused)?;
        let reserved = name::reserve(name).map_err(|_| out_of_memory())?;
        reserved.map_err(refused)?;
        // SAFETY: The name is a string that lives for ever. `FITS` compared the size with the
        // limits, of which 16 bytes are far, and `arguments_for` made the rest for a `T`.
        let cache = unsafe {
            ffi::__kmem_cache_create_args(
                name.as_char_ptr(),
                // CAST: At most `MAX_OBJECT_BYTES`.
                options.object_bytes_for::<T>() as u32,
                &mut arguments,
                options.flags(),
            )
        };
        let Some(cache) = NonNull::new(cache) else {
            name::release(name);
            return Err(out_of_memory());
        };
        // INVARIANT: The kernel made the cache for at least this size and alignment, and we reserved the
        // name. No object was lent.
        Ok(Self {
            cache,
            name,
            lent: OwnLine(Atomic::new(0)),
            _of: PhantomData,
        })
    }

    /// The name.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{Cache, CacheOptions};
    ///
    /// let cache = Cache::<u64>::new(c"doc_cache_name", CacheOptions::new())?;
    /// assert_eq!(cache.name(), c"doc_cache_name");
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn name(&self) -> &'static CStr {
        self.name
    }
}

// SAFETY: `kmem_cache_free()` releases objects of the cache. A cache of which objects are lent is
// not destroyed.
unsafe impl<T> sealed::TakesBack for Cache<T> {
    #[inline(always)]
    unsafe fn take_back(&self, start: NonNull<u8>) {
        // SAFETY: By the type invariants the cache is live; the caller owned this object of it.
        unsafe { ffi::kmem_cache_free(self.cache.as_ptr(), start.as_ptr().cast()) };
    }

    #[inline(always)]
    fn lend(&self, objects: usize) {
        // ORDERING: Who drops the cache has seen all uses of it end, by other means.
        self.lent.0.fetch_add(objects, Relaxed);
    }

    #[inline(always)]
    fn settle(&self, objects: usize) {
        // ORDERING: As for `lend`.
        self.lent.0.fetch_sub(objects, Relaxed);
    }
}

impl<T> Source for Cache<T> {}

impl<T> fmt::Debug for Cache<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("name", &self.name)
            .field("object_bytes", &size_of::<T>())
            .finish_non_exhaustive()
    }
}

impl<T> Drop for Cache<T> {
    fn drop(&mut self) {
        let forgotten = *self.lent.0.get_mut();
        if forgotten > 0 {
            pr_warn!(
                "slab cache {} stays for ever: {} of its objects were forgotten\n",
                self.name,
                forgotten
            );
            return;
        }
        // SAFETY:
        // - By the type invariants the cache is live and ours.
        // - It has no objects: none is held by a reference, and who holds another kind of handle,
        //   even a forgotten one, keeps this value from being dropped.
        unsafe { ffi::kmem_cache_destroy(self.cache.as_ptr()) };
        name::release(self.name);
    }
}
