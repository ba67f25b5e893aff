// SPDX-License-Identifier: GPL-2.0

//! How an object keeps what it came from.

use core::ptr::NonNull;
use kernel::sync::Arc;

pub(crate) mod sealed {
    use super::NonNull;

    pub trait Sealed {}

    /// The calls of a source.
    ///
    /// # Safety
    ///
    /// `take_back` releases objects of this source. When the source is dropped, those that were not
    /// given back keep their memory, if the source was told of them by [`lend`](Self::lend).
    pub unsafe trait TakesBack {
        /// Frees an object.
        ///
        /// # Safety
        ///
        /// `start` is the start of an object of this source, which was not freed and which nothing
        /// refers to.
        unsafe fn take_back(&self, start: NonNull<u8>);

        /// Notes that this many objects are held by handles that, forgotten, do not keep the
        /// source.
        #[inline(always)]
        fn lend(&self, _objects: usize) {}

        /// Notes that this many such objects were freed.
        #[inline(always)]
        fn settle(&self, _objects: usize) {}
    }
}

/// What objects come from: a [`Cache`](crate::Cache) or a [`Pool`](crate::Pool). Sealed.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroUsize;
/// use memalloc::{gfp::Gfp, Cache, CacheOptions, Node, Object, Pool, Source};
///
/// /// A queue of one, of objects of whatever source.
/// struct Queue<'a, S: Source> {
///     next: Option<Object<u64, &'a S>>,
/// }
///
/// let cache = Cache::new(c"doc_source", CacheOptions::new())?;
/// let mut queue = Queue { next: Some(Cache::allocate(&cache, 7, Gfp::KERNEL)?) };
/// assert_eq!(queue.next.take().as_deref(), Some(&7));
///
/// let pool = Pool::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
/// let mut queue = Queue { next: Some(Pool::allocate_waiting(&pool, Gfp::NOIO).write(8)) };
/// assert_eq!(queue.next.take().as_deref(), Some(&8));
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait Source: sealed::TakesBack {}

/// What an object holds so that its source outlives it: `&'a S` or [`Arc<S>`](Arc), where `S` is a
/// [`Cache`](crate::Cache) or a [`Pool`](crate::Pool). Sealed.
///
/// A driver that must store both the source and its objects takes the [`Arc`]. (A source in a `static`
/// would do as well, but nothing drops that when the module is removed.)
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Cache, CacheBox, CacheOptions, Failure, Handle};
///
/// // Works with either handle.
/// fn seven<H: Handle<Source = Cache<u64>>>(handle: H) -> Result<CacheBox<u64, H>, Failure> {
///     Cache::allocate(handle, 7, Gfp::KERNEL)
/// }
///
/// let cache = Cache::new(c"doc_handle", CacheOptions::new())?;
/// assert_eq!(*seven(&cache)?, 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
///
/// # Safety
///
/// - [`source`](Self::source) returns the same source every time, however the handle is moved, and
///   that is not dropped before the handle is.
/// - Unless [`IS_REFERENCE`](Self::IS_REFERENCE), nor is it if the handle is forgotten.
pub unsafe trait Handle: sealed::Sealed {
    /// What the handle is for.
    type Source: Source;

    /// Whether the source can be dropped after the handle was forgotten.
    const IS_REFERENCE: bool;

    /// The source.
    fn source(&self) -> &Self::Source;
}

impl<S: Source> sealed::Sealed for &S {}

// SAFETY: The borrow checker keeps a borrowed source in its place.
unsafe impl<S: Source> Handle for &S {
    type Source = S;

    const IS_REFERENCE: bool = true;

    #[inline(always)]
    fn source(&self) -> &S {
        self
    }
}

impl<S: Source> sealed::Sealed for Arc<S> {}

// SAFETY: An `Arc` that still exists, even if it was forgotten, holds a reference of the count;
// what it points to does not move.
unsafe impl<S: Source> Handle for Arc<S> {
    type Source = S;

    const IS_REFERENCE: bool = false;

    #[inline(always)]
    fn source(&self) -> &S {
        self
    }
}
