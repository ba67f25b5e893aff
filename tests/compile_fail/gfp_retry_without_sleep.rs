// SPDX-License-Identifier: GPL-2.0

//! What does not reclaim cannot be told to try hard.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, NonBlocking};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<NonBlocking, Kmalloc>::NOWAIT.retry_mayfail();
    //~ E0599: no method named `retry_mayfail` found for struct `Gfp<NonBlocking, Kmalloc>`
    //= let gfp = Gfp::<NonBlocking, Kmalloc>::NOWAIT.accounted();
    let _ = gfp;
    Ok(())
}
