// SPDX-License-Identifier: GPL-2.0

//! What may not be shared between threads is not in an owner.

use core::cell::Cell;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

fn share<T: Sync>(_: &T) {}

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(Cell::new(7_u64), Gfp::KERNEL)?;
    //= let number = KmallocBox::new(7, Gfp::KERNEL)?;
    share(&number);
    //~ E0277: `Cell<u64>` cannot be shared between threads safely
    Ok(())
}
