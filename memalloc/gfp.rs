// SPDX-License-Identifier: GPL-2.0

//! Allocation flags as a closed set.
//!
//! A [`Gfp`] starts from one of the kernel's named masks and grows by the modifiers that its family
//! supports. There is no way from raw bits, and no negation, so that a mask which the kernel would
//! warn about, or misread, cannot be written down in safe code.
//!
//! What a type cannot show is the context that the caller is in: nothing here knows that a spinlock
//! is held. As everywhere in the kernel, to sleep in the wrong place is a bug, which
//! `CONFIG_DEBUG_ATOMIC_SLEEP` reports; it is not a question of memory safety, and no function of
//! this library is `unsafe` for it. Each says under "Context" where it may be called.
//!
//! C header: `include/linux/gfp_types.h`

use crate::ffi;
use core::{
    ffi::c_void,
    fmt,
    marker::PhantomData, //
};

mod sealed {
    use core::ffi::c_void;

    pub trait Sealed {}

    /// How mapped memory is freed in a context.
    ///
    /// # Safety
    ///
    /// The functions release what their names say.
    pub unsafe trait Frees {
        /// `vfree()`, or what does the same without sleeping.
        ///
        /// # Safety
        ///
        /// `start` is the start of memory of `vmalloc()` that was not freed and that nothing refers
        /// to.
        unsafe fn vfree(start: *const c_void);

        /// `kvfree()`, or what does the same without sleeping.
        ///
        /// # Safety
        ///
        /// `start` is `ZERO_SIZE_PTR`, or the start of memory of `kvmalloc()` that was not freed and
        /// that nothing refers to.
        unsafe fn kvfree(start: *const c_void);
    }
}

pub(crate) use sealed::Frees;

/// Whether an allocation may sleep.
///
/// The type says what the *call* may do. That the caller's context permits it is not proved.
pub trait Context: sealed::Frees + 'static {}

/// The allocation may sleep: process context, no spinlock held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaySleep {}

/// The allocation does not sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonBlocking {}

impl Context for MaySleep {}
impl Context for NonBlocking {}

// SAFETY: The functions are those of the names.
unsafe impl Frees for MaySleep {
    #[inline(always)]
    unsafe fn vfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::vfree(start) };
    }

    #[inline(always)]
    unsafe fn kvfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree(start) };
    }
}

// SAFETY: `kvfree_atomic()` releases memory of either allocator. (`vfree_atomic()`, which it calls, is
// not exported.)
unsafe impl Frees for NonBlocking {
    #[inline(always)]
    unsafe fn vfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree_atomic(start) };
    }

    #[inline(always)]
    unsafe fn kvfree(start: *const c_void) {
        // SAFETY: The caller keeps the contract.
        unsafe { ffi::kvfree_atomic(start) };
    }
}

/// The family of functions that a mask is for.
pub trait Family: sealed::Sealed + 'static {}

/// Families that honour `__GFP_THISNODE`.
pub trait TakesThisNode: Family {}

/// Families that honour `__GFP_ACCOUNT`.
pub trait TakesAccount: Family {}

/// Families that honour `__GFP_NORETRY`.
pub trait TakesNoRetry: Family {}

/// Families that honour `__GFP_RETRY_MAYFAIL`.
pub trait TakesRetryMayFail: Family {}

/// Families that honour `__GFP_ZERO`.
pub trait TakesZero: Family {}

