// SPDX-License-Identifier: GPL-2.0

//! An owner cannot be copied out of a reference.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let borrowed = &number;
    let copy = *borrowed;
    //~ E0507: cannot move out of `*borrowed` which is behind a shared reference
    //= let copy = **borrowed;
    let _ = copy;
    Ok(())
}
