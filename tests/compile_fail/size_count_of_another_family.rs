// SPDX-License-Identifier: GPL-2.0

//! A length that vmalloc can give may be too much for kmalloc.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, Vmalloc},
    Count, KmallocBox,
};

pub fn case() -> Result<(), Error> {
    let count = Count::<u64, Vmalloc>::new(10)?;
    //= let count = Count::<u64, _>::new(10)?;
    let _ = KmallocBox::<[u64]>::zeroed_array(count, Gfp::KERNEL)?;
    //~ E0308: expected `Count<u64, Kmalloc>`, found `Count<u64, Vmalloc>`
    Ok(())
}
