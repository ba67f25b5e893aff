// SPDX-License-Identifier: GPL-2.0

//! Memory of vmalloc does not reach what frees memory of kmalloc.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, VmallocBox};

fn free(number: KmallocBox<u64>) {
    drop(number);
}

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    //= let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    free(number);
    //~ E0308: expected `Owned<u64, KmallocMemory>`, found `Owned<u64, VmallocMemory<MaySleep>>`
    Ok(())
}
