// SPDX-License-Identifier: GPL-2.0

//! What a family of allocating functions has to be for [`Owned`](super::Owned) to use it.

use crate::{
    failure::Failure,
    gfp::{
        Context,
        Gfp, //
    },
    size::TakesBytes, //
};

pub(crate) mod sealed {
    use super::Memory;
    use crate::{
        failure::Refusal,
        ffi,
        node::Node, //
    };
    use core::{
        ffi::c_void,
        mem::align_of,
        ptr::{
            self,
            NonNull, //
        },
    };

    /// The address of nothing, which `kfree()` takes: `ZERO_SIZE_PTR` (`include/linux/slab.h`).
    pub(crate) const EMPTY_ADDRESS: usize = 16;

    /// A pointer to a value of no size, aligned for `T`.
    #[inline(always)]
    pub(crate) fn empty<T>() -> NonNull<T> {
        let address = if align_of::<T>() > EMPTY_ADDRESS {
            align_of::<T>()
        } else {
            EMPTY_ADDRESS
        };
        // SAFETY: Both addresses are above zero.
        unsafe { NonNull::new_unchecked(ptr::without_provenance_mut(address)) }
    }

    /// Whether `M`'s functions give and take [`empty`] for no bytes of this alignment. Then neither
    /// a constructor nor an owner needs to look whether there is memory, as C code need not.
    #[inline(always)]
    pub(crate) const fn knows_empty<M: Memory>(align_bytes: usize) -> bool {
        M::HAS_ZERO_SIZE_PTR && align_bytes <= EMPTY_ADDRESS
    }

    /// The calls of one family.
    ///
    /// # Safety
    ///
    /// - What `allocate` and its relatives return is null, or the start of a fresh allocation of at
    ///   least the size and alignment asked for; for no bytes it is `ZERO_SIZE_PTR`.
    /// - `free` releases it.
    pub unsafe trait Calls {
        /// Whether `allocate` returns `ZERO_SIZE_PTR` when it is asked for no bytes, and `free` takes
        /// that, and does nothing.
        const HAS_ZERO_SIZE_PTR: bool;

        /// Whether what lies in the memory must not be shown.
        const IS_FOR_SECRETS: bool = false;

        /// Refuses sizes that this machine cannot give, and that the kernel would warn about.
        #[inline(always)]
        fn check(_size_bytes: usize) -> Result<(), Refusal> {
            Ok(())
        }

        /// Allocates memory whose size is known at run time.
        ///
        /// # Safety
        ///
        /// - `size_bytes` is not above the family's maximum, and passed [`check`](Self::check). It is
        ///   zero only if `HAS_ZERO_SIZE_PTR` holds.
        /// - `align_bytes` is a power of two, not above the family's maximum, and for families that
        ///   pad (`TakesBytes::PADS`) a divisor of `size_bytes`.
        /// - `flags` suits the family.
        unsafe fn allocate(size_bytes: usize, align_bytes: usize, flags: ffi::gfp_t)
            -> *mut c_void;

        /// The same, preferring a node.
        ///
        /// # Safety
        ///
        /// As for [`allocate`](Self::allocate).
        unsafe fn allocate_on(
            size_bytes: usize,
            align_bytes: usize,
            flags: ffi::gfp_t,
            node: Node,
        ) -> *mut c_void;

        /// Allocates memory for a `T`, whose size is known at compile time.
        ///
        /// # Safety
        ///
        /// As for [`allocate`](Self::allocate), with `T`'s size and alignment.
        #[inline(always)]
        unsafe fn allocate_value<T>(flags: ffi::gfp_t) -> *mut c_void {
            // SAFETY: The caller keeps the contract.
            unsafe { Self::allocate(size_of::<T>(), align_of::<T>(), flags) }
        }

        /// Frees the memory that starts at `start`.
        ///
        /// # Safety
        ///
        /// - `start` came from an allocating function of this family and was not freed; or it is
        ///   `ZERO_SIZE_PTR`, and `HAS_ZERO_SIZE_PTR` holds.
        /// - Nothing refers to the memory any more.
        unsafe fn free(start: NonNull<u8>);
    }

    /// The call that changes an allocation's size.
    ///
    /// # Safety
    ///
    /// - What `reallocate` returns is null, and then the old allocation is as it was; or the start
    ///   of an allocation of this family of at least the size and alignment asked for, which begins
    ///   with the bytes that both sizes have.
    pub unsafe trait Reallocates: Calls {
        /// Changes the size of an allocation, and may move it. The bytes that both sizes have stay.
        ///
        /// On failure it returns null, and the old allocation is as it was.
        ///
        /// # Safety
        ///
        /// - `start` is the start of an allocation of this family, with `align_bytes`, which the
        ///   caller owns and nothing refers to; on success it is freed or reused.
        /// - The rest as for [`allocate`](Self::allocate).
        unsafe fn reallocate(
            start: NonNull<u8>,
            size_bytes: usize,
            align_bytes: usize,
            flags: ffi::gfp_t,
        ) -> *mut c_void;
    }
}

