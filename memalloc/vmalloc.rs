// SPDX-License-Identifier: GPL-2.0

//! `vmalloc()`: virtually contiguous memory in whole pages.
//!
//! Whether the pages are physically contiguous is luck; the types offer no physical address.
//!
//! C header: `include/linux/vmalloc.h`

use crate::{
    failure::{
        Failure,
        Refusal, //
    },
    ffi,
    gfp::{
        Context,
        Gfp,
        MaySleep,
        Vmalloc, //
    },
    machine::check_machine_memory,
    node::Node,
    owned::{
        check,
        sealed,
        AllocatesIn,
        Memory,
        Owned,
        Resizable, //
    },
    size::Bytes,
};
use core::{
    ffi::c_void,
    marker::PhantomData,
    mem::MaybeUninit,
    ptr::{
        self,
        NonNull, //
    },
};
use kernel::page::PAGE_SIZE;

/// Memory from `vmalloc()`; goes back by `vfree()`, or, where that may not sleep, `kvfree_atomic()`.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Context, Gfp, MaySleep},
///     Count, Owned, VmallocBox, VmallocMemory,
/// };
///
/// /// The last entry of a table, in whatever context that is dropped.
/// fn last<C: Context>(table: &Owned<[u64], VmallocMemory<C>>) -> Option<u64> {
///     table.last().copied()
/// }
///
/// let patient: Owned<_, VmallocMemory<MaySleep>> =
///     VmallocBox::zeroed_array(Count::new(1000)?, Gfp::KERNEL)?;
/// let hasty = VmallocBox::zeroed_array(Count::new(0)?, Gfp::ATOMIC)?;
/// assert_eq!((last(&patient), last(&hasty)), (Some(0), None));
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug)]
pub struct VmallocMemory<C: Context>(PhantomData<C>);

/// Owns a `T` in vmalloc memory.
///
/// Context: dropping a `VmallocBox<T, MaySleep>` may sleep (`vfree()`). A
/// `VmallocBox<T, NonBlocking>` may be dropped anywhere but in NMI; the memory is then freed later,
/// by a worker. Neither can be made in NMI or in a hard interrupt, where the kernel does `BUG()`, nor in
/// a softirq or under a lock that softirqs take: `mm/vmalloc.c` takes its own locks with softirqs
/// enabled, so that the CPU might wait for itself.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Count, VmallocBox};
///
/// // vcalloc(100_000, sizeof(u64)).
/// let table = VmallocBox::<[u64]>::zeroed_array(Count::new(100_000)?, Gfp::KERNEL)?;
/// assert!(table.iter().all(|entry| *entry == 0));
/// # Ok::<(), kernel::error::Error>(())
/// ```
///
/// The context in the type is that of the flags: the default of the alias holds where a type is
/// written, and not in an expression.
///
/// ```
/// use memalloc::{
///     gfp::{Gfp, NonBlocking},
///     VmallocBox,
/// };
///
/// // Not a `VmallocBox<u64>`: it will be freed where one may not sleep.
/// let hasty = VmallocBox::new(7_u64, Gfp::ATOMIC)?;
/// let hasty: VmallocBox<u64, NonBlocking> = hasty;
/// // Who keeps it where one may sleep takes it over, and the other way round.
/// let patient: VmallocBox<u64> = hasty.into_may_sleep();
/// let hasty: VmallocBox<u64, NonBlocking> = patient.into_non_blocking();
/// assert_eq!(*hasty, 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub type VmallocBox<T, C = MaySleep> = Owned<T, VmallocMemory<C>>;

/// The least that vmalloc is asked for, of the whole page that it gives: `vfree_atomic()` links what it
/// frees by its first word, which KASAN takes for an access out of bounds if nobody asked for it.
pub(crate) const LEAST_BYTES: usize = size_of::<usize>();

// SAFETY: `__vmalloc()` and its relatives return mappings of at least the size and alignment asked
// for; `vfree()` and its substitute release them.
unsafe impl<C: Context> sealed::Calls for VmallocMemory<C> {
    const HAS_ZERO_SIZE_PTR: bool = false;

    #[inline(always)]
    fn check(size_bytes: usize) -> Result<(), Refusal> {
        check_machine_memory(size_bytes)
    }

    #[inline(always)]
    unsafe fn allocate(size_bytes: usize, align_bytes: usize, flags: ffi::gfp_t) -> *mut c_void {
        if align_bytes > PAGE_SIZE {
            // SAFETY: The caller keeps the contract.
            return unsafe { Self::allocate_on(size_bytes, align_bytes, flags, Node::ANY) };
        }
        let size_bytes = size_bytes.max(LEAST_BYTES);
        // SAFETY: The caller keeps the contract; pages are aligned to pages.
        unsafe { ffi::alloc_hooks(|| ffi::__vmalloc_noprof(size_bytes, flags)) }
    }

