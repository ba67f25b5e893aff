// SPDX-License-Identifier: GPL-2.0

//! A pool waits for its reserve, and does not retry.

use kernel::error::Error;
use memalloc::gfp::{Gfp, MaySleep, Mempool};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Mempool>::KERNEL.retry_mayfail();
    //~ E0599: `Mempool: TakesRetryMayFail`
    //= let gfp = Gfp::<MaySleep, Mempool>::KERNEL.nowarn();
    let _ = gfp;
    Ok(())
}
