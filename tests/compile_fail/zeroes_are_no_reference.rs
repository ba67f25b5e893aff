// SPDX-License-Identifier: GPL-2.0

//! Zeroed memory is not taken for a reference.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let _: KmallocBox<&u64> = KmallocBox::zeroed(Gfp::KERNEL)?;
    //~ E0277: the trait bound `&u64: Zeroable` is not satisfied
    //= let _: KmallocBox<Option<&u64>> = KmallocBox::zeroed(Gfp::KERNEL)?;
    Ok(())
}
