// SPDX-License-Identifier: GPL-2.0

//! The owning pointer that the byte-sized families share.
//!
//! Everything that does not depend on the family stands here, once; a family is an implementation
//! of [`Memory`].

mod array;
mod borrow;
mod bytes;
mod convert;
mod copy;
mod foreign;
mod hand_over;
mod memory;
mod on_node;
mod resize;
mod show;
mod value;
mod write;

pub use convert::SharedWithKernel;
pub use memory::{
    AllocatesIn,
    Memory,
    PhysicallyContiguous,
    Resizable, //
};
pub use resize::NotResized;

pub(crate) use memory::{
    check,
    sealed, //
};

use crate::physical::PhysicalAddress;
use core::{
    marker::PhantomData,
    mem::{
        align_of_val,
        size_of_val,
        ManuallyDrop, //
    },
    ops::{
        Deref,
        DerefMut, //
    },
    pin::Pin,
    ptr::NonNull,
};
use pin_init::ZeroableOption;

/// Owns a `T` in memory of kind `M`; dropping it frees the memory with the function that matches.
///
/// It is used through the aliases [`KmallocBox`](crate::KmallocBox),
/// [`VmallocBox`](crate::VmallocBox) and [`KvmallocBox`](crate::KvmallocBox), which say in what
/// context a value may be dropped. `T` is a type of known size, a slice, or a
/// [`CStr`](core::ffi::CStr).
///
/// A value of no size, such as an empty slice, owns no memory.
///
/// # Invariants
///
/// - `value` points to a valid `T`, which this value owns.
/// - If the `T` has a size, it lies at the start of an allocation of kind `M`, whose only owner
///   this value is.
/// - If it has none, and `T`'s alignment is not above `sealed::EMPTY_ADDRESS`, then neither is
///   `value`.
///
/// # Examples
///
/// ```
/// use kernel::error::Error;
/// use memalloc::{gfp::Gfp, Count, KmallocBox, VmallocBox};
///
/// struct Device {
///     registers: KmallocBox<[u32; 16]>,
///     log: VmallocBox<[u8]>,
/// }
///
/// /// If there is no memory for the log, that of the registers is freed.
/// fn probe(log_bytes: usize) -> Result<Device, Error> {
///     Ok(Device {
///         registers: KmallocBox::zeroed(Gfp::KERNEL)?,
///         log: VmallocBox::zeroed_array(Count::new(log_bytes)?, Gfp::KERNEL)?,
///     })
/// }
///
/// let mut device = probe(100_000)?;
/// device.registers[0] = 7;
/// assert_eq!((device.registers[0], device.log.len()), (7, 100_000));
/// assert!(probe(usize::MAX).is_err());
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[repr(transparent)]
pub struct Owned<T: ?Sized, M: Memory> {
    value: NonNull<T>,
    _owns: PhantomData<(M, T)>,
}

// SAFETY: An `Owned` is the only owner of its `T`, and kernel memory may be freed by any thread.
unsafe impl<T: ?Sized + Send, M: Memory> Send for Owned<T, M> {}

// SAFETY: A shared `Owned` gives shared access to its `T`, and no more.
unsafe impl<T: ?Sized + Sync, M: Memory> Sync for Owned<T, M> {}

// SAFETY: It is a transparent wrapper of a pointer that is not null, for which `None` is the null pointer
// (https://doc.rust-lang.org/std/option/index.html#representation).
unsafe impl<T, M: Memory> ZeroableOption for Owned<T, M> {}

// Moving the owner does not move the value, so that a pinned owner may lie in what is not pinned.
impl<T: ?Sized, M: Memory> Unpin for Owned<T, M> {}

