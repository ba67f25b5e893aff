// SPDX-License-Identifier: GPL-2.0

//! A block of pages that was not written cannot be read.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let block = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    //= let block = PageBlock::zeroed(Order::ZERO, Gfp::KERNEL)?;
    let _: &[u8] = &block;
    //~ E0308: expected `&[u8]`, found `&PageBlock`
    Ok(())
}
