// SPDX-License-Identifier: GPL-2.0

//! To say that a block of pages was written is unsafe.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    let _ = block.assume_init();
    //~ E0133: call to unsafe function
    //= let _ = block.split();
    Ok(())
}
