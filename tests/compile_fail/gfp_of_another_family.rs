// SPDX-License-Identifier: GPL-2.0

//! Flags that were made for another family are not taken.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, Kmalloc, MaySleep},
    VmallocBox,
};

pub fn case() -> Result<(), Error> {
    let gfp: Gfp<MaySleep, Kmalloc> = Gfp::KERNEL;
    //= let gfp = Gfp::KERNEL;
    let _ = VmallocBox::new(7_u64, gfp)?;
    //~ E0308: expected `Gfp<_, Vmalloc>`, found `Gfp<MaySleep, Kmalloc>`
    Ok(())
}
