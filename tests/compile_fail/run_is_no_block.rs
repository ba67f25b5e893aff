// SPDX-License-Identifier: GPL-2.0

//! A run does not become a block again.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let run = PageBlock::new(Order::ZERO, Gfp::KERNEL)?.split();
    //= let run = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    let block: PageBlock = run;
    //~ E0308: expected `PageBlock`, found `PageRun`
    drop(block);
    Ok(())
}
