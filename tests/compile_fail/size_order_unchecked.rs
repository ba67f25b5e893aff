// SPDX-License-Identifier: GPL-2.0

//! The order of a block has to be checked.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let _ = PageBlock::new(3, Gfp::KERNEL)?;
    //~ E0308: expected `Order`, found integer
    //= let _ = PageBlock::new(Order::new(3)?, Gfp::KERNEL)?;
    Ok(())
}
