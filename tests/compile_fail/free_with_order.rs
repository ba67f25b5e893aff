// SPDX-License-Identifier: GPL-2.0

//! A block is freed with its own order; there is no way to give one.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let block = PageBlock::new(Order::new(3)?, Gfp::KERNEL)?;
    block.free(Order::new(2)?);
    //~ E0599: no method named `free` found for struct `PageBlock`
    //= drop(block);
    Ok(())
}
