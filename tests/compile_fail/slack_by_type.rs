// SPDX-License-Identifier: GPL-2.0

//! An array has the length that was asked for, not that of the slab object.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut bytes = KmallocBox::new([0_u8; 100], Gfp::KERNEL)?;
    //= let mut bytes = KmallocBox::new([0_u8; 128], Gfp::KERNEL)?;
    let object: &mut [u8; 128] = &mut bytes;
    //~ E0308: expected `&mut [u8; 128]`, found `&mut Owned<[u8; 100]
    object[127] = 7;
    Ok(())
}
