// SPDX-License-Identifier: GPL-2.0

//! What an owner points to cannot be exchanged.

use core::ptr::NonNull;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    number.value = NonNull::dangling();
    //~ E0616: field `value` of struct `Owned` is private
    //= *number = 8;
    Ok(())
}
