// SPDX-License-Identifier: GPL-2.0

//! A run of no pages cannot be asked for.

use core::num::NonZeroUsize;
use kernel::error::Error;
use memalloc::{gfp::Gfp, PageRun};

pub fn case() -> Result<(), Error> {
    let _ = PageRun::exact(0, Gfp::KERNEL)?;
    //~ E0308: expected `NonZero<usize>`, found integer
    //= let _ = PageRun::exact(NonZeroUsize::MIN, Gfp::KERNEL)?;
    Ok(())
}
