// SPDX-License-Identifier: GPL-2.0

//! The bits of flags cannot be changed.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, MaySleep};

pub fn case() -> Result<(), Error> {
    let mut gfp = Gfp::<MaySleep, Kmalloc>::KERNEL;
    gfp.bits |= 0x4;
    //~ E0616: field `bits` of struct `Gfp` is private
    //= gfp = gfp.accounted();
    let _ = gfp;
    Ok(())
}
