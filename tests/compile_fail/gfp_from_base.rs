// SPDX-License-Identifier: GPL-2.0

//! Flags are not made by the library's own constructor.

use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, MaySleep};

pub fn case() -> Result<(), Error> {
    let gfp = Gfp::<MaySleep, Kmalloc>::from_base(0);
    //~ E0624: associated function `from_base` is private
    //= let gfp = Gfp::<MaySleep, Kmalloc>::KERNEL;
    let _ = gfp;
    Ok(())
}
