// SPDX-License-Identifier: GPL-2.0

//! A length that was checked for small elements does not serve for large ones.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Count, KmallocBox};

pub fn case() -> Result<(), Error> {
    let count = Count::<u8, _>::new(10)?;
    //= let count = Count::<u64, _>::new(10)?;
    let _ = KmallocBox::<[u64]>::zeroed_array(count, Gfp::KERNEL)?;
    //~ E0308: expected `Count<u64, Kmalloc>`, found `Count<u8, _>`
    Ok(())
}
