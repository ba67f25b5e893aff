// SPDX-License-Identifier: GPL-2.0

//! Flags are not made from bits.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, MaySleep};

pub fn case() -> Result<(), Error> {
    let gfp: Gfp<MaySleep, Kmalloc> = 0xcc0_u32.into();
    //~ E0277: the trait bound `Gfp<MaySleep, Kmalloc>: From<u32>` is not satisfied
    //= let gfp: Gfp<MaySleep, Kmalloc> = Gfp::KERNEL;
    let _ = gfp;
    Ok(())
}