/// A kind of memory: which functions give it, and which takes it back.
///
/// Sealed: [`KmallocMemory`](crate::KmallocMemory), [`VmallocMemory`](crate::VmallocMemory),
/// [`KvmallocMemory`](crate::KvmallocMemory) and
/// [`SensitiveMemory`](crate::SensitiveMemory).
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Bytes, KmallocBox, Memory, Owned, VmallocBox};
///
/// /// A log, whose memory is the choice of who makes it.
/// struct Log<M: Memory> {
///     text: Owned<[u8], M>,
/// }
///
/// impl<M: Memory> Log<M> {
///     fn name(&self) -> &'static str {
///         M::NAME
///     }
/// }
///
/// let text = KmallocBox::zeroed_bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// assert_eq!(Log { text }.name(), "kmalloc");
/// let text = VmallocBox::zeroed_bytes(Bytes::new(1 << 20)?, Gfp::KERNEL)?;
/// assert_eq!(Log { text }.name(), "vmalloc");
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait Memory: sealed::Calls + 'static {
    /// The family, which says what flags and sizes there are.
    type Family: TakesBytes;

    /// The C name of the family.
    const NAME: &'static str;
}

/// Memory that can be allocated in context `C`.
///
/// For kinds that are freed differently in different contexts, it is the context that they are made
/// for.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Context, Gfp},
///     AllocatesIn, Count, Failure, KmallocBox, Owned, VmallocBox,
/// };
///
/// /// Counters in whatever memory, in whatever context.
/// fn counters<M: AllocatesIn<C>, C: Context>(
///     count: Count<u64, M::Family>,
///     gfp: Gfp<C, M::Family>,
/// ) -> Result<Owned<[u64], M>, Failure> {
///     Owned::zeroed_array(count, gfp)
/// }
///
/// let few: KmallocBox<[u64]> = counters(Count::new(10)?, Gfp::ATOMIC)?;
/// let many: VmallocBox<[u64]> = counters(Count::new(100_000)?, Gfp::KERNEL)?;
/// assert_eq!(few.len() + many.len(), 100_010);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait AllocatesIn<C: Context>: Memory {}

/// Memory whose size can be changed.
///
/// Memory that is freed without sleeping is not, since the kernel frees the old place as it moves,
/// and may sleep then; nor is sensitive memory, since it leaves a copy there.
///
/// # Examples
///
/// ```
/// use kernel::error::Error;
/// use memalloc::{
///     gfp::{Gfp, MaySleep},
///     AllocatesIn, Bytes, Count, KmallocBox, Owned, Resizable,
/// };
///
/// /// Makes room for as much again.
/// fn doubled<M: Resizable + AllocatesIn<MaySleep>>(
///     text: Owned<[u8], M>,
/// ) -> Result<Owned<[u8], M>, Error> {
///     let count = Count::new(text.len().saturating_mul(2))?;
///     Ok(text.resize(count, 0, Gfp::KERNEL)?)
/// }
///
/// let text = KmallocBox::zeroed_bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// assert_eq!(doubled(text)?.len(), 200);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait Resizable: Memory + sealed::Reallocates {}

/// Memory that lies in the direct map in one piece.
///
/// # Safety
///
/// Implementors are allocated from it.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::Gfp, Bytes, KmallocBox, Owned, PhysicalAddress, PhysicallyContiguous,
/// };
///
/// /// Where a device without an IOMMU would find the buffer. That of a `VmallocBox`, which lies in
/// /// several places, does not compile.
/// fn first_byte<M: PhysicallyContiguous>(buffer: &Owned<[u8], M>) -> Option<PhysicalAddress> {
///     buffer.physical_address()
/// }
///
/// let buffer = KmallocBox::zeroed_bytes(Bytes::new(100)?, Gfp::KERNEL)?;
/// assert!(first_byte(&buffer).is_some());
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub unsafe trait PhysicallyContiguous: Memory {}

/// Refuses a request for `M` that can never be met on this machine.
#[inline(always)]
pub(crate) fn check<M: Memory, C: Context>(
    size_bytes: usize,
    gfp: Gfp<C, M::Family>,
) -> Result<(), Failure> {
    <M as sealed::Calls>::check(size_bytes)
        .map_err(|refusal| Failure::refused(M::NAME, size_bytes, gfp.bits(), refusal))
}
