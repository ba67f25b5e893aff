// SPDX-License-Identifier: GPL-2.0

//! A block of pages cannot be given back twice.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    drop(block);
    drop(block);
    //~ E0382: use of moved value: `block`
    //= drop(7);
    Ok(())
}
