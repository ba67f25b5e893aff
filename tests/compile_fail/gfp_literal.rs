// SPDX-License-Identifier: GPL-2.0

//! Flags are not made field by field.

use core::marker::PhantomData;
use kernel::error::Error;
use memalloc::gfp::{Gfp, Kmalloc, MaySleep};

#[rustfmt::skip]
pub fn case() -> Result<(), Error> {
    let gfp: Gfp<MaySleep, Kmalloc> = Gfp { bits: 0xcc0, _for: PhantomData };
    //~ E0451: of struct `Gfp`
    //= let gfp: Gfp<MaySleep, Kmalloc> = Gfp::KERNEL;
    let _ = gfp;
    Ok(())
}
