// SPDX-License-Identifier: GPL-2.0

//! A block cannot be used once it was split.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let block = PageBlock::new(Order::new(2)?, Gfp::KERNEL)?;
    let run = block.split();
    //= let run = PageBlock::new(Order::new(2)?, Gfp::KERNEL)?.split();
    let _ = run.len() + block.len();
    //~ E0382: borrow of moved value: `block`
    Ok(())
}