impl<T: ?Sized, M: Memory> Owned<T, M> {
    /// Gives up ownership, without dropping or freeing anything. [`from_raw`](Self::from_raw) takes
    /// it back; in between the pointer can be stored in C's structures.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::{ffi::c_void, ptr::NonNull};
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let state = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    /// // As in a field `driver_data` of C.
    /// let driver_data: NonNull<c_void> = state.into_raw().cast();
    ///
    /// // SAFETY: It came from `into_raw` of a `KmallocBox<u64>`, and nobody else uses it.
    /// let state: KmallocBox<u64> = unsafe { KmallocBox::from_raw(driver_data.cast()) };
    /// assert_eq!(*state, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "losing the pointer leaks the memory"]
    #[inline(always)]
    pub fn into_raw(self) -> NonNull<T> {
        ManuallyDrop::new(self).value
    }

    /// Takes ownership.
    ///
    /// # Safety
    ///
    /// `value` came from [`into_raw`](Self::into_raw) of the same kind of memory, and is not used
    /// otherwise; or it points to a valid `T` that has a size, at the start of memory that a function
    /// of this family allocated, which nobody else owns.
    #[inline(always)]
    pub unsafe fn from_raw(value: NonNull<T>) -> Self {
        // INVARIANT: These are the safety requirements of this function.
        Self {
            value,
            _owns: PhantomData,
        }
    }

    /// Where the value lies.
    #[inline(always)]
    pub(crate) fn start(&self) -> NonNull<u8> {
        self.value.cast()
    }

    /// Pins the value: it can then not be moved out of the memory any more.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::Pin;
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let pinned: Pin<KmallocBox<u64>> = KmallocBox::new(7, Gfp::KERNEL)?.into_pin();
    /// assert_eq!(*pinned, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[must_use = "dropping the result frees the memory"]
    pub fn into_pin(self) -> Pin<Self> {
        // SAFETY: The value lies in memory of its own, which moving the owner does not move, and
        // which is freed only after the value was dropped in place.
        unsafe { Pin::new_unchecked(self) }
    }
}

impl<T: ?Sized, M: PhysicallyContiguous> Owned<T, M> {
    /// Where the memory starts in physical memory. It is contiguous from there.
    ///
    /// A value of no size has no memory. This is not an address for a device: use the DMA API for
    /// that.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Count, KmallocBox};
    ///
    /// let table = KmallocBox::new([0_u64; 64], Gfp::KERNEL)?;
    /// // kmalloc aligns sizes that are powers of two to themselves.
    /// assert!(table.physical_address().is_some_and(|address| address.as_u64() % 512 == 0));
    /// let nothing = KmallocBox::<[u64]>::zeroed_array(Count::new(0)?, Gfp::KERNEL)?;
    /// assert!(nothing.physical_address().is_none());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn physical_address(&self) -> Option<PhysicalAddress> {
        if size_of_val::<T>(self) == 0 {
            return None;
        }
        // SAFETY: Physically contiguous kinds of memory lie in the direct map.
        Some(unsafe { PhysicalAddress::of_direct_map(self.start()) })
    }
}

impl<T: ?Sized, M: Memory> Deref for Owned<T, M> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: By the type invariants the pointer is valid, and nobody else writes.
        unsafe { self.value.as_ref() }
    }
}

impl<T: ?Sized, M: Memory> DerefMut for Owned<T, M> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: By the type invariants the pointer is valid and ours alone.
        unsafe { self.value.as_mut() }
    }
}

impl<T: ?Sized, M: Memory> Drop for Owned<T, M> {
    #[inline(always)]
    fn drop(&mut self) {
        let is_empty = size_of_val::<T>(self) == 0;
        let align_bytes = align_of_val::<T>(self);
        // SAFETY: By the type invariants the value is valid and ours alone; it is not used again.
        unsafe { self.value.drop_in_place() };
        if is_empty && !sealed::knows_empty::<M>(align_bytes) {
            return;
        }
        // SAFETY:
        // - By the type invariants this is the start of an unfreed allocation of kind `M`, or the
        //   address of nothing, which we just checked that `M` frees.
        // - This value was its only owner, and is going away.
        unsafe { M::free(self.value.cast()) };
    }
}
