// SPDX-License-Identifier: GPL-2.0

//! The destructor cannot be called and the value kept.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    Drop::drop(&mut number);
    //~ E0040: explicit use of destructor method
    //= *number = 8;
    Ok(())
}
