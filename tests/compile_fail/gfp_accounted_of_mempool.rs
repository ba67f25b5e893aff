// SPDX-License-Identifier: GPL-2.0

//! What comes from a pool's reserve is not charged to who takes it.

use kernel::error::Error;
use memalloc::gfp::{Gfp, MaySleep, Mempool};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Mempool>::KERNEL.accounted();
    //~ E0599: `Mempool: TakesAccount`
    //= let gfp = Gfp::<MaySleep, Mempool>::KERNEL.nowarn();
    let _ = gfp;
    Ok(())
}
