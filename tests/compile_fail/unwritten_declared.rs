// SPDX-License-Identifier: GPL-2.0

//! To say that memory was written is unsafe.

use core::mem::MaybeUninit;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number: KmallocBox<MaybeUninit<u64>> = KmallocBox::new_uninit(Gfp::KERNEL)?;
    let _ = number.assume_init();
    //~ E0133: call to unsafe function
    //= let _ = number.write(7);
    Ok(())
}
