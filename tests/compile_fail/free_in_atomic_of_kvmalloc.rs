// SPDX-License-Identifier: GPL-2.0

//! What kvfree() may sleep for does not reach a place that may not sleep.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, NonBlocking},
    KvmallocBox,
};

fn free_under_lock(number: KvmallocBox<u64, NonBlocking>) {
    drop(number);
}

pub fn case() -> Result<(), Error> {
    let number = KvmallocBox::new(7_u64, Gfp::KERNEL)?;
    free_under_lock(number);
    //= free_under_lock(number.into_non_blocking());
    //~ E0308: found struct `Owned<_, KvmallocMemory<MaySleep>>`
    Ok(())
}
