// SPDX-License-Identifier: GPL-2.0

//! An array of owners cannot be copied.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let numbers = [KmallocBox::new(7_u64, Gfp::KERNEL)?];
    //= let numbers = [7_u64];
    let _ = KmallocBox::copy_of(&numbers, Gfp::KERNEL)?;
    //~ E0277: the trait bound `Owned<u64, KmallocMemory>: Copy` is not satisfied
    Ok(())
}
