// SPDX-License-Identifier: GPL-2.0

//! Values and arrays in memory of a node that the caller names.
//!
//! The node is a preference, unless the flags say `thisnode()`.

use super::{
    AllocatesIn,
    Memory,
    Owned, //
};
use crate::{
    count::Count,
    failure::Failure,
    gfp::{
        Context,
        Gfp, //
    },
    node::Node,
};
use core::mem::MaybeUninit;
use kernel::prelude::Zeroable;

impl<T, M: Memory> Owned<[MaybeUninit<T>], M> {
    /// Allocates an array whose contents are unknown, like `kmalloc_array_node()`.
    ///
    /// The node is a preference, unless the flags say `thisnode()`.
    ///
    /// # Errors
    ///
    /// As [`array`](Self::array).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Count, KmallocBox, Node};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let queues = KmallocBox::array_on(Count::new(16)?, Gfp::KERNEL, node)?;
    /// let queues = queues.write_with(|number| number as u32);
    /// assert_eq!(queues[15], 15);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn array_on<C: Context>(
        count: Count<T, M::Family>,
        gfp: Gfp<C, M::Family>,
        node: Node,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        Self::array_with(count, gfp, |size_bytes| {
            // SAFETY: `array_with` calls with the size of this many elements, whose alignment by the
            // invariants of `Count` the family can keep; by those of `Gfp` the mask suits the family.
            unsafe { M::allocate_on(size_bytes, align_of::<T>(), gfp.bits(), node) }
        })
    }
}

impl<T: Zeroable, M: Memory> Owned<[T], M> {
    /// Allocates an array of elements all of whose bytes are zero, like `kcalloc_node()`.
    ///
    /// The node is a preference, unless the flags say `thisnode()`.
    ///
    /// # Errors
    ///
    /// As [`array`](Owned::array).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Count, Node, VmallocBox};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let counters = VmallocBox::<[u64]>::zeroed_array_on(Count::new(1000)?, Gfp::KERNEL, node)?;
    /// assert!(counters.iter().all(|counter| *counter == 0));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn zeroed_array_on<C: Context>(
        count: Count<T, M::Family>,
        gfp: Gfp<C, M::Family>,
        node: Node,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let zeroes = Owned::<[MaybeUninit<T>], M>::array_on(count, gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write zeroes, which are valid `T`s.
        Ok(unsafe { zeroes.assume_init() })
    }
}

impl<T: Zeroable, M: Memory> Owned<T, M> {
    /// Allocates a value all of whose bytes are zero, like `kzalloc_node(sizeof(*p), …)`.
    ///
    /// The node is a preference, unless the flags say `thisnode()`.
    ///
    /// # Errors
    ///
    /// As [`new_uninit`](Owned::new_uninit).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox, Node};
    ///
    /// let node = Node::online(0).unwrap_or(Node::ANY);
    /// let ring = KmallocBox::<[u64; 64]>::zeroed_on(Gfp::KERNEL, node)?;
    /// assert_eq!(ring[63], 0);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn zeroed_on<C: Context>(gfp: Gfp<C, M::Family>, node: Node) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let zeroes = Owned::<MaybeUninit<T>, M>::new_uninit_on(gfp.zeroing(), node)?;
        // SAFETY: `__GFP_ZERO` makes the kernel write zeroes, which are a valid `T`.
        Ok(unsafe { zeroes.assume_init() })
    }
}
