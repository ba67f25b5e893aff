// SPDX-License-Identifier: GPL-2.0

//! Single objects of a slab cache.
//!
//! The functions take the handle that the object is to hold, a `&Cache<T>` or an `Arc<Cache<T>>`,
//! where methods would take the cache.

use super::Cache;
use crate::{
    failure::Failure,
    ffi,
    gfp::{
        self,
        Context,
        Gfp, //
    },
    node::Node,
    object::{
        Handle,
        Object, //
    },
};
use core::{
    ffi::c_void,
    mem::MaybeUninit,
    ptr::NonNull, //
};
use kernel::{
    prelude::Zeroable,
    sync::Arc, //
};

/// Owns a `T` in an object of the [`Cache<T>`] that `H` is a handle to: `&Cache<T>` or, unless it is
/// said otherwise, `Arc<Cache<T>>`.
///
/// Made by [`Cache::allocate`] and its relatives. Its methods, and where it may be dropped, are
/// those of [`Object`]. Either handle is counted, which costs one atomic operation when the object is
/// allocated and one when it is freed: see [`Cache`].
///
/// # Examples
///
/// ```
/// use kernel::{alloc::flags::GFP_KERNEL, sync::Arc};
/// use memalloc::{gfp::Gfp, Cache, CacheBox, CacheOptions};
///
/// /// A driver that stores a cache and objects of it.
/// struct Driver {
///     cache: Arc<Cache<u64>>,
///     first: CacheBox<u64>,
/// }
///
/// let cache = Arc::new(Cache::new(c"doc_cache_box", CacheOptions::new())?, GFP_KERNEL)?;
/// let first = Cache::allocate(cache.clone(), 7, Gfp::KERNEL)?;
/// let driver = Driver { cache, first };
/// let second: CacheBox<u64, &Cache<u64>> = Cache::allocate(&*driver.cache, 8, Gfp::KERNEL)?;
/// assert_eq!(*driver.first + *second, 15);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub type CacheBox<T, H = Arc<Cache<T>>> = Object<T, H>;

impl<T> Cache<T> {
    /// Allocates an object whose contents are unknown, like `kmem_cache_alloc()`.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::<[u64; 64]>::new(c"doc_allocate_uninit", CacheOptions::new())?;
    /// // Large values are made in place.
    /// let mut object = Cache::allocate_uninit(&cache, Gfp::ATOMIC)?;
    /// let object = object.write([7; 64]);
    /// assert_eq!(object[63], 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn allocate_uninit<C: Context, H: Handle<Source = Self>>(
        handle: H,
        gfp: Gfp<C, gfp::Cache>,
    ) -> Result<CacheBox<MaybeUninit<T>, H>, Failure> {
        let cache = handle.source().cache.as_ptr();
        // SAFETY: By the invariants of `Cache` the cache is live, and by those of `Gfp` the mask
        // suits it.
        let start = unsafe { ffi::alloc_hooks(|| ffi::kmem_cache_alloc_noprof(cache, gfp.bits())) };
        // SAFETY: What the cache returned for this mask.
        unsafe { Self::take_allocated(start, handle, gfp) }
    }

    /// Allocates an object whose contents are unknown, like `kmem_cache_alloc_node()`.
    ///
    /// The node is a preference, unless the flags say `thisnode()`.
    ///
    /// # Errors
    ///
    /// As [`allocate_uninit`](Self::allocate_uninit).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Node};
    ///
    /// let cache = Cache::<u64>::new(c"doc_allocate_node", CacheOptions::new())?;
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let object = Cache::allocate_uninit_on(&cache, Gfp::KERNEL.thisnode(), node)?.write(7);
    /// assert_eq!(*object, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn allocate_uninit_on<C: Context, H: Handle<Source = Self>>(
        handle: H,
        gfp: Gfp<C, gfp::Cache>,
        node: Node,
    ) -> Result<CacheBox<MaybeUninit<T>, H>, Failure> {
        let cache = handle.source().cache.as_ptr();
        // SAFETY: By the invariants of `Cache` the cache is live, by those of `Gfp` the mask suits
        // it, and by those of `Node` the node is none or was online.
        let start = unsafe {
            ffi::alloc_hooks(|| ffi::kmem_cache_alloc_node_noprof(cache, gfp.bits(), node.raw()))
        };
        // SAFETY: What the cache returned for this mask.
        unsafe { Self::take_allocated(start, handle, gfp) }
    }

    /// Allocates an object, and moves `value` there.
    ///
    /// Large values are better made in place, with [`write_init`](crate::Object::write_init): a
    /// kernel stack is small.
    ///
    /// # Errors
    ///
    /// As [`allocate_uninit`](Self::allocate_uninit). `value` is then dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_allocate", CacheOptions::new())?;
    /// let mut object = Cache::allocate(&cache, 7_u64, Gfp::NOWAIT)?;
    /// *object += 1;
    /// assert_eq!(*object, 8);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn allocate<C: Context, H: Handle<Source = Self>>(
        handle: H,
        value: T,
        gfp: Gfp<C, gfp::Cache>,
    ) -> Result<CacheBox<T, H>, Failure> {
        Ok(Self::allocate_uninit(handle, gfp)?.write(value))
    }

    /// Allocates an object all of whose bytes are zero, like `kmem_cache_zalloc()`.
    ///
    /// # Errors
    ///
    /// As [`allocate_uninit`](Self::allocate_uninit).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::<[u32; 25]>::new(c"doc_allocate_zeroed", CacheOptions::new())?;
    /// let object = Cache::allocate_zeroed(&cache, Gfp::KERNEL)?;
    /// assert_eq!(*object, [0; 25]);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn allocate_zeroed<C: Context, H: Handle<Source = Self>>(
        handle: H,
        gfp: Gfp<C, gfp::Cache>,
    ) -> Result<CacheBox<T, H>, Failure>
    where
        T: Zeroable,
    {
        let zeroes = Self::allocate_uninit(handle, gfp.zeroing())?;
        // SAFETY: `__GFP_ZERO` makes the kernel write zeroes, which are a valid `T`.
        Ok(unsafe { zeroes.assume_init() })
    }

    /// # Safety
    ///
    /// `start` is null, or the start of a fresh object of the cache of `handle`, whose ownership
    /// passes to the result.
    #[inline(always)]
    unsafe fn take_allocated<C: Context, H: Handle<Source = Self>>(
        start: *mut c_void,
        handle: H,
        gfp: Gfp<C, gfp::Cache>,
    ) -> Result<CacheBox<MaybeUninit<T>, H>, Failure> {
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(Failure::out_of_memory(
                "kmem_cache_alloc",
                size_of::<T>(),
                gfp.bits(),
            ));
        };
        // SAFETY: Any bytes are a valid `MaybeUninit<T>`, for which by the invariants of `Cache`
        // objects have the size and alignment; slab memory lies in the direct map. Nobody else owns
        // the object.
        Ok(unsafe { CacheBox::fresh(start, handle) })
    }
}
