// SPDX-License-Identifier: GPL-2.0

//! Memory of vmalloc does not become a KBox, which would kfree() it.

use kernel::alloc::KBox;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, VmallocBox};

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    //= let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let _: KBox<u64> = number.into();
    //~ E0271: expected `Kmalloc`, found `Vmalloc`
    Ok(())
}
