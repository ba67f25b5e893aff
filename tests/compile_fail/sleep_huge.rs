// SPDX-License-Identifier: GPL-2.0

//! vmalloc_huge() sleeps, whatever its flags.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Bytes, VmallocBox};

pub fn case() -> Result<(), Error> {
    let _ = VmallocBox::huge(Bytes::new(4 << 20)?, Gfp::ATOMIC)?;
    //~ E0308: expected `Gfp<MaySleep, Vmalloc>`, found `Gfp<NonBlocking, _>`
    //= let _ = VmallocBox::huge(Bytes::new(4 << 20)?, Gfp::KERNEL)?;
    Ok(())
}
