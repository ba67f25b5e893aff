// SPDX-License-Identifier: GPL-2.0

//! A block is not divided without being split.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let mut pages = PageBlock::new(Order::new(2)?, Gfp::KERNEL)?;
    //= let mut pages = PageBlock::new(Order::new(2)?, Gfp::KERNEL)?.split();
    let _ = pages.split_off(1);
    //~ E0599: no method named `split_off` found for struct `PageBlock`
    Ok(())
}
