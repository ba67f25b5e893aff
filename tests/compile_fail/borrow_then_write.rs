// SPDX-License-Identifier: GPL-2.0

//! A value is not written while it is borrowed to be read.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let mut block = PageBlock::zeroed(Order::ZERO, Gfp::KERNEL)?;
    let first = &block[0];
    block[0] = 7;
    //~ E0502: cannot borrow `block` as mutable because it is also borrowed as immutable
    //= let _ = block[0];
    let _ = *first;
    Ok(())
}
