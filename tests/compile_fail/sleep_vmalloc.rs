// SPDX-License-Identifier: GPL-2.0

//! An owner that sleeps when dropped is not made with flags that do not sleep.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, MaySleep},
    VmallocBox,
};

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::<u64, MaySleep>::new(7, Gfp::ATOMIC)?;
    //~ E0308: expected `Gfp<MaySleep, Vmalloc>`, found `Gfp<NonBlocking, _>`
    //= let number = VmallocBox::<u64, MaySleep>::new(7, Gfp::KERNEL)?;
    drop(number);
    Ok(())
}
