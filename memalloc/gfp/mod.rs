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
//! this library is `unsafe` for it.
//!
//! What takes a `Gfp<MaySleep, …>` may sleep: it is called in process context, without spinlocks. What
//! takes a `Gfp<NonBlocking, …>` may be called in any context but NMI. Whatever is stricter says so under
//! "Context", at the type or at the function, as do those that take no mask; so does each owner, of where
//! it may be dropped.
//!
//! With `CONFIG_PREEMPT_RT` there are fewer places where one may allocate or free at all, whatever the
//! flags: the allocators' locks are spinlocks, which sleep there. Interrupt handlers run in threads, and
//! under a spinlock preemption stays enabled, so that drivers seldom notice; what is left out are raw
//! spinlocks, and code that disables interrupts or preemption itself.
//!
//! C header: `include/linux/gfp_types.h`

mod context;
mod family;

pub use context::{
    Context,
    MaySleep,
    NonBlocking, //
};
pub use family::{
    Cache,
    ContiguousRange,
    Family,
    Kmalloc,
    Kvmalloc,
    Mempool,
    Pages,
    TakesAccount,
    TakesNoRetry,
    TakesRetryMayFail,
    TakesThisNode,
    TakesZero,
    Vmalloc, //
};

use crate::ffi;
use core::{
    fmt,
    marker::PhantomData, //
};

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
///
/// The place says which base mask it is to be:
///
/// ```
/// use memalloc::{gfp::Gfp, KmallocBox, Order, PageBlock};
///
/// // In a system call: for the driver itself, or for what user space will map.
/// let state = KmallocBox::new(7_u64, Gfp::KERNEL)?;
/// let mapped = PageBlock::zeroed(Order::ZERO, Gfp::USER)?;
/// // In a file system, and below it in a block driver, which reclaim must not call back.
/// let inode = KmallocBox::new(7_u64, Gfp::NOFS)?;
/// let request = KmallocBox::new(7_u64, Gfp::NOIO)?;
/// // Under a spin lock or in an interrupt: what must go on, and what can wait.
/// let packet = KmallocBox::new(7_u64, Gfp::ATOMIC)?;
/// let statistics = KmallocBox::new(7_u64, Gfp::NOWAIT).ok();
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[must_use = "a modifier returns the new mask"]
pub struct Gfp<C: Context, F: Family> {
    bits: ffi::gfp_t,
    _for: PhantomData<fn() -> (C, F)>,
}

impl<C: Context, F: Family> Clone for Gfp<C, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Context, F: Family> Copy for Gfp<C, F> {}

impl<C: Context, F: Family> PartialEq for Gfp<C, F> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<C: Context, F: Family> Eq for Gfp<C, F> {}

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
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Count, KvmallocBox};
    ///
    /// // A table whose size user space chose: if there is not so much, user space is told.
    /// let gfp = Gfp::KERNEL.retry_mayfail().accounted();
    /// let table = KvmallocBox::<[u64]>::zeroed_array(Count::new(100_000)?, gfp)?;
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
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
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Order, PageBlock};
    ///
    /// // A large block is welcome, and a single page will do.
    /// let block = match PageBlock::new(Order::new(6)?, Gfp::KERNEL.noretry().nowarn()) {
    ///     Ok(large) => large,
    ///     Err(_) => PageBlock::new(Order::ZERO, Gfp::KERNEL)?,
    /// };
    /// assert!(block.order() <= Order::new(6)?);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
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

    /// The mask as the kernel's functions take it, to hand to C or to compare with what a tracepoint
    /// shows. There is no way back from it.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::gfp::{Gfp, Kmalloc, MaySleep};
    ///
    /// let plain: Gfp<MaySleep, Kmalloc> = Gfp::KERNEL;
    /// assert_eq!(plain.nowarn().bits() & plain.bits(), plain.bits());
    /// assert_ne!(plain.nowarn().bits(), plain.bits());
    /// ```
    #[inline(always)]
    pub const fn bits(self) -> u32 {
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
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, Node, Order, PageBlock};
    ///
    /// // The node that a device is on: its descriptors are of no use elsewhere.
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let ring = PageBlock::zeroed_on(Order::ZERO, Gfp::KERNEL.thisnode(), node)?;
    /// for frame in ring.span().page_frames() {
    ///     assert!(node.is_any() || Node::online(frame.node) == Some(node));
    /// }
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub const fn thisnode(self) -> Self {
        // INVARIANT: `F` supports this modifier.
        self.with(ffi::RAW_GFP_THISNODE)
    }
}
