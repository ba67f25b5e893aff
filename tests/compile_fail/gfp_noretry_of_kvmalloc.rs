// SPDX-License-Identifier: GPL-2.0

//! kvmalloc does not support __GFP_NORETRY.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kvmalloc, MaySleep};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Kvmalloc>::KERNEL.noretry();
    //~ E0599: `Kvmalloc: TakesNoRetry`
    //= let gfp = Gfp::<MaySleep, Kvmalloc>::KERNEL.retry_mayfail();
    let _ = gfp;
    Ok(())
}
