// SPDX-License-Identifier: GPL-2.0

//! `mempool_create()`: a reserve of objects for those who must go on when memory is short.
//!
//! C header: `include/linux/mempool.h`

mod allocate;

pub use allocate::PoolBox;

use crate::{
    failure::{
        Failure,
        Refusal, //
    },
    ffi,
    gfp::{
        Gfp,
        MaySleep,
        Mempool, //
    },
    machine,
    node::Node,
    object::{
        sealed,
        Source, //
    },
};
use core::{
    ffi::c_void,
    fmt,
    marker::PhantomData,
    num::NonZeroUsize,
    ptr::{
        self,
        NonNull, //
    },
};

/// Owns a pool of objects for `T`s, like `mempool_t *`: memory of kmalloc, and a reserve of it.
///
/// An object that is dropped fills the reserve up, before memory goes back to kmalloc.
///
/// Objects that were forgotten (`mem::forget`) when the pool is dropped are never freed.
///
/// Context: making a pool may sleep. It may be dropped in any context but NMI.
///
/// # Invariants
///
/// `pool` is a pool that gives memory of kmalloc of the size of `T`, which this value owns, with a
/// reserve of at least one object.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroUsize;
/// use memalloc::{gfp::Gfp, Node, Pool};
///
/// // mempool_create_kmalloc_pool(4, 512).
/// let reserve = NonZeroUsize::MIN.saturating_add(3);
/// let pool = Pool::<[u8; 512]>::new(reserve, Gfp::KERNEL, Node::ANY)?;
/// // mempool_alloc(pool, GFP_NOIO): there is no error to handle.
/// let bounce = Pool::allocate_waiting(&pool, Gfp::NOIO).write([7; 512]);
/// assert_eq!(bounce[511], 7);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct Pool<T> {
    pool: NonNull<ffi::mempool>,
    _of: PhantomData<fn() -> T>,
}

// SAFETY: Any thread may use and destroy a pool; the objects that it gives say themselves which
// thread may have them.
unsafe impl<T> Send for Pool<T> {}

// SAFETY: The kernel's functions for pools may run at the same time.
unsafe impl<T> Sync for Pool<T> {}

impl<T> Pool<T> {
    /// Fails to compile for types that a pool cannot give memory for.
    const FITS: () = {
        assert!(size_of::<T>() > 0, "a pool is for types with a size");
        assert!(
            size_of::<T>() <= ffi::RAW_KMALLOC_MAX_SIZE,
            "the type is larger than kmalloc can allocate"
        );
    };

    /// The most objects that a reserve can have: their addresses are one kmalloc.
    const MAX_RESERVE: usize = ffi::RAW_KMALLOC_MAX_SIZE / size_of::<*mut c_void>();

    /// Makes a pool, and fills its reserve, like `mempool_create_kmalloc_pool()`.
    ///
    /// The node is that of the pool itself and of the array of addresses. Those of the reserve, as all
    /// objects, are where kmalloc has memory for who asks: near the CPU that makes the pool.
    ///
    /// # Errors
    ///
    /// - [`Refusal::TooMany`], if kmalloc cannot give the array of their addresses.
    /// - [`Refusal::TooLarge`], if the machine has less memory than the reserve would take.
    /// - [`Reason::OutOfMemory`](crate::Reason::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZeroUsize;
    /// use memalloc::{gfp::Gfp, machine_memory_bytes, Node, Pool, Reason, Refusal};
    ///
    /// assert!(Pool::<u64>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY).is_ok());
    /// assert!(Pool::<u64>::new(NonZeroUsize::MAX, Gfp::KERNEL, Node::ANY).is_err());
    /// // A mebibyte for each that the machine has, and one more.
    /// let reserve = NonZeroUsize::MIN.saturating_add(machine_memory_bytes() >> 20);
    /// let failure = Pool::<[u8; 1 << 20]>::new(reserve, Gfp::KERNEL, Node::ANY).err();
    /// assert!(failure.is_some_and(|failure| matches!(
    ///     failure.reason(),
    ///     Reason::Refused(Refusal::TooLarge { .. } | Refusal::TooMany { .. })
    /// )));
    /// ```
    pub fn new(
        reserve: NonZeroUsize,
        gfp: Gfp<MaySleep, Mempool>,
        node: Node,
    ) -> Result<Self, Failure> {
        let () = Self::FITS;
        const FUNCTION: &str = "mempool_create";
        let size_bytes = reserve.get().saturating_mul(size_of::<T>());
        if reserve.get() > Self::MAX_RESERVE {
            let refusal = Refusal::TooMany {
                count: reserve.get(),
                element_bytes: size_of::<*mut c_void>(),
                max_bytes: ffi::RAW_KMALLOC_MAX_SIZE,
            };
            return Err(Failure::refused(FUNCTION, size_bytes, gfp.bits(), refusal));
        }
        // Otherwise the kernel would kill processes for what there cannot be.
        machine::check_all(FUNCTION, size_bytes, gfp)?;
        // SAFETY:
        // - The number of objects is above zero, and we just compared it with what the array of
        //   their addresses can hold.
        // - The two functions belong together, and want the size for their argument, of which
        //   `FITS` says that kmalloc can give it.
        // - By the invariants of `Gfp` and `Node` the mask suits pools, and the node is none or was
        //   online.
        let pool = unsafe {
            ffi::alloc_hooks(|| {
                ffi::mempool_create_node_noprof(
                    // CAST: At most `MAX_RESERVE`.
                    reserve.get() as i32,
                    Some(ffi::mempool_kmalloc),
                    Some(ffi::mempool_kfree),
                    ptr::without_provenance_mut(size_of::<T>()),
                    gfp.bits(),
                    node.raw(),
                )
            })
        };
        match NonNull::new(pool) {
            // INVARIANT: The kernel made it so.
            Some(pool) => Ok(Self {
                pool,
                _of: PhantomData,
            }),
            None => Err(Failure::out_of_memory(FUNCTION, size_bytes, gfp.bits())),
        }
    }
}

// SAFETY: `mempool_free()` releases objects of the pool. Those that are not given back are memory
// of kmalloc, which the pool does not know of.
unsafe impl<T> sealed::TakesBack for Pool<T> {
    #[inline(always)]
    unsafe fn take_back(&self, start: NonNull<u8>) {
        // SAFETY: By the type invariants the pool is live; the caller owned this object of it.
        unsafe { ffi::mempool_free(start.as_ptr().cast(), self.pool.as_ptr()) };
    }
}

impl<T> Source for Pool<T> {}

impl<T> fmt::Debug for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("object_bytes", &size_of::<T>())
            .finish_non_exhaustive()
    }
}

impl<T> Drop for Pool<T> {
    fn drop(&mut self) {
        // SAFETY: By the type invariants the pool is live and ours. Whatever could still give an
        // object back, or wait for one, holds a handle, which keeps this value from being dropped.
        unsafe { ffi::mempool_destroy(self.pool.as_ptr()) };
    }
}
