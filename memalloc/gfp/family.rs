// SPDX-License-Identifier: GPL-2.0

//! Families of functions, and the modifiers that each honours.

mod sealed {
    pub trait Sealed {}
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
