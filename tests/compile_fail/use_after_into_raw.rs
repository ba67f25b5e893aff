// SPDX-License-Identifier: GPL-2.0

//! A value whose ownership was given up cannot be used.

use kernel::error::Error;
use memalloc::{gfp::Gfp, VmallocBox};

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    let _ = number.into_raw();
    //= let _ = &number;
    let _ = *number;
    //~ E0382: borrow of moved value: `number`
    Ok(())
}
