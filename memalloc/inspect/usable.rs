// SPDX-License-Identifier: GPL-2.0

//! What the kernel really set aside for a request.

use super::{
    Backend,
    Span, //
};
use crate::{
    ffi,
    gfp::Kmalloc,
    size::Bytes, //
};
use kernel::page::PAGE_SIZE;

/// Where a usable size comes from.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::Gfp,
///     inspect::{Inspect, Witness},
///     Bytes, KmallocBox,
/// };
///
/// let object = KmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// let usable = object.span().usable_size();
/// // KFENCE serves an object now and then, and tells nothing of the size classes then.
/// match usable.witness {
///     Witness::Kfence => assert_eq!(usable.size_bytes, 100),
///     _ => assert!(usable.size_bytes >= 100),
/// }
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// `ksize()` of an object of a slab cache, or of a large kmalloc.
    Ksize,
    /// `ksize()` of an object that KFENCE guards: exactly what was asked for.
    Kfence,
    /// The pages, counted.
    Pages,
}

/// The size of the memory behind a request.
///
/// It is a report, not a licence: what lies beyond the request must not be written, which is why no
/// owner's slice covers it. ("Not meant to be a way to discover the usable size", says `ksize()` in
/// `mm/slub.c`; use [`kmalloc_size_roundup`] before you allocate.)
///
/// Looking has a side effect under `slab_debug` with `U` and `Z`: `ksize()` makes the kernel forget
/// the size that was asked for, and with it the red zone between that and the object's end.
///
/// # Examples
///
/// ```
/// use kernel::page::PAGE_SIZE;
/// use memalloc::{
///     gfp::Gfp,
///     inspect::{Inspect, UsableSize, Witness},
///     Bytes, VmallocBox,
/// };
///
/// let buffer = VmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// let usable = buffer.span().usable_size();
/// let page = UsableSize { size_bytes: PAGE_SIZE, witness: Witness::Pages };
/// assert_eq!(usable, page);
/// assert_eq!(usable.waste_bytes(buffer.len()), PAGE_SIZE - 100);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsableSize {
    /// The usable bytes.
    pub size_bytes: usize,
    /// Where `size_bytes` comes from.
    pub witness: Witness,
}

/// How many bytes kmalloc will set aside for a request, by `kmalloc_size_roundup()`.
///
/// `ksize()` of what is then allocated agrees, but for objects of KFENCE and under some options of
/// `slab_debug`.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, inspect::kmalloc_size_roundup, Bytes, KmallocBox};
///
/// // What is set aside anyway is asked for, and can then be used.
/// let least = Bytes::new(100)?;
/// let all = Bytes::new(kmalloc_size_roundup(least))?;
/// let buffer = KmallocBox::bytes(all, Gfp::KERNEL)?;
/// assert!(buffer.len() >= 100);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub fn kmalloc_size_roundup(size: Bytes<Kmalloc>) -> usize {
    // SAFETY: A pure look-up, for any size.
    unsafe { ffi::kmalloc_size_roundup(size.padded_bytes()) }
}

/// The usable size of `span`.
pub(super) fn of(span: Span<'_>) -> UsableSize {
    match span.backend {
        Backend::Slab | Backend::LargeKmalloc => of_kmalloc(span),
        Backend::Vmalloc => UsableSize {
            size_bytes: mapped_bytes(span),
            witness: Witness::Pages,
        },
        Backend::Pages => UsableSize {
            size_bytes: span.size_bytes,
            witness: Witness::Pages,
        },
    }
}

fn of_kmalloc(span: Span<'_>) -> UsableSize {
    // Of what has no size nothing was set aside, and its address may be any: for types of a large
    // alignment it is not `ZERO_SIZE_PTR`, which is all that `ksize()` knows.
    if span.size_bytes == 0 {
        return UsableSize {
            size_bytes: 0,
            witness: Witness::Ksize,
        };
    }
    let start = span.start.as_ptr().cast();
    // SAFETY: By the invariants of `Span`, which has a size, this is where live memory of kmalloc
    // starts.
    let size_bytes = unsafe { ffi::ksize(start) };
    // SAFETY: The helper compares the address with the bounds of the KFENCE pool.
    let is_kfence = unsafe { ffi::memalloc_is_kfence_address(start) };
    UsableSize {
        size_bytes,
        witness: if is_kfence {
            Witness::Kfence
        } else {
            Witness::Ksize
        },
    }
}

/// The bytes that are mapped from the start of `span` on, in the vmalloc area.
///
/// These can be more than the pages that the request needs, where the kernel maps huge pages. A page
/// that is never mapped follows every mapping (`__get_vm_area_node()`, `mm/vmalloc.c`), and ends the
/// count.
fn mapped_bytes(span: Span<'_>) -> usize {
    let mut size_bytes = span.size_bytes.next_multiple_of(PAGE_SIZE);
    if size_bytes == 0 {
        return 0;
    }
    loop {
        let address = span.start.as_ptr().wrapping_add(size_bytes);
        // SAFETY: The function looks up any address of the vmalloc area, in which the guard page of
        // a mapping lies too, and returns null where nothing is mapped.
        if unsafe { ffi::vmalloc_to_page(address.cast()) }.is_null() {
            return size_bytes;
        }
        size_bytes += PAGE_SIZE;
    }
}

impl UsableSize {
    /// The usable bytes that nobody asked for.
    pub fn waste_bytes(self, requested_bytes: usize) -> usize {
        self.size_bytes.saturating_sub(requested_bytes)
    }
}
