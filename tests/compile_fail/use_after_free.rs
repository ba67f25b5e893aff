// SPDX-License-Identifier: GPL-2.0

//! A value cannot be read after its owner was dropped.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    drop(number);
    //= let _ = &number;
    let _ = *number;
    //~ E0382: borrow of moved value: `number`
    Ok(())
}
