// SPDX-License-Identifier: GPL-2.0

//! The order of a block cannot be changed.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let mut block = PageBlock::new(Order::new(3)?, Gfp::KERNEL)?;
    block.order = Order::ZERO;
    //~ E0616: field `order` of struct `PageBlock` is private
    //= let _ = block.order();
    block.fill(core::mem::MaybeUninit::new(0));
    Ok(())
}
