// SPDX-License-Identifier: GPL-2.0

//! The length of an array has to be checked.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Count, KmallocBox};

pub fn case() -> Result<(), Error> {
    let _ = KmallocBox::<[u64]>::zeroed_array(10, Gfp::KERNEL)?;
    //~ E0308: expected `Count<u64, Kmalloc>`, found integer
    //= let _ = KmallocBox::<[u64]>::zeroed_array(Count::new(10)?, Gfp::KERNEL)?;
    Ok(())
}
