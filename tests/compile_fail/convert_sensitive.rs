// SPDX-License-Identifier: GPL-2.0

//! Sensitive memory does not become a KBox, which would not clear it.

use kernel::alloc::KBox;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, SensitiveBox};

pub fn case() -> Result<(), Error> {
    let number = SensitiveBox::new(7_u64, Gfp::KERNEL)?;
    //= let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let _: KBox<u64> = number.into();
    //~ E0277: `SensitiveMemory: SharedWithKernel` is not satisfied
    Ok(())
}
