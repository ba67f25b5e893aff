// SPDX-License-Identifier: GPL-2.0

//! The owning pointer to objects of a source: of a slab cache or of a pool.
//!
//! To be freed, such an object needs what it came from, where memory of kmalloc needs nothing. So
//! its owner is two words: where the value lies, and a [`Handle`].

mod borrow;
mod handle;
mod value;

pub use handle::{
    Handle,
    Source, //
};

pub(crate) use handle::sealed;

use crate::physical::PhysicalAddress;
use core::{
    fmt,
    marker::PhantomData,
    mem::ManuallyDrop,
    ops::{
        Deref,
        DerefMut, //
    },
    pin::Pin,
    ptr::{
        self,
        NonNull, //
    },
};
use sealed::TakesBack;

/// Owns a `T` in an object of the source that `H` is a handle to; dropping it gives the object
/// back.
///
/// It is used through the aliases [`CacheBox`](crate::CacheBox) and [`PoolBox`](crate::PoolBox),
/// which say how to make one.
///
/// An object cannot outlive its source: it borrows it, or shares in owning it. If it is forgotten
/// (`mem::forget`), its memory is never freed.
///
/// Context: may be dropped in any context but NMI. But where the handle is an
/// [`Arc`](kernel::sync::Arc), the last one to be dropped drops the source, and a
/// [`Cache`](crate::Cache) sleeps then.
///
/// # Invariants
///
/// - `value` points to a valid `T` at the start of a live object of the handle's source, in the
///   direct map, whose only owner this value is.
/// - If the handle is a reference, the object is lent.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroUsize;
/// use memalloc::{gfp::Gfp, Cache, CacheOptions, Handle, Node, Object, Pool};
///
/// /// Counts up, wherever the number is.
/// fn count<H: Handle>(number: &mut Object<u64, H>) {
///     **number += 1;
/// }
///
/// let cache = Cache::new(c"doc_object", CacheOptions::new())?;
/// let mut number = Cache::allocate(&cache, 7, Gfp::KERNEL)?;
/// count(&mut number);
/// assert_eq!(*number, 8);
///
/// let pool = Pool::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
/// let mut number = Pool::allocate_waiting(&pool, Gfp::NOIO).write(8);
/// count(&mut number);
/// assert_eq!(*number, 9);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct Object<T, H: Handle> {
    value: NonNull<T>,
    handle: H,
    _owns: PhantomData<T>,
}

// SAFETY: An `Object` is the only owner of its `T`, and any thread may give an object back, as its
// own handle says.
unsafe impl<T: Send, H: Handle + Send> Send for Object<T, H> {}

// SAFETY: A shared `Object` gives shared access to its `T`, and no more.
unsafe impl<T: Sync, H: Handle + Sync> Sync for Object<T, H> {}

// Moving the owner does not move the value, so that a pinned owner may lie in what is not pinned.
impl<T, H: Handle> Unpin for Object<T, H> {}

impl<T, H: Handle> Object<T, H> {
    /// Takes a fresh object.
    ///
    /// # Safety
    ///
    /// `value` points to a valid `T` at the start of a live object of the handle's source, in the
    /// direct map, which nobody owns and which is not lent.
    #[inline(always)]
    pub(crate) unsafe fn fresh(value: NonNull<T>, handle: H) -> Self {
        if H::IS_REFERENCE {
            handle.source().lend(1);
        }
        // SAFETY: The caller vouches for the object, which we just lent if need be.
        unsafe { Self::from_parts(value, handle) }
    }

    /// Takes ownership.
    ///
    /// # Safety
    ///
    /// As for [`fresh`](Self::fresh), but if the handle is a reference, the object is lent.
    #[inline(always)]
    pub(crate) unsafe fn from_parts(value: NonNull<T>, handle: H) -> Self {
        // INVARIANT: These are the safety requirements of this function.
        Self {
            value,
            handle,
            _owns: PhantomData,
        }
    }

    /// Gives up ownership, without dropping or freeing anything.
    #[inline(always)]
    fn into_parts(self) -> (NonNull<T>, H) {
        let this = ManuallyDrop::new(self);
        // SAFETY: The handle is valid, and nobody drops or uses `this` any more.
        (this.value, unsafe { ptr::read(&this.handle) })
    }

    /// Where the value lies.
    #[inline(always)]
    pub(crate) fn start(&self) -> NonNull<u8> {
        self.value.cast()
    }

    /// The handle to the source.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_object_handle", CacheOptions::new())?;
    /// let seven = Cache::allocate(&cache, 7_u64, Gfp::KERNEL)?;
    /// // Another one from the same cache.
    /// let eight = Cache::allocate(*seven.handle(), 8, Gfp::KERNEL)?;
    /// assert_eq!((*seven, *eight), (7, 8));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn handle(&self) -> &H {
        &self.handle
    }

    /// Pins the value: it can then not be moved out of the memory any more.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_object_pin", CacheOptions::new())?;
    /// let pinned = Cache::allocate(&cache, 7_u64, Gfp::KERNEL)?.into_pin();
    /// assert_eq!(*pinned, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn into_pin(self) -> Pin<Self> {
        // SAFETY: The value lies in memory of its own, which moving the owner does not move, and
        // which is freed only after the value was dropped in place.
        unsafe { Pin::new_unchecked(self) }
    }

    /// Where the object starts in physical memory. It is contiguous from there.
    ///
    /// This is not an address for a device: use the DMA API for that.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_object_physical", CacheOptions::new())?;
    /// let object = Cache::allocate(&cache, [0_u64; 4], Gfp::KERNEL)?;
    /// assert_eq!(object.physical_address().as_u64() % 8, 0);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn physical_address(&self) -> PhysicalAddress {
        // SAFETY: By the type invariants the object lies in the direct map.
        unsafe { PhysicalAddress::of_direct_map(self.start()) }
    }
}

impl<T, H: Handle> Deref for Object<T, H> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: By the type invariants the pointer is valid, and nobody else writes.
        unsafe { self.value.as_ref() }
    }
}

impl<T, H: Handle> DerefMut for Object<T, H> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: By the type invariants the pointer is valid and ours alone.
        unsafe { self.value.as_mut() }
    }
}

impl<T: fmt::Debug, H: Handle> fmt::Debug for Object<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: fmt::Display, H: Handle> fmt::Display for Object<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

// What `pr_info!` and the other macros of the `kernel` crate want.
impl<T: kernel::fmt::Display, H: Handle> kernel::fmt::Display for Object<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        kernel::fmt::Display::fmt(&**self, f)
    }
}

impl<T, H: Handle> Drop for Object<T, H> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: By the type invariants the value is valid and ours alone; it is not used again.
        unsafe { self.value.drop_in_place() };
        let source = self.handle.source();
        // SAFETY: By the type invariants this is a live object of the source, whose only owner is
        // going away.
        unsafe { source.take_back(self.value.cast()) };
        if H::IS_REFERENCE {
            source.settle(1);
        }
    }
}
