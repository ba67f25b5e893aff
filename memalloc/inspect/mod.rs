// SPDX-License-Identifier: GPL-2.0

//! Looks at a live allocation by reference.
//!
//! Owners of one allocation whose bytes they give access to are [`Inspect`]; their [`Span`] is where the
//! questions are asked. (A [`SinglePage`](crate::SinglePage) becomes a block first; a
//! [`Bulk`](crate::Bulk) is many allocations, of which [`pop`](crate::Bulk::pop) takes one out.) Asking
//! changes nothing, with one exception, which [`UsableSize`] tells.

mod backend;
mod frames;
mod questions;
mod runs;
mod usable;

pub use backend::Backend;
pub use frames::{
    PageFrame,
    PageFrames,
    Pfn, //
};
pub use runs::{
    Runs,
    RUN_BUCKETS, //
};
pub use usable::{
    kmalloc_size_roundup,
    UsableSize,
    Witness, //
};

use crate::{
    gfp::Context,
    object::{
        Handle,
        Object, //
    },
    owned::{
        Memory,
        Owned, //
    },
    KmallocMemory,
    KvmallocMemory,
    PageBlock,
    PageRun,
    SensitiveMemory,
    VmallocMemory, //
};
use core::{
    fmt,
    marker::PhantomData,
    mem::size_of_val,
    ops::Range,
    ptr::NonNull, //
};
use kernel::page::PAGE_SIZE;

/// The extent of a live allocation: the bytes that were asked for.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, inspect::{Backend, Inspect}, Cache, CacheOptions};
///
/// let cache = Cache::new(c"doc_inspect_span", CacheOptions::new())?;
/// let object = Cache::allocate(&cache, [7_u8; 100], Gfp::KERNEL)?;
/// let span = object.span();
/// assert_eq!((span.size_bytes(), span.backend()), (100, Backend::Slab));
/// assert!(span.usable_size().size_bytes >= 100);
/// # Ok::<(), kernel::error::Error>(())
/// ```
///
/// # Invariants
///
/// - For `'a`, the `size_bytes` bytes from `start` are live memory that `backend` gave; `start` is
///   where the allocation starts. There may be none, and then there is no memory either.
#[derive(Clone, Copy)]
pub struct Span<'a> {
    start: NonNull<u8>,
    size_bytes: usize,
    backend: Backend,
    _borrow: PhantomData<&'a u8>,
}

impl Span<'_> {
    /// # Safety
    ///
    /// For the lifetime of the result the `size_bytes` bytes from `start` are live memory of kmalloc, or
    /// of a slab cache; `start` is where the allocation starts. There may be none.
    unsafe fn of_kmalloc(start: NonNull<u8>, size_bytes: usize) -> Self {
        // INVARIANT: This function's contract.
        Self {
            start,
            size_bytes,
            backend: Backend::of_kmalloc(start, size_bytes),
            _borrow: PhantomData,
        }
    }
}

impl fmt::Debug for Span<'_> {
    /// Leaves the address out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Span")
            .field("size_bytes", &self.size_bytes)
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}

/// An owner of memory that can be looked at.
///
/// # Examples
///
/// ```
/// use kernel::page::PAGE_SIZE;
/// use memalloc::{gfp::Gfp, inspect::Inspect, Bytes, Order, PageBlock, VmallocBox};
///
/// /// What was set aside beyond the request, for whatever owner.
/// fn waste_bytes(memory: &impl Inspect) -> usize {
///     let span = memory.span();
///     span.usable_size().waste_bytes(span.size_bytes())
/// }
///
/// let block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
/// assert_eq!(waste_bytes(&block), 0);
/// let bytes = VmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// assert_eq!(waste_bytes(&bytes), PAGE_SIZE - 100);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait Inspect: private::Sealed {
    /// The memory that this value owns.
    fn span(&self) -> Span<'_>;

    /// Whether the bytes in `range` are all zero; those past the end count as zero.
    ///
    /// The kernel reads them, so that they need not have been written. Large memory is better asked
    /// about in parts: the call takes as long as reading takes. It takes the owner for itself, since
    /// what is shared may be written to, if its type has a lock or an atomic in it.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, Bytes, KmallocBox};
    ///
    /// let mut buffer = KmallocBox::zeroed_bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    /// assert!(buffer.is_zeroed(0..100));
    /// buffer[50] = 7;
    /// assert!(!buffer.is_zeroed(0..100));
    /// assert!(buffer.is_zeroed(51..100));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    fn is_zeroed(&mut self, range: Range<usize>) -> bool {
        // SAFETY: Who owns it is borrowed for this call alone, so that nobody else writes to it.
        unsafe { self.span().holds_zeroes(range) }
    }
}

mod private {
    pub trait Sealed {}
}

impl<T: ?Sized, M: Memory> private::Sealed for Owned<T, M> {}
impl<T, H: Handle> private::Sealed for Object<T, H> {}
impl<B> private::Sealed for PageBlock<B> {}
impl<B> private::Sealed for PageRun<B> {}

impl<T: ?Sized> Inspect for Owned<T, KmallocMemory> {
    fn span(&self) -> Span<'_> {
        // SAFETY: By its own invariants an owner has this many live bytes, from kmalloc.
        unsafe { Span::of_kmalloc(self.start(), size_of_val::<T>(self)) }
    }
}

impl<T: ?Sized> Inspect for Owned<T, SensitiveMemory> {
    fn span(&self) -> Span<'_> {
        // SAFETY: By its own invariants an owner has this many live bytes, from kmalloc.
        unsafe { Span::of_kmalloc(self.start(), size_of_val::<T>(self)) }
    }
}

impl<T, H: Handle> Inspect for Object<T, H> {
    fn span(&self) -> Span<'_> {
        // SAFETY: By its own invariants an object has this many live bytes, from a slab cache or, in a
        // pool, from kmalloc.
        unsafe { Span::of_kmalloc(self.start(), size_of::<T>()) }
    }
}

impl<T: ?Sized, C: Context> Inspect for Owned<T, VmallocMemory<C>> {
    fn span(&self) -> Span<'_> {
        // INVARIANT: By its own invariants an owner has this many live bytes, from vmalloc.
        Span {
            start: self.start(),
            size_bytes: size_of_val::<T>(self),
            backend: Backend::Vmalloc,
            _borrow: PhantomData,
        }
    }
}

impl<T: ?Sized, C: Context> Inspect for Owned<T, KvmallocMemory<C>> {
    fn span(&self) -> Span<'_> {
        if !self.is_of_vmalloc() {
            // SAFETY: By its own invariants an owner has this many live bytes, from kmalloc unless they
            // lie in the vmalloc area.
            return unsafe { Span::of_kmalloc(self.start(), size_of_val::<T>(self)) };
        }
        // INVARIANT: By its own invariants an owner has this many live bytes.
        Span {
            start: self.start(),
            size_bytes: size_of_val::<T>(self),
            backend: Backend::Vmalloc,
            _borrow: PhantomData,
        }
    }
}

impl<B> Inspect for PageBlock<B> {
    fn span(&self) -> Span<'_> {
        // INVARIANT: By its own invariants a block has this many live bytes.
        Span {
            start: self.start(),
            size_bytes: self.order().size_bytes(),
            backend: Backend::Pages,
            _borrow: PhantomData,
        }
    }
}

impl<B> Inspect for PageRun<B> {
    fn span(&self) -> Span<'_> {
        // INVARIANT: By its own invariants a run has this many live bytes.
        Span {
            start: self.start(),
            size_bytes: self.pages() * PAGE_SIZE,
            backend: Backend::Pages,
            _borrow: PhantomData,
        }
    }
}
