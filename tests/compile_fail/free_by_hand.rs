// SPDX-License-Identifier: GPL-2.0

//! There is no freeing function to choose.

use kernel::error::Error;
use memalloc::{gfp::Gfp, VmallocBox};

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    number.kfree();
    //~ E0599: no method named `kfree` found for struct `Owned<u64, VmallocMemory<MaySleep>>`
    //= drop(number);
    Ok(())
}
