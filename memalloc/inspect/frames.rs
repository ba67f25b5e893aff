// SPDX-License-Identifier: GPL-2.0

//! The page frames under an allocation.

use super::{Backend, Span};
use crate::ffi;
use core::{
    fmt,
    marker::PhantomData, //
};
use kernel::page::PAGE_SIZE;

/// A page frame number: an address of physical memory, in pages.
///
/// It has no `Debug`, so that it does not reach a log by accident.
///
/// # Examples
///
/// ```
/// use kernel::page::PAGE_SIZE;
/// use memalloc::{
///     gfp::Gfp,
///     inspect::{Inspect, Pfn},
///     Order, PageBlock,
/// };
///
/// let block = PageBlock::new(Order::new(1)?, Gfp::KERNEL)?;
/// let first = Pfn::new(block.physical_address().as_u64() / PAGE_SIZE as u64);
/// let second = Pfn::new(first.as_u64() + 1);
/// let mut frames = block.span().page_frames().map(|frame| frame.pfn);
/// assert!(frames.next() == Some(first));
/// assert!(frames.next() == Some(second));
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pfn(u64);

impl Pfn {
    /// A frame by its number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// The number as the kernel's functions take it.
    pub(super) const fn number(self) -> usize {
        // CAST: It came from a number of this size, or is of no use.
        self.0 as usize
    }
}

/// One page frame of an allocation.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, inspect::Inspect, Bytes, Node, VmallocBox};
///
/// // Each page of a mapping can be of another node.
/// let buffer = VmallocBox::bytes(Bytes::new(100_000)?, Gfp::KERNEL)?;
/// for frame in buffer.span().page_frames() {
///     assert!(Node::online(frame.node).is_some());
/// }
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct PageFrame {
    /// Which frame.
    pub pfn: Pfn,
    /// The NUMA node that the frame belongs to.
    pub node: u32,
}

impl fmt::Debug for PageFrame {
    /// Leaves the frame number out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageFrame")
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

/// Iterates over the page frames that an allocation lies in.
///
/// Memory that starts or ends within a page counts that page.
///
/// # Invariants
///
/// The addresses `next`, `next + PAGE_SIZE`, … below `end` lie in live memory of `backend`.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::Gfp,
///     inspect::{Inspect, PageFrames, Runs},
///     Bytes, KmallocBox, VmallocBox,
/// };
///
/// fn runs(frames: PageFrames<'_>) -> Runs {
///     let mut runs = Runs::new();
///     frames.for_each(|frame| runs.push(frame.pfn.as_u64()));
///     runs
/// }
///
/// let contiguous = KmallocBox::bytes(Bytes::new(100_000)?, Gfp::KERNEL)?;
/// assert!(runs(contiguous.span().page_frames()).is_contiguous());
/// // Here it is luck.
/// let mapped = VmallocBox::bytes(Bytes::new(100_000)?, Gfp::KERNEL)?;
/// assert!(runs(mapped.span().page_frames()).count() >= 1);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct PageFrames<'a> {
    next: usize,
    end: usize,
    backend: Backend,
    _borrow: PhantomData<&'a u8>,
}

impl<'a> PageFrames<'a> {
    pub(super) fn of(span: Span<'a>) -> Self {
        let start = span.start.as_ptr().addr();
        let end = start + span.size_bytes;
        // INVARIANT: By the invariants of `Span`, and because memory comes in whole pages; of no
        // memory there is no page.
        Self {
            next: match span.size_bytes {
                0 => end,
                _ => start & !(PAGE_SIZE - 1),
            },
            end,
            backend: span.backend,
            _borrow: PhantomData,
        }
    }
}

impl Iterator for PageFrames<'_> {
    type Item = PageFrame;

    fn next(&mut self) -> Option<PageFrame> {
        if self.next >= self.end {
            return None;
        }
        let address = self.next as *const _;
        let number = match self.backend {
            // SAFETY: By the type invariants the address lies in a live vmalloc mapping.
            Backend::Vmalloc => unsafe { ffi::vmalloc_to_pfn(address) },
            // SAFETY: By the type invariants the address lies in live memory of kmalloc or of the
            // page allocator, which is in the direct map.
            _ => unsafe { ffi::memalloc_virt_to_pfn(address) },
        };
        // SAFETY: The frame holds live memory, so that it has a `struct page`.
        let node = unsafe { ffi::memalloc_pfn_to_nid(number) };
        // INVARIANT: One page on, as the loop of `next` says.
        self.next += PAGE_SIZE;
        Some(PageFrame {
            pfn: Pfn(number as u64),
            // CAST: A page's node is never negative.
            node: node as u32,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let pages = self.end.saturating_sub(self.next).div_ceil(PAGE_SIZE);
        (pages, Some(pages))
    }
}

impl ExactSizeIterator for PageFrames<'_> {}
