// SPDX-License-Identifier: GPL-2.0

//! Memory of kmalloc does not reach what frees memory of vmalloc.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, VmallocBox};

fn free(number: VmallocBox<u64>) {
    drop(number);
}

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    //= let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    free(number);
    //~ E0308: expected `Owned<u64, VmallocMemory<MaySleep>>`, found `Owned<u64, KmallocMemory>`
    Ok(())
}
