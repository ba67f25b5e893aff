// SPDX-License-Identifier: GPL-2.0

//! An array cannot be resized, and so moved, while it is borrowed.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Count, KmallocBox};

pub fn case() -> Result<(), Error> {
    let numbers = KmallocBox::copy_of(&[1_u64, 2], Gfp::KERNEL)?;
    let first = &numbers[0];
    let _ = numbers.resize(Count::new(100)?, 0, Gfp::KERNEL)?;
    //~ E0505: cannot move out of `numbers` because it is borrowed
    //= let _ = numbers.len();
    let _ = *first;
    Ok(())
}
