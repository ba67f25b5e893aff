// SPDX-License-Identifier: GPL-2.0

//! An array that may have moved cannot be used under its old name.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Count, KmallocBox};

pub fn case() -> Result<(), Error> {
    let numbers = KmallocBox::<[u8]>::zeroed_array(Count::new(10)?, Gfp::KERNEL)?;
    let longer = numbers.resize(Count::new(1000)?, 7, Gfp::KERNEL)?;
    //= let longer = KmallocBox::<[u8]>::zeroed_array(Count::new(1000)?, Gfp::KERNEL)?;
    let _ = longer.len() + numbers.len();
    //~ E0382: borrow of moved value: `numbers`
    Ok(())
}
