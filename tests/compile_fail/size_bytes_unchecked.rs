// SPDX-License-Identifier: GPL-2.0

//! A size in bytes has to be checked.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Bytes, KmallocBox};

pub fn case() -> Result<(), Error> {
    let _ = KmallocBox::bytes(100, Gfp::KERNEL)?;
    //~ E0308: expected `Bytes<Kmalloc>`, found integer
    //= let _ = KmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    Ok(())
}
