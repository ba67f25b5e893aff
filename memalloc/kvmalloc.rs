// SPDX-License-Identifier: GPL-2.0

//! `kvmalloc()`: kmalloc if that has memory at once, else vmalloc.
//!
//! C header: `include/linux/slab.h`

use crate::{
    failure::Refusal,
    ffi,
    gfp::{
        Context,
        Kvmalloc,
        MaySleep, //
    },
    machine::check_machine_memory,
    node::Node,
    owned::{
        sealed,
        AllocatesIn,
        Memory,
        Owned,
        Resizable, //
    },
};
use core::{
    ffi::c_void,
    marker::PhantomData,
    ptr::NonNull, //
};

/// Memory from `kvmalloc()`; goes back by `kvfree()`, or, where that may not sleep,
/// `kvfree_atomic()`.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Context, Gfp},
///     Count, KvmallocBox, KvmallocMemory, Owned,
/// };
///
/// /// A table that is freed as its context allows.
/// struct Table<C: Context> {
///     entries: Owned<[u64], KvmallocMemory<C>>,
/// }
///
/// let entries = KvmallocBox::zeroed_array(Count::new(100)?, Gfp::ATOMIC)?;
/// let hasty = Table { entries };
/// let patient = Table { entries: hasty.entries.into_may_sleep() };
/// assert_eq!(patient.entries.len(), 100);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug)]
pub struct KvmallocMemory<C: Context>(PhantomData<C>);

/// Owns a `T` in kvmalloc memory; [`inspect`](crate::inspect) tells which allocator gave it.
///
/// Context: dropping a `KvmallocBox<T, MaySleep>` may sleep (`kvfree()` of vmalloc memory). A
/// `KvmallocBox<T, NonBlocking>` may be dropped anywhere but in NMI; memory of vmalloc is then freed
/// later, by a worker. Neither can be made in NMI; nor, above a page, in a hard interrupt, where the
/// kernel does `BUG()` if it comes to vmalloc, or in a softirq or under a lock that softirqs take:
/// `mm/vmalloc.c` takes its own locks with softirqs enabled, so that the CPU might wait for itself.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Count, KvmallocBox};
///
/// // kvcalloc(n, sizeof(u32), GFP_KERNEL), whatever n may be.
/// let entries = KvmallocBox::<[u32]>::zeroed_array(Count::new(100_000)?, Gfp::KERNEL)?;
/// assert_eq!(entries.len(), 100_000);
/// # Ok::<(), kernel::error::Error>(())
/// ```
///
/// The context in the type is that of the flags, as [`VmallocBox`](crate::VmallocBox) explains.
pub type KvmallocBox<T, C = MaySleep> = Owned<T, KvmallocMemory<C>>;

// SAFETY: `kvmalloc()` returns memory of at least the size asked for, from kmalloc, whose alignment
// is at least the largest power of two that divides it, or from vmalloc, whose alignment is a page;
// `kvfree()` and its substitute release either.
unsafe impl<C: Context> sealed::Calls for KvmallocMemory<C> {
    const HAS_ZERO_SIZE_PTR: bool = true;

    #[inline(always)]
    fn check(size_bytes: usize) -> Result<(), Refusal> {
        check_machine_memory(size_bytes)
    }

    #[inline(always)]
    unsafe fn allocate(size_bytes: usize, align_bytes: usize, flags: ffi::gfp_t) -> *mut c_void {
        // SAFETY: The caller keeps the contract.
        unsafe { Self::allocate_on(size_bytes, align_bytes, flags, Node::ANY) }
    }

    #[inline(always)]
    unsafe fn allocate_on(
        size_bytes: usize,
        align_bytes: usize,
        flags: ffi::gfp_t,
        node: Node,
    ) -> *mut c_void {
        // SAFETY: The caller keeps the contract; by its invariants the node is none or was online.
        unsafe { ffi::kvmalloc_node_align(size_bytes, align_bytes, flags, node.raw()) }
    }

    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `kvmalloc()`, and gives it up.
        unsafe { C::kvfree(start.as_ptr().cast()) };
    }
}

// SAFETY: `kvrealloc()` returns null and leaves the old memory alone, or memory of `kvmalloc()` that
// begins with the old bytes.
unsafe impl sealed::Reallocates for KvmallocMemory<MaySleep> {
    #[inline(always)]
    unsafe fn reallocate(
        start: NonNull<u8>,
        size_bytes: usize,
        align_bytes: usize,
        flags: ffi::gfp_t,
    ) -> *mut c_void {
        let start = start.as_ptr().cast();
        let node = Node::ANY.raw();
        // SAFETY: The caller owns this allocation of `kvmalloc()`, which has this alignment, and
        // keeps the contract.
        unsafe {
            ffi::alloc_hooks(|| {
                ffi::with_token!(kvrealloc_node_align_noprof(
                    start, size_bytes; align_bytes, flags, node
                ))
            })
        }
    }
}

impl<C: Context> Memory for KvmallocMemory<C> {
    type Family = Kvmalloc;
    const NAME: &'static str = "kvmalloc";
}

impl<C: Context> AllocatesIn<C> for KvmallocMemory<C> {}

impl Resizable for KvmallocMemory<MaySleep> {}
