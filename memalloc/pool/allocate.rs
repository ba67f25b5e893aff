// SPDX-License-Identifier: GPL-2.0

//! Objects of a pool.
//!
//! The functions take the handle that the object is to hold, a `&Pool<T>` or an `Arc<Pool<T>>`,
//! where methods would take the pool.

use super::Pool;
use crate::{
    failure::Failure,
    ffi,
    gfp::{
        Gfp,
        MaySleep,
        Mempool,
        NonBlocking, //
    },
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
use kernel::sync::Arc;

/// Owns a `T` in an object of the [`Pool<T>`] that `H` is a handle to: `&Pool<T>` or, unless it is
/// said otherwise, `Arc<Pool<T>>`.
///
/// Made by [`Pool::allocate_waiting`] and its relatives. Its methods, and where it may be dropped,
/// are those of [`Object`].
///
/// # Examples
///
/// ```
/// use core::num::NonZeroUsize;
/// use kernel::{alloc::flags::GFP_KERNEL, sync::Arc};
/// use memalloc::{gfp::Gfp, Node, Pool, PoolBox};
///
/// let pool = Pool::<u64>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
/// let pool = Arc::new(pool, GFP_KERNEL)?;
/// // The object keeps the pool.
/// let object: PoolBox<u64> = Pool::allocate_waiting(pool, Gfp::NOIO).write(7);
/// assert_eq!(*object, 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub type PoolBox<T, H = Arc<Pool<T>>> = Object<T, H>;

impl<T> Pool<T> {
    /// Allocates an object whose contents are unknown, like `mempool_alloc()` where that may sleep.
    ///
    /// It cannot fail, but it may wait for ever, and no signal ends that: if kmalloc has no memory
    /// and the reserve is used up, it waits until an object is given back, or there is memory
    /// again. So who waits here must not hold what others need to give theirs back, nor so many
    /// objects of this pool that waiting for one more is waiting for oneself.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, Node, Pool};
    ///
    /// let pool = Pool::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
    /// let object = Pool::allocate_waiting(&pool, Gfp::KERNEL).write(7_u64);
    /// assert_eq!(*object, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn allocate_waiting<H: Handle<Source = Self>>(
        handle: H,
        gfp: Gfp<MaySleep, Mempool>,
    ) -> PoolBox<MaybeUninit<T>, H> {
        // SAFETY: By the type invariants the pool is live, and by those of `Gfp` the mask suits it.
        let start = unsafe {
            ffi::alloc_hooks(|| {
                ffi::mempool_alloc_noprof(handle.source().pool.as_ptr(), gfp.bits())
            })
        };
        // SAFETY: "Allocation failure can only happen when `gfp_mask` does not include
        // `__GFP_DIRECT_RECLAIM`" (mm/mempool.c); by the invariants of `Gfp` this one is made from
        // a mask that may sleep, which all include it.
        let start = unsafe { NonNull::new_unchecked(start) };
        // SAFETY: A fresh object of the pool.
        unsafe { Self::take_allocated(start, handle) }
    }

    /// Allocates an object whose contents are unknown, like `mempool_alloc()` where that may not
    /// sleep: from kmalloc, or else from the reserve.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory), if kmalloc has no memory and the
    /// reserve is used up.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, Node, Pool};
    ///
    /// let pool = Pool::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
    /// let object = Pool::try_allocate(&pool, Gfp::NOWAIT)?.write(7_u64);
    /// assert_eq!(*object, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn try_allocate<H: Handle<Source = Self>>(
        handle: H,
        gfp: Gfp<NonBlocking, Mempool>,
    ) -> Result<PoolBox<MaybeUninit<T>, H>, Failure> {
        // SAFETY: By the type invariants the pool is live, and by those of `Gfp` the mask suits it.
        let start = unsafe {
            ffi::alloc_hooks(|| {
                ffi::mempool_alloc_noprof(handle.source().pool.as_ptr(), gfp.bits())
            })
        };
        match NonNull::new(start) {
            // SAFETY: A fresh object of the pool.
            Some(start) => Ok(unsafe { Self::take_allocated(start, handle) }),
            None => Err(Failure::out_of_memory(
                "mempool_alloc",
                size_of::<T>(),
                gfp.bits(),
            )),
        }
    }

    /// Takes an object, whose contents are unknown, from the reserve, like
    /// `mempool_alloc_preallocated()`. Returns `None` if the reserve is used up. It does not sleep.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, Node, Pool};
    ///
    /// let pool = Pool::<u64>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
    /// let first = Pool::take_reserved(&pool);
    /// assert!(first.is_some());
    /// assert!(Pool::take_reserved(&pool).is_none());
    /// drop(first);
    /// assert!(Pool::take_reserved(&pool).is_some());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn take_reserved<H: Handle<Source = Self>>(
        handle: H,
    ) -> Option<PoolBox<MaybeUninit<T>, H>> {
        // SAFETY: By the type invariants the pool is live.
        let start = unsafe { ffi::mempool_alloc_preallocated(handle.source().pool.as_ptr()) };
        // SAFETY: A fresh object of the pool.
        NonNull::new(start).map(|start| unsafe { Self::take_allocated(start, handle) })
    }

    /// # Safety
    ///
    /// `start` is the start of an object of the pool of `handle`, whose ownership passes to the
    /// result.
    #[inline(always)]
    unsafe fn take_allocated<H: Handle<Source = Self>>(
        start: NonNull<c_void>,
        handle: H,
    ) -> PoolBox<MaybeUninit<T>, H> {
        // SAFETY: Any bytes are a valid `MaybeUninit<T>`. By the invariants of `Pool` the object is
        // memory of kmalloc of its size, so that it lies in the direct map, and is aligned to the
        // largest power of two that divides the size, which `T`'s alignment does. Nobody else owns
        // it.
        unsafe { Object::fresh(start.cast(), handle) }
    }
}
