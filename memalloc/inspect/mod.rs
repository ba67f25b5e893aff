// SPDX-License-Identifier: GPL-2.0

//! Looks at a live allocation by reference: it owns nothing, and changes nothing.
//!
//! Every owner is [`Inspect`]; its [`Span`] is where the questions are asked.

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
    UsableSize,
    Witness, //
};

use crate::{
    ffi,
    gfp::Context,
    owned::{
        Memory,
        Owned, //
    },
    KmallocMemory, KvmallocMemory, PageBlock, VmallocMemory,
};
use core::{marker::PhantomData, mem::size_of_val, ptr::NonNull};

/// The allocator that really served a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A slab cache of kmalloc.
    Slab,
    /// Whole pages, through kmalloc: a request above `KMALLOC_MAX_CACHE_SIZE`.
    LargeKmalloc,
    /// Pages mapped into the vmalloc area.
    Vmalloc,
    /// A block of the page allocator.
    PageBlock,
}

impl Backend {
    /// The backend of memory from kmalloc, for a request of `size_bytes`.
    fn of_kmalloc(size_bytes: usize) -> Self {
        if size_bytes > ffi::RAW_KMALLOC_MAX_CACHE_SIZE {
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
            Self::PageBlock => "pages",
        }
    }
}

/// The extent of a live allocation: the bytes that were asked for.
///
/// # Invariants
///
/// - For `'a`, the `size_bytes` bytes from `start` are live memory that `backend` gave; `start` is
///   where the allocation starts, and `size_bytes` is not zero.
#[derive(Clone, Copy)]
pub struct Span<'a> {
    start: NonNull<u8>,
    size_bytes: usize,
    backend: Backend,
    _borrow: PhantomData<&'a u8>,
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
impl<B> private::Sealed for PageBlock<B> {}

impl<T: ?Sized> Inspect for Owned<T, KmallocMemory> {
    fn span(&self) -> Span<'_> {
        let size_bytes = size_of_val::<T>(self);
        // INVARIANT: By its own invariants an owner has this many live bytes, from kmalloc.
        Span {
            start: self.start(),
            size_bytes,
            backend: Backend::of_kmalloc(size_bytes),
            _borrow: PhantomData,
        }
    }
}

impl<T: ?Sized, C: Context> Inspect for Owned<T, VmallocMemory<C>>
where
    VmallocMemory<C>: Memory,
{
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

impl<T: ?Sized, C: Context> Inspect for Owned<T, KvmallocMemory<C>>
where
    KvmallocMemory<C>: Memory,
{
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
                Backend::of_kmalloc(size_bytes)
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
            backend: Backend::PageBlock,
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

    /// Whether all bytes are zero. The kernel reads them, so that they need not have been written.
    pub fn is_zeroed(self) -> bool {
        // SAFETY: By the type invariants these bytes are live memory.
        let other = unsafe { ffi::memchr_inv(self.start.as_ptr().cast(), 0, self.size_bytes) };
        other.is_null()
    }

    /// How much of the memory is usable, and who says so.
    pub fn usable_size(self) -> UsableSize {
        usable::of(self)
    }

    /// The page frames that the bytes lie in, in the order of their addresses.
    pub fn page_frames(self) -> PageFrames<'a> {
        PageFrames::of(self)
    }
}
