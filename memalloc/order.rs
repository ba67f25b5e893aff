// SPDX-License-Identifier: GPL-2.0

//! The orders of page blocks.

use crate::{
    failure::Refusal,
    ffi, //
};
use kernel::page::PAGE_SIZE;

/// The order of a block of pages: it has 2^order of them.
///
/// # Invariants
///
/// `order <= MAX_PAGE_ORDER`.
///
/// # Examples
///
/// ```
/// use kernel::page::PAGE_SIZE;
/// use memalloc::{Order, Refusal};
///
/// // get_order(5 * PAGE_SIZE): a block has 1, 2, 4, 8, … pages.
/// let order = Order::holding(5 * PAGE_SIZE)?;
/// assert_eq!((order.get(), order.pages()), (3, 8));
/// assert_eq!(order.size_bytes(), 8 * PAGE_SIZE);
/// assert_eq!(Order::holding(1)?, Order::ZERO);
///
/// // More than the largest block has.
/// let size_bytes = Order::MAX.size_bytes() + 1;
/// assert!(matches!(Order::holding(size_bytes), Err(Refusal::TooLarge { .. })));
/// let order = Order::MAX.get() + 1;
/// assert!(matches!(Order::new(order), Err(Refusal::OrderTooLarge { .. })));
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    order: u32,
}

impl Order {
    /// A single page.
    // INVARIANT: Zero is not above any maximum.
    pub const ZERO: Self = Self { order: 0 };

    /// `MAX_PAGE_ORDER`: the largest block that the page allocator manages.
    // INVARIANT: The maximum itself.
    pub const MAX: Self = Self {
        order: ffi::RAW_MAX_PAGE_ORDER,
    };

    /// Checks `order` against [`MAX`](Self::MAX): a larger request makes the kernel warn.
    ///
    /// # Errors
    ///
    /// [`Refusal::OrderTooLarge`].
    pub const fn new(order: u32) -> Result<Self, Refusal> {
        if order > ffi::RAW_MAX_PAGE_ORDER {
            return Err(Refusal::OrderTooLarge {
                order,
                max: ffi::RAW_MAX_PAGE_ORDER,
            });
        }
        // INVARIANT: We just checked it.
        Ok(Self { order })
    }

    /// The smallest order that holds `size_bytes`, as `get_order()` says.
    ///
    /// # Errors
    ///
    /// [`Refusal::ZeroSize`], [`Refusal::TooLarge`].
    pub const fn holding(size_bytes: usize) -> Result<Self, Refusal> {
        if size_bytes == 0 {
            return Err(Refusal::ZeroSize);
        }
        let pages = size_bytes.div_ceil(PAGE_SIZE);
        if pages > Self::MAX.pages() {
            return Err(Refusal::TooLarge {
                size_bytes,
                max_bytes: Self::MAX.size_bytes(),
            });
        }
        // INVARIANT: `pages` is at most `2^MAX_PAGE_ORDER`, so the logarithm is at most the maximum.
        Ok(Self {
            order: pages.next_power_of_two().trailing_zeros(),
        })
    }

    /// The order as a number.
    #[inline(always)]
    pub const fn get(self) -> u32 {
        self.order
    }

    /// How many pages a block of this order has.
    #[inline(always)]
    pub const fn pages(self) -> usize {
        1 << self.order
    }

    /// How many bytes a block of this order has.
    #[inline(always)]
    pub const fn size_bytes(self) -> usize {
        PAGE_SIZE << self.order
    }
}
