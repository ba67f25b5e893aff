// SPDX-License-Identifier: GPL-2.0

//! An owner cannot be dropped while its value is borrowed.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let borrowed: &u64 = &number;
    drop(number);
    //~ E0505: cannot move out of `number` because it is borrowed
    //= let _ = &number;
    let _ = *borrowed;
    Ok(())
}
