// SPDX-License-Identifier: GPL-2.0

//! Single values, whose size is known at compile time.

use super::{
    memory::{
        check,
        sealed, //
    },
    AllocatesIn,
    Memory,
    Owned, //
};
use crate::{
    failure::Failure,
    gfp::{
        Context,
        Gfp, //
    },
    node::Node,
    size::TakesBytes,
};
use core::{
    ffi::c_void,
    mem::MaybeUninit,
    ptr::NonNull, //
};
use kernel::prelude::Zeroable;

/// Fails to compile for types that the family cannot give memory for.
struct Fits<T, F>(core::marker::PhantomData<(T, F)>);

impl<T, F: TakesBytes> Fits<T, F> {
    const CHECKED: () = {
        assert!(
            size_of::<T>() <= F::MAX_BYTES,
            "the type is larger than this family of functions can allocate"
        );
        assert!(
            align_of::<T>() <= F::MAX_ALIGN_BYTES,
            "the type's alignment is larger than this family of functions keeps"
        );
    };
}

impl<T, M: Memory> Owned<MaybeUninit<T>, M> {
    /// Allocates memory for a `T`, whose contents are unknown, like `kmalloc(sizeof(*p), …)`.
    ///
    /// A type that is too large for the family does not compile.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`](crate::Reason::OutOfMemory); of vmalloc and kvmalloc also
    /// [`Refusal::TooLarge`](crate::Refusal::TooLarge), if the machine has less memory than that.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// // The memory is taken where that may fail, and used where nothing may.
    /// let slot = KmallocBox::new_uninit(Gfp::KERNEL)?;
    /// let number = slot.write(7_u64);
    /// assert_eq!(*number, 7);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn new_uninit<C: Context>(gfp: Gfp<C, M::Family>) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        // SAFETY: `allocate_with` calls with a `T` that has a size, and that the family can give
        // memory for; by the invariants of `Gfp` the mask suits the family.
        Self::allocate_with(gfp, || unsafe { M::allocate_value::<T>(gfp.bits()) })
    }

    /// Allocates memory for a `T`, whose contents are unknown, like `kmalloc_node()`.
    ///
    /// The node is a preference, unless the flags say `thisnode()`.
    ///
    /// # Errors
    ///
    /// As [`new_uninit`](Self::new_uninit).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox, Node};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let queue = KmallocBox::new_uninit_on(Gfp::KERNEL, node)?.write([0_u64; 64]);
    /// assert_eq!(queue[63], 0);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn new_uninit_on<C: Context>(gfp: Gfp<C, M::Family>, node: Node) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        // SAFETY: `allocate_with` calls with a `T` that has a size, and that the family can give
        // memory for; by the invariants of `Gfp` the mask suits the family.
        Self::allocate_with(gfp, || unsafe {
            M::allocate_on(size_of::<T>(), align_of::<T>(), gfp.bits(), node)
        })
    }

    /// Calls `allocate`, which returns null or memory for a `T`, if a `T` needs memory.
    #[inline(always)]
    fn allocate_with<C: Context>(
        gfp: Gfp<C, M::Family>,
        allocate: impl FnOnce() -> *mut c_void,
    ) -> Result<Self, Failure> {
        let () = Fits::<T, M::Family>::CHECKED;
        let start = if size_of::<T>() == 0 {
            sealed::empty()
        } else {
            check::<M, C>(size_of::<T>(), gfp)?;
            match NonNull::new(allocate().cast()) {
                Some(start) => start,
                None => return Err(Failure::out_of_memory(M::NAME, size_of::<T>(), gfp.bits())),
            }
        };
        // SAFETY: Any bytes are a valid `MaybeUninit<T>`. If it has a size, this is a fresh
        // allocation of kind `M` of that size and alignment, else it came from `empty`.
        Ok(unsafe { Self::from_raw(start) })
    }
}

impl<T, M: Memory> Owned<T, M> {
    /// Allocates memory, and moves `value` there.
    ///
    /// Large values are better made in place, with [`write_init`](Owned::write_init): a kernel
    /// stack is small.
    ///
    /// # Errors
    ///
    /// As [`new_uninit`](Owned::new_uninit). `value` is then dropped.
    #[inline(always)]
    pub fn new<C: Context>(value: T, gfp: Gfp<C, M::Family>) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        Ok(Owned::<MaybeUninit<T>, M>::new_uninit(gfp)?.write(value))
    }

    /// Allocates a value all of whose bytes are zero, like `kzalloc(sizeof(*p), …)`.
    ///
    /// # Errors
    ///
    /// As [`new_uninit`](Owned::new_uninit).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// // kzalloc(sizeof(*table), GFP_KERNEL).
    /// let table = KmallocBox::<[u32; 256]>::zeroed(Gfp::KERNEL)?;
    /// assert_eq!(table[255], 0);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn zeroed<C: Context>(gfp: Gfp<C, M::Family>) -> Result<Self, Failure>
    where
        T: Zeroable,
        M: AllocatesIn<C>,
    {
        let zeroes = Owned::<MaybeUninit<T>, M>::new_uninit(gfp.zeroing())?;
        // SAFETY: `__GFP_ZERO` makes the kernel write zeroes, which are a valid `T`.
        Ok(unsafe { zeroes.assume_init() })
    }

    /// Frees the memory, and returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let request = KmallocBox::new([7_u8, 8], Gfp::KERNEL)?;
    /// let bytes: [u8; 2] = request.into_inner();
    /// assert_eq!(bytes, [7, 8]);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn into_inner(self) -> T {
        let value = self.into_raw();
        // SAFETY: By the type invariants the value is valid, and it was ours.
        let inner = unsafe { value.read() };
        // The memory without the value.
        // SAFETY: The memory was ours; any bytes are a valid `MaybeUninit<T>`.
        drop(unsafe { Owned::<MaybeUninit<T>, M>::from_raw(value.cast()) });
        inner
    }
}
