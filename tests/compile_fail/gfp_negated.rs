// SPDX-License-Identifier: GPL-2.0

//! Flags cannot be negated.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, NonBlocking};

pub fn case() -> Result<(), Error> {
    let gfp = !Gfp::<NonBlocking, Kmalloc>::ATOMIC;
    //~ E0600: cannot apply unary operator `!` to type `Gfp<NonBlocking, Kmalloc>`
    //= let gfp = Gfp::<NonBlocking, Kmalloc>::ATOMIC;
    let _ = gfp;
    Ok(())
}
