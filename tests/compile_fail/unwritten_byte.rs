// SPDX-License-Identifier: GPL-2.0

//! A byte that was not written cannot be read.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Bytes, KmallocBox};

pub fn case() -> Result<(), Error> {
    let buffer = KmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    //= let buffer = KmallocBox::zeroed_bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    let _: u8 = buffer[0];
    //~ E0308: expected `u8`, found `MaybeUninit<u8>`
    Ok(())
}
