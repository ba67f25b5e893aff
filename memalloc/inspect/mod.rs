// SPDX-License-Identifier: GPL-2.0

//! Looks at a live allocation by reference.
//!
//! Every owner is [`Inspect`]; its [`Span`] is where the questions are asked. Asking changes nothing,
//! with one exception, which [`UsableSize`] tells.

mod frames;
mod runs;
mod usable;

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
    ffi,
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
use kernel::{
    page::PAGE_SIZE,
    str::{
        CStr,
        CStrExt as _, //
    },
};

/// The allocator that really served a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A slab cache: one of kmalloc's, or a [`Cache`](crate::Cache).
    Slab,
    /// Whole pages, through kmalloc: a request above `KMALLOC_MAX_CACHE_SIZE`.
    LargeKmalloc,
    /// Pages mapped into the vmalloc area.
    Vmalloc,
    /// Pages of the page allocator: a block, or a run.
    Pages,
}

impl Backend {
    /// The backend of memory from kmalloc, which may be none.
    fn of_kmalloc(start: NonNull<u8>, size_bytes: usize) -> Self {
        // SAFETY: Memory of kmalloc lies in the direct map, and is live.
        if size_bytes > 0 && unsafe { ffi::memalloc_is_large_kmalloc(start.as_ptr().cast()) } {
            Self::LargeKmalloc
        } else {
            Self::Slab
        }
    }

    /// A word for it, as the interface prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slab => "slab",
            Self::LargeKmalloc => "large",
            Self::Vmalloc => "vmalloc",
            Self::Pages => "pages",
        }
    }
}

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
pub trait Inspect: private::Sealed {
    /// The memory that this value owns.
    fn span(&self) -> Span<'_>;
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
        let size_bytes = size_of_val::<T>(self);
        // INVARIANT: By its own invariants an owner has this many live bytes, from kmalloc.
        Span {
            start: self.start(),
            size_bytes,
            backend: Backend::of_kmalloc(self.start(), size_bytes),
            _borrow: PhantomData,
        }
    }
}

impl<T: ?Sized> Inspect for Owned<T, SensitiveMemory> {
    fn span(&self) -> Span<'_> {
        let size_bytes = size_of_val::<T>(self);
        // INVARIANT: By its own invariants an owner has this many live bytes, from kmalloc.
        Span {
            start: self.start(),
            size_bytes,
            backend: Backend::of_kmalloc(self.start(), size_bytes),
            _borrow: PhantomData,
        }
    }
}

impl<T, H: Handle> Inspect for Object<T, H> {
    fn span(&self) -> Span<'_> {
        let size_bytes = size_of::<T>();
        // INVARIANT: By its own invariants an object has this many live bytes, from a slab cache or, in a
        // pool, from kmalloc.
        Span {
            start: self.start(),
            size_bytes,
            backend: Backend::of_kmalloc(self.start(), size_bytes),
            _borrow: PhantomData,
        }
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
        let size_bytes = size_of_val::<T>(self);
        // SAFETY: The function compares the address with the bounds of the vmalloc area.
        let is_vmalloc = unsafe { ffi::is_vmalloc_addr(self.start().as_ptr().cast()) };
        // INVARIANT: By its own invariants an owner has this many live bytes, from kmalloc unless
        // they lie in the vmalloc area.
        Span {
            start: self.start(),
            size_bytes,
            backend: if is_vmalloc {
                Backend::Vmalloc
            } else {
                Backend::of_kmalloc(self.start(), size_bytes)
            },
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

impl<'a> Span<'a> {
    /// The bytes that were asked for.
    pub fn size_bytes(self) -> usize {
        self.size_bytes
    }

    /// The allocator that served the request.
    pub fn backend(self) -> Backend {
        self.backend
    }

    /// The address itself. It is a secret of the kernel: think before you let it out.
    pub fn address(self) -> usize {
        self.start.as_ptr().addr()
    }

    /// The largest power of two that divides the address, in bytes.
    pub fn alignment_bytes(self) -> usize {
        1 << self.address().trailing_zeros()
    }

    /// Whether the bytes in `range` are all zero; those past the end count as zero.
    ///
    /// The kernel reads them, so that they need not have been written. Large memory is better asked
    /// about in parts: the call takes as long as reading takes.
    pub fn is_zeroed(self, range: Range<usize>) -> bool {
        let end = range.end.min(self.size_bytes);
        let Some(size_bytes) = end.checked_sub(range.start) else {
            return true;
        };
        // SAFETY: The range begins within the memory, or at its end.
        let start = unsafe { self.start.add(range.start) };
        // SAFETY: By the type invariants these bytes are live memory.
        let other = unsafe { ffi::memchr_inv(start.as_ptr().cast(), 0, size_bytes) };
        other.is_null()
    }

    /// How much of the memory is usable, and who says so.
    pub fn usable_size(self) -> UsableSize {
        usable::of(self)
    }

    /// The name of the zone that the first page lies in, such as `Normal`; none of no memory.
    pub fn zone_name(self) -> Option<&'static CStr> {
        let frame = self.page_frames().next()?;
        // SAFETY: The frame holds live memory, so that it has a `struct page`.
        let name = unsafe { ffi::memalloc_pfn_to_zone_name(frame.pfn.number()) };
        // SAFETY: The names are constants of the kernel (`zone_names`, `mm/page_alloc.c`).
        Some(unsafe { CStr::from_char_ptr(name) })
    }

    /// Whether the first page is charged to a memory cgroup, as `__GFP_ACCOUNT` asks for.
    ///
    /// Objects of slab caches are charged one by one, in books that cannot be seen from here: `None`.
    /// What is allocated from the root cgroup is charged to none.
    pub fn is_charged(self) -> Option<bool> {
        if self.backend == Backend::Slab {
            return None;
        }
        let frame = self.page_frames().next()?;
        // SAFETY: The frame holds live memory, so that it has a `struct page`; without slab objects in
        // it, what the word means is settled.
        Some(unsafe { ffi::memalloc_pfn_is_charged(frame.pfn.number()) })
    }

    /// The page frames that the bytes lie in, in the order of their addresses.
    pub fn page_frames(self) -> PageFrames<'a> {
        PageFrames::of(self)
    }
}
