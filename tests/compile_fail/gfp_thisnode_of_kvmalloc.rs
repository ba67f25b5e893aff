// SPDX-License-Identifier: GPL-2.0

//! kvmalloc does not support __GFP_THISNODE.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kvmalloc, MaySleep};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Kvmalloc>::KERNEL.thisnode();
    //~ E0599: `Kvmalloc: TakesThisNode`
    //= let gfp = Gfp::<MaySleep, Kvmalloc>::KERNEL.accounted();
    let _ = gfp;
    Ok(())
}
