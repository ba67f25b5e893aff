// SPDX-License-Identifier: GPL-2.0

//! An owner cannot be dropped while somebody may still write its value.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let written: &mut u64 = &mut number;
    drop(number);
    //~ E0505: cannot move out of `number` because it is borrowed
    //= let _ = &*written;
    *written = 8;
    Ok(())
}
