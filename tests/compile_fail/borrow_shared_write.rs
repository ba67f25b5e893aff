// SPDX-License-Identifier: GPL-2.0

//! A value is not written through a shared owner.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    //= let mut number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    *number = 8;
    //~ E0596: cannot borrow `number` as mutable, as it is not declared as mutable
    Ok(())
}
