// SPDX-License-Identifier: GPL-2.0

//! Sensitive memory is not resized, which would leave a copy behind.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Bytes, Count, KmallocBox, SensitiveBox};

pub fn case() -> Result<(), Error> {
    let key = SensitiveBox::bytes(Bytes::new(32)?, Gfp::KERNEL)?;
    //= let key = KmallocBox::bytes(Bytes::new(32)?, Gfp::KERNEL)?;
    let _ = key.resize_uninit(Count::new(64)?, Gfp::KERNEL)?;
    //~ E0599: `SensitiveMemory: Resizable`
    Ok(())
}
