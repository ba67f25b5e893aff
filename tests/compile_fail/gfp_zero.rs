// SPDX-License-Identifier: GPL-2.0

//! Zeroing is not a flag, since the type has to tell that the memory may be read.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, MaySleep};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Kmalloc>::KERNEL.zeroing();
    //~ E0624: method `zeroing` is private
    //= let gfp = Gfp::<MaySleep, Kmalloc>::KERNEL.nowarn();
    let _ = gfp;
    Ok(())
}
