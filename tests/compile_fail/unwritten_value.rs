// SPDX-License-Identifier: GPL-2.0

//! A value that was not written cannot be read.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new_uninit(Gfp::KERNEL)?;
    //= let number = KmallocBox::zeroed(Gfp::KERNEL)?;
    let _: u64 = *number;
    //~ E0308: expected `u64`, found `MaybeUninit<_>`
    Ok(())
}
