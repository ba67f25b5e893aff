// SPDX-License-Identifier: GPL-2.0

//! Flags of the kernel crate, which can be negated, are not taken.

use kernel::alloc::flags::GFP_KERNEL;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let _ = KmallocBox::new(7_u64, GFP_KERNEL)?;
    //~ E0308: expected `Gfp<_, Kmalloc>`, found `Flags`
    //= let _ = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    Ok(())
}
