// SPDX-License-Identifier: GPL-2.0

//! vrealloc() sleeps, whatever its flags.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Bytes, Count, VmallocBox};

pub fn case() -> Result<(), Error> {
    let bytes = VmallocBox::bytes(Bytes::new(5000)?, Gfp::KERNEL)?;
    let _ = bytes.resize_uninit(Count::new(9000)?, Gfp::ATOMIC)?;
    //~ E0308: expected `Gfp<MaySleep, Vmalloc>`, found `Gfp<NonBlocking, _>`
    //= let _ = bytes.resize_uninit(Count::new(9000)?, Gfp::KERNEL)?;
    Ok(())
}
