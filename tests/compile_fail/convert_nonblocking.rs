// SPDX-License-Identifier: GPL-2.0

//! What is freed without sleeping does not become a VBox, which sleeps.

use kernel::alloc::VBox;
use kernel::error::Error;
use memalloc::{gfp::Gfp, VmallocBox};

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::NOWAIT)?;
    //= let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    let _: VBox<u64> = number.into();
    //~ E0277: `VmallocMemory<NonBlocking>: SharedWithKernel` is not satisfied
    Ok(())
}
