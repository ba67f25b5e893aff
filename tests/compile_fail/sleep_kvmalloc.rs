// SPDX-License-Identifier: GPL-2.0

//! An owner that may sleep when dropped is not made with flags that do not sleep.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, MaySleep},
    KvmallocBox,
};

pub fn case() -> Result<(), Error> {
    let number = KvmallocBox::<u64, MaySleep>::new(7, Gfp::NOWAIT)?;
    //~ E0308: expected `Gfp<MaySleep, Kvmalloc>`, found `Gfp<NonBlocking, _>`
    //= let number = KvmallocBox::<u64, MaySleep>::new(7, Gfp::KERNEL)?;
    drop(number);
    Ok(())
}
