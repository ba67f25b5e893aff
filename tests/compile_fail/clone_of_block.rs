// SPDX-License-Identifier: GPL-2.0

//! A block of pages cannot be cloned.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    let copy: PageBlock = Clone::clone(&block);
    //~ E0277: the trait bound `PageBlock: Clone` is not satisfied
    //= let copy: PageBlock = PageBlock::new(block.order(), Gfp::KERNEL)?;
    drop((block, copy));
    Ok(())
}
