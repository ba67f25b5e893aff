// SPDX-License-Identifier: GPL-2.0

//! Bits cannot be added to flags.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, MaySleep};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Kmalloc>::KERNEL | 0x100_u32;
    //~ E0369: no implementation for `Gfp<MaySleep, Kmalloc> | u32`
    //= let gfp = Gfp::<MaySleep, Kmalloc>::KERNEL.accounted();
    let _ = gfp;
    Ok(())
}
