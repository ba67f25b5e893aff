// SPDX-License-Identifier: GPL-2.0

//! vmalloc memory that is freed without sleeping has no call that resizes it so.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Bytes, Count, VmallocBox};

pub fn case() -> Result<(), Error> {
    let bytes = VmallocBox::bytes(Bytes::new(5000)?, Gfp::NOWAIT)?;
    //= let bytes = VmallocBox::bytes(Bytes::new(5000)?, Gfp::KERNEL)?;
    let _ = bytes.resize_uninit(Count::new(9000)?, Gfp::KERNEL)?;
    //~ E0599: `VmallocMemory<NonBlocking>: Resizable`
    Ok(())
}
