// SPDX-License-Identifier: GPL-2.0

//! An owner cannot be dropped twice.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    drop(number);
    drop(number);
    //~ E0382: use of moved value: `number`
    //= drop(7);
    Ok(())
}
