// SPDX-License-Identifier: GPL-2.0

//! What was not allocated does not become an owner.

use core::ptr::NonNull;
use kernel::error::Error;
use memalloc::KmallocBox;

pub fn case() -> Result<(), Error> {
    let mut number = 7_u64;
    drop(KmallocBox::from_raw(NonNull::from(&mut number)));
    //~ E0133: call to unsafe function
    //= drop(NonNull::from(&mut number));
    Ok(())
}
