// SPDX-License-Identifier: GPL-2.0

//! A zone cannot be asked of vmalloc.

use kernel::error::Error;
use memalloc::gfp::{Gfp, MaySleep, Vmalloc};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Vmalloc>::DMA32;
    //~ E0599: named `DMA32` found for struct `Gfp
    //= let gfp = Gfp::<MaySleep, Vmalloc>::KERNEL;
    let _ = gfp;
    Ok(())
}
