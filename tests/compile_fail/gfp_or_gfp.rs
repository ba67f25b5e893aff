// SPDX-License-Identifier: GPL-2.0

//! Flags that may sleep cannot be mixed with flags that may not.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, MaySleep, NonBlocking};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Kmalloc>::KERNEL | Gfp::<NonBlocking, Kmalloc>::ATOMIC;
    //~ E0369: no implementation for `Gfp<MaySleep, Kmalloc> | Gfp<NonBlocking, Kmalloc>`
    //= let gfp = Gfp::<NonBlocking, Kmalloc>::ATOMIC;
    let _ = gfp;
    Ok(())
}