    // `vmalloc_node()` takes no flags and no alignment. To reallocate nothing "behaves exactly like
    // vmalloc" (mm/vmalloc.c), and takes both. That masks which do not sleep are welcome is not
    // documented; the function's body hands all it gets to what `__vmalloc()` calls too, and looks at
    // the mask itself only where there is old memory.
    #[inline(always)]
    unsafe fn allocate_on(
        size_bytes: usize,
        align_bytes: usize,
        flags: ffi::gfp_t,
        node: Node,
    ) -> *mut c_void {
        let nothing = ptr::null();
        let size_bytes = size_bytes.max(LEAST_BYTES);
        // SAFETY: There is no old memory. The caller keeps the contract, which is that of `__vmalloc()`
        // with an alignment; by its invariants the node is none or was online.
        unsafe {
            ffi::alloc_hooks(|| {
                ffi::vrealloc_node_align_noprof(nothing, size_bytes, align_bytes, flags, node.raw())
            })
        }
    }

    #[inline(always)]
    unsafe fn free(start: NonNull<u8>) {
        // SAFETY: The caller owned this allocation of `vmalloc()`, and gives it up.
        unsafe { C::vfree(start.as_ptr().cast()) };
    }
}

// SAFETY: `vrealloc()` returns null and leaves the old mapping alone, or a mapping that begins with
// the old bytes.
unsafe impl sealed::Reallocates for VmallocMemory<MaySleep> {
    #[inline(always)]
    unsafe fn reallocate(
        start: NonNull<u8>,
        size_bytes: usize,
        align_bytes: usize,
        flags: ffi::gfp_t,
    ) -> *mut c_void {
        let start = start.as_ptr().cast();
        let node = Node::ANY.raw();
        let size_bytes = size_bytes.max(LEAST_BYTES);
        // SAFETY: The caller owns this allocation of `vmalloc()`, which has this alignment, and
        // keeps the contract.
        unsafe {
            ffi::alloc_hooks(|| {
                ffi::vrealloc_node_align_noprof(start, size_bytes, align_bytes, flags, node)
            })
        }
    }
}

impl<C: Context> Memory for VmallocMemory<C> {
    type Family = Vmalloc;
    const NAME: &'static str = "vmalloc";
}

impl<C: Context> AllocatesIn<C> for VmallocMemory<C> {}

impl Resizable for VmallocMemory<MaySleep> {}

impl VmallocBox<[MaybeUninit<u8>]> {
    /// Allocates bytes whose contents are unknown, in huge mappings if that is possible, like
    /// `vmalloc_huge()`.
    ///
    /// Context: sleeps.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Owned::bytes), and [`Refusal::AlignmentTooLarge`] for more than a page, which the C
    /// function cannot be asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, initialize, Bytes, Reason, Refusal, VmallocBox};
    ///
    /// // A frame buffer, of which the CPU keeps few translations then.
    /// let mut pixels = VmallocBox::huge(Bytes::new(4 << 20)?, Gfp::KERNEL)?;
    /// let pixels = initialize::with(&mut pixels, |_| 0xff);
    /// assert_eq!(pixels.len(), 4 << 20);
    /// let failure = VmallocBox::huge(Bytes::aligned(4 << 20, 8192)?, Gfp::KERNEL).err();
    /// assert!(failure.is_some_and(|failure| matches!(
    ///     failure.reason(),
    ///     Reason::Refused(Refusal::AlignmentTooLarge { align_bytes: 8192, .. })
    /// )));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn huge(size: Bytes<Vmalloc>, gfp: Gfp<MaySleep, Vmalloc>) -> Result<Self, Failure> {
        const FUNCTION: &str = <VmallocMemory<MaySleep> as Memory>::NAME;
        let size_bytes = size.size_bytes();
        if size.align_bytes() > PAGE_SIZE {
            let refusal = Refusal::AlignmentTooLarge {
                align_bytes: size.align_bytes(),
                max_bytes: PAGE_SIZE,
            };
            return Err(Failure::refused(FUNCTION, size_bytes, gfp.bits(), refusal));
        }
        check::<VmallocMemory<MaySleep>, _>(size_bytes, gfp)?;
        let asked_bytes = size_bytes.max(LEAST_BYTES);
        // SAFETY: By the invariants of `Bytes` the size is not zero, and we just compared it with
        // the machine; by those of `Gfp` the mask suits vmalloc, and may sleep.
        let start = unsafe {
            ffi::alloc_hooks(|| {
                ffi::vmalloc_huge_node_noprof(asked_bytes, gfp.bits(), Node::ANY.raw())
            })
        };
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(Failure::out_of_memory(FUNCTION, size_bytes, gfp.bits()));
        };
        let bytes = NonNull::slice_from_raw_parts(start, size_bytes);
        // SAFETY: Any bytes are valid `MaybeUninit<u8>`s; a fresh allocation of vmalloc.
        Ok(unsafe { Self::from_raw(bytes) })
    }
}
