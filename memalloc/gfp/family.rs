// SPDX-License-Identifier: GPL-2.0

//! Families of functions, and the modifiers that each honours.

mod sealed {
    pub trait Sealed {}
}

/// The family of functions that a mask is for.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Context, Family, Gfp},
///     Bytes, KmallocBox, Order, PageBlock,
/// };
///
/// /// Flags for what one can do without: if there is none, the log does not fill with reports.
/// fn quiet<C: Context, F: Family>(gfp: Gfp<C, F>) -> Gfp<C, F> {
///     gfp.nowarn()
/// }
///
/// // The family is that of the function that gets the flags.
/// let block = PageBlock::new(Order::new(4)?, quiet(Gfp::KERNEL)).ok();
/// let bytes = KmallocBox::bytes(Bytes::new(100)?, quiet(Gfp::NOWAIT)).ok();
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait Family: sealed::Sealed + 'static {}

/// Families that honour `__GFP_THISNODE`.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Context, Gfp, TakesThisNode},
///     Bytes, KmallocBox, Node, Order, PageBlock,
/// };
///
/// /// Flags for what is of no use elsewhere. There are none such for vmalloc.
/// fn here_or_nowhere<C: Context, F: TakesThisNode>(gfp: Gfp<C, F>) -> Gfp<C, F> {
///     gfp.thisnode()
/// }
///
/// let node = Node::online(0).unwrap_or(Node::ANY);
/// let bytes = KmallocBox::bytes_on(Bytes::new(100)?, here_or_nowhere(Gfp::KERNEL), node)?;
/// let block = PageBlock::new_on(Order::ZERO, here_or_nowhere(Gfp::KERNEL), node)?;
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait TakesThisNode: Family {}

/// Families that honour `__GFP_ACCOUNT`.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Gfp, MaySleep, TakesAccount},
///     Bytes, KmallocBox, VmallocBox,
/// };
///
/// /// Flags for memory that user space can make the driver ask for, as often as it likes.
/// const fn on_behalf_of_user<F: TakesAccount>() -> Gfp<MaySleep, F> {
///     Gfp::KERNEL.accounted()
/// }
///
/// let request = KmallocBox::zeroed_bytes(Bytes::new(100)?, on_behalf_of_user())?;
/// let buffer = VmallocBox::zeroed_bytes(Bytes::new(100_000)?, on_behalf_of_user())?;
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait TakesAccount: Family {}

/// Families that honour `__GFP_NORETRY`.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Gfp, MaySleep, TakesNoRetry},
///     Order, PageBlock,
/// };
///
/// /// Flags for what makes work faster, and is not worth disturbing anybody for.
/// const fn if_easy<F: TakesNoRetry>() -> Gfp<MaySleep, F> {
///     Gfp::KERNEL.noretry().nowarn()
/// }
///
/// // Reading ahead: without the memory, reading is slower, and that is all.
/// let ahead = PageBlock::new(Order::new(5)?, if_easy()).ok();
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait TakesNoRetry: Family {}

/// Families that honour `__GFP_RETRY_MAYFAIL`.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Gfp, MaySleep, TakesRetryMayFail},
///     Bytes, KmallocBox, KvmallocBox,
/// };
///
/// /// Flags for what is needed, but not at the price of a process.
/// const fn without_killing<F: TakesRetryMayFail>() -> Gfp<MaySleep, F> {
///     Gfp::KERNEL.retry_mayfail()
/// }
///
/// let header = KmallocBox::zeroed_bytes(Bytes::new(100)?, without_killing())?;
/// let payload = KvmallocBox::zeroed_bytes(Bytes::new(1 << 20)?, without_killing())?;
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait TakesRetryMayFail: Family {}

/// Families that honour `__GFP_ZERO`.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroUsize;
/// use memalloc::{gfp::Gfp, KmallocBox, Node, Pool};
///
/// // kmalloc honours it, so its owners have constructors for memory that reads as zero.
/// let zeroes = KmallocBox::<[u32; 8]>::zeroed(Gfp::KERNEL)?;
/// // A pool does not: an object may be one that was used before. It has to be written.
/// let pool = Pool::<[u32; 8]>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
/// let object = Pool::allocate_waiting(&pool, Gfp::NOIO).write([0; 8]);
/// assert_eq!(*object, *zeroes);
/// # Ok::<(), kernel::error::Error>(())
/// ```
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
