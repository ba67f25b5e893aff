// SPDX-License-Identifier: GPL-2.0

//! Pages of the page allocator do not reach what frees memory of kmalloc.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, Order, PageBlock};

fn free(page: KmallocBox<[u8; 4096]>) {
    drop(page);
}

pub fn case() -> Result<(), Error> {
    let page = PageBlock::zeroed(Order::ZERO, Gfp::KERNEL)?;
    //= let page = KmallocBox::new([0_u8; 4096], Gfp::KERNEL)?;
    free(page);
    //~ E0308: expected `Owned<[u8; 4096], KmallocMemory>`, found `PageBlock<u8>`
    Ok(())
}
