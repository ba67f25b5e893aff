// SPDX-License-Identifier: GPL-2.0

//! vmalloc does not support __GFP_THISNODE.

use kernel::error::Error;
use memalloc::gfp::{Gfp, MaySleep, Vmalloc};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Vmalloc>::KERNEL.thisnode();
    //~ E0599: `Vmalloc: TakesThisNode`
    //= let gfp = Gfp::<MaySleep, Vmalloc>::KERNEL.accounted();
    let _ = gfp;
    Ok(())
}
