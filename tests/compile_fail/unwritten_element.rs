// SPDX-License-Identifier: GPL-2.0

//! Elements that a longer array gains cannot be read.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Count, KmallocBox};

pub fn case() -> Result<(), Error> {
    let numbers = KmallocBox::copy_of(&[1_u64, 2], Gfp::KERNEL)?;
    let _ = numbers.resize_uninit(Count::new(100)?, Gfp::KERNEL)?;
    //~ E0599: no method named `resize_uninit` found for struct `Owned<[u64], KmallocMemory>`
    //= let _ = numbers.resize(Count::new(100)?, 0, Gfp::KERNEL)?;
    Ok(())
}
