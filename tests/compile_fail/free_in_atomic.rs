// SPDX-License-Identifier: GPL-2.0

//! What is freed by sleeping does not reach a place that may not sleep.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, NonBlocking},
    VmallocBox,
};

fn free_under_lock(number: VmallocBox<u64, NonBlocking>) {
    drop(number);
}

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    free_under_lock(number);
    //= free_under_lock(number.into_non_blocking());
    //~ E0308: found struct `Owned<_, VmallocMemory<MaySleep>>`
    Ok(())
}
