// SPDX-License-Identifier: GPL-2.0

//! Contiguous ranges do not support __GFP_ACCOUNT.

use kernel::error::Error;
use memalloc::gfp::{ContiguousRange, Gfp, MaySleep};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, ContiguousRange>::KERNEL.accounted();
    //~ E0599: `ContiguousRange: TakesAccount`
    //= let gfp = Gfp::<MaySleep, ContiguousRange>::KERNEL.nowarn();
    let _ = gfp;
    Ok(())
}
