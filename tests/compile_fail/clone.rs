// SPDX-License-Identifier: GPL-2.0

//! An owner cannot be cloned.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let copy = Clone::clone(&number);
    //~ E0277: the trait bound `Owned<u64, KmallocMemory>: Clone` is not satisfied
    //= let copy = KmallocBox::new(*number, Gfp::KERNEL)?;
    drop((number, copy));
    Ok(())
}
