// SPDX-License-Identifier: GPL-2.0

//! What does not reclaim cannot be told not to retry.

use kernel::error::Error;
use memalloc::gfp::{Gfp, NonBlocking, Pages};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<NonBlocking, Pages>::ATOMIC.noretry();
    //~ E0599: no method named `noretry` found for struct `Gfp<NonBlocking, Pages>`
    //= let gfp = Gfp::<NonBlocking, Pages>::ATOMIC.accounted();
    let _ = gfp;
    Ok(())
}
