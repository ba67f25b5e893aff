// SPDX-License-Identifier: GPL-2.0

//! A reference does not leave the function that owns the value.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<&'static u64, Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    Ok(&number)
    //~ E0515: cannot return value referencing local variable `number`
    //= Ok(&7)
}
