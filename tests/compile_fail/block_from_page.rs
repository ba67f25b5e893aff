// SPDX-License-Identifier: GPL-2.0

//! A block cannot be made of a page and an order.

use kernel::error::Error;
use memalloc::PageBlock;

pub fn case() -> Result<(), Error> {
    let make = PageBlock::from_raw;
    //~ E0624: associated function `from_raw` is private
    //= let make = PageBlock::into_uninit;
    drop(make);
    Ok(())
}
