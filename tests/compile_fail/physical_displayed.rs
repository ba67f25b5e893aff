// SPDX-License-Identifier: GPL-2.0

//! A physical address has no form to show to users.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let address = PageBlock::new(Order::ZERO, Gfp::KERNEL)?.physical_address();
    let _ = format_args!("{}", address);
    //~ E0277: `PhysicalAddress` doesn't implement `Display`
    //= let _ = format_args!("{}", address.as_u64());
    Ok(())
}
