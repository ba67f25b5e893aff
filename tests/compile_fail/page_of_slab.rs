// SPDX-License-Identifier: GPL-2.0

//! Memory of kmalloc does not become a page.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, Order, PageBlock, SinglePage};

pub fn case() -> Result<(), Error> {
    let memory = KmallocBox::new([0_u8; 4096], Gfp::KERNEL)?;
    //= let memory = PageBlock::new(Order::ZERO, Gfp::KERNEL)?;
    let _ = SinglePage::try_from(memory);
    //~ E0277: From<Owned<[u8; 4096], KmallocMemory>>` is not satisfied
    Ok(())
}