macro_rules! families {
    ($($(#[$doc:meta])* $name:ident: $($modifier:ident)*;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}

        impl sealed::Sealed for $name {}
        impl Family for $name {}
        $(impl $modifier for $name {})*
    )*};
}

families! {
    /// `kmalloc()` and its relatives.
    Kmalloc: TakesZero TakesAccount TakesThisNode TakesNoRetry TakesRetryMayFail;

    /// `vmalloc()` and its relatives: `__GFP_THISNODE` is not among the flags that
    /// `GFP_VMALLOC_SUPPORTED` lists (`mm/vmalloc.c`).
    Vmalloc: TakesZero TakesAccount TakesNoRetry TakesRetryMayFail;

    /// `kvmalloc()` and its relatives: `__GFP_NORETRY` is not supported, says
    /// `kvmalloc_node_align()` (`include/linux/slab.h`), and its fallback is vmalloc.
    Kvmalloc: TakesZero TakesAccount TakesRetryMayFail;

    /// The page allocator.
    Pages: TakesZero TakesAccount TakesThisNode TakesNoRetry TakesRetryMayFail;

    /// Contiguous ranges of pages: other modifiers are refused or ignored, says
    /// `__alloc_contig_verify_gfp_mask()` (`mm/page_alloc.c`).
    ContiguousRange: TakesZero TakesRetryMayFail;

    /// `kmem_cache_alloc()` and its relatives. Any cache can be used with `__GFP_ACCOUNT`, says
    /// `__kmem_cache_create_args()` (`mm/slab_common.c`).
    Cache: TakesZero TakesAccount TakesThisNode TakesNoRetry TakesRetryMayFail;

    /// `mempool_alloc()`: "`__GFP_ZERO` is not supported" (`mm/mempool.c`). The function adds
    /// `__GFP_NORETRY` to every mask itself, and an element from the reserve is neither charged to
    /// who takes it nor on the node that it asked for.
    Mempool: ;
}

/// A validated mask of allocation flags for family `F` in context `C`.
///
/// Zeroing is not a modifier: it is a constructor of its own on each owner, whose type then says
/// that the memory may be read.
///
/// # Invariants
///
/// `bits` is one of the named base masks for `C`, and modifiers that `F` supports.
///
/// # Examples
///
/// ```
/// use memalloc::gfp::{Gfp, Kmalloc, MaySleep, NonBlocking};
///
/// let patient: Gfp<MaySleep, Kmalloc> = Gfp::KERNEL.accounted();
/// let hasty: Gfp<NonBlocking, Kmalloc> = Gfp::ATOMIC.nowarn();
/// # let _ = (patient, hasty);
/// ```
pub struct Gfp<C: Context, F: Family> {
    bits: ffi::gfp_t,
    _for: PhantomData<(C, F)>,
}

impl<C: Context, F: Family> Clone for Gfp<C, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Context, F: Family> Copy for Gfp<C, F> {}

impl<C: Context, F: Family> fmt::Debug for Gfp<C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gfp({:#x})", self.bits)
    }
}

impl<F: Family> Gfp<MaySleep, F> {
    /// `GFP_KERNEL`: ordinary kernel memory; may reclaim and sleep.
    // INVARIANT: A base mask that may sleep, without modifiers.
    pub const KERNEL: Self = Self::from_base(ffi::RAW_GFP_KERNEL);

    /// `GFP_USER`: as [`KERNEL`](Self::KERNEL), kept to the nodes that the task's cpuset allows.
    // INVARIANT: A base mask that may sleep, without modifiers.
    pub const USER: Self = Self::from_base(ffi::RAW_GFP_USER);

    /// `GFP_NOIO`: may reclaim, but starts no I/O.
    // INVARIANT: A base mask that may sleep, without modifiers.
    pub const NOIO: Self = Self::from_base(ffi::RAW_GFP_NOIO);

    /// `GFP_NOFS`: may reclaim, but does not call into file systems.
    // INVARIANT: A base mask that may sleep, without modifiers.
    pub const NOFS: Self = Self::from_base(ffi::RAW_GFP_NOFS);
}

impl<F: TakesRetryMayFail> Gfp<MaySleep, F> {
    /// Adds `__GFP_RETRY_MAYFAIL`: tries hard, but fails rather than invoking the OOM killer. It
    /// takes the place of [`noretry`](Self::noretry).
    ///
    /// kvmalloc then prefers its kmalloc attempt, at visible cost.
    #[inline(always)]
    pub const fn retry_mayfail(self) -> Self {
        // INVARIANT: `F` supports this modifier, for masks that may reclaim, without the other that
        // is about retrying.
        self.without(ffi::RAW_GFP_NORETRY)
            .with(ffi::RAW_GFP_RETRY_MAYFAIL)
    }
}

impl<F: TakesNoRetry> Gfp<MaySleep, F> {
    /// Adds `__GFP_NORETRY`: gives up after one round of light reclaim. It takes the place of
    /// [`retry_mayfail`](Self::retry_mayfail).
    #[inline(always)]
    pub const fn noretry(self) -> Self {
        // INVARIANT: `F` supports this modifier, without the other that is about retrying.
        self.without(ffi::RAW_GFP_RETRY_MAYFAIL)
            .with(ffi::RAW_GFP_NORETRY)
    }
}

impl<F: Family> Gfp<NonBlocking, F> {
    /// `GFP_NOWAIT`: does not reclaim; fails without a warning.
    // INVARIANT: A base mask that does not sleep, without modifiers.
    pub const NOWAIT: Self = Self::from_base(ffi::RAW_GFP_NOWAIT);

    /// `GFP_ATOMIC`: does not reclaim, and may use a part of the emergency reserves.
    // INVARIANT: A base mask that does not sleep, without modifiers.
    pub const ATOMIC: Self = Self::from_base(ffi::RAW_GFP_ATOMIC);
}

impl<C: Context, F: Family> Gfp<C, F> {
    const fn from_base(bits: ffi::gfp_t) -> Self {
        Self {
            bits,
            _for: PhantomData,
        }
    }

    #[inline(always)]
    const fn with(self, modifier: ffi::gfp_t) -> Self {
        Self {
            bits: self.bits | modifier,
            _for: PhantomData,
        }
    }

    #[inline(always)]
    const fn without(self, modifier: ffi::gfp_t) -> Self {
        Self {
            bits: self.bits & !modifier,
            _for: PhantomData,
        }
    }

    /// Adds `__GFP_NOWARN`: a failure leaves no report in the kernel log.
    #[inline(always)]
    pub const fn nowarn(self) -> Self {
        // INVARIANT: Every family supports this modifier.
        self.with(ffi::RAW_GFP_NOWARN)
    }

    /// The mask as the kernel's functions take it.
    #[inline(always)]
    pub(crate) const fn bits(self) -> ffi::gfp_t {
        self.bits
    }
}

impl<C: Context, F: TakesZero> Gfp<C, F> {
    /// The mask with `__GFP_ZERO`, for the constructors of zeroed memory.
    #[inline(always)]
    pub(crate) const fn zeroing(self) -> Self {
        // INVARIANT: `F` supports this modifier.
        self.with(ffi::RAW_GFP_ZERO)
    }
}

impl<C: Context, F: TakesAccount> Gfp<C, F> {
    /// Adds `__GFP_ACCOUNT`: charges the memory to the caller's memory cgroup.
    #[inline(always)]
    pub const fn accounted(self) -> Self {
        // INVARIANT: `F` supports this modifier.
        self.with(ffi::RAW_GFP_ACCOUNT)
    }
}

impl<C: Context> Gfp<C, Cache> {
    /// The same mask for kmalloc, which gives a bulk of objects the array of their addresses.
    #[inline(always)]
    pub(crate) const fn for_kmalloc(self) -> Gfp<C, Kmalloc> {
        // INVARIANT: Both families support the same modifiers.
        Gfp::from_base(self.bits)
    }
}

impl<C: Context, F: TakesThisNode> Gfp<C, F> {
    /// Adds `__GFP_THISNODE`: fails rather than taking memory of another node.
    #[inline(always)]
    pub const fn thisnode(self) -> Self {
        // INVARIANT: `F` supports this modifier.
        self.with(ffi::RAW_GFP_THISNODE)
    }
}
