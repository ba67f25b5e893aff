// SPDX-License-Identifier: GPL-2.0

//! Whoever gave an owner away cannot use it.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KvmallocBox};

pub fn case() -> Result<(), Error> {
    let mut number = KvmallocBox::new(7_u64, Gfp::KERNEL)?;
    let other = number;
    //= let other = KvmallocBox::new(8_u64, Gfp::KERNEL)?;
    *number = 9;
    //~ E0382: borrow of moved value: `number`
    drop(other);
    Ok(())
}
