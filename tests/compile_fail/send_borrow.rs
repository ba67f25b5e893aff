// SPDX-License-Identifier: GPL-2.0

//! A borrow of what may not be shared does not go to another thread in an owner.

use core::cell::Cell;
use kernel::error::Error;
use memalloc::{gfp::Gfp, VmallocBox};

fn to_another_thread<T: Send>(_: T) {}

pub fn case() -> Result<(), Error> {
    let number = Cell::new(7_u64);
    //= let number = 7_u64;
    to_another_thread(VmallocBox::new(&number, Gfp::KERNEL)?);
    //~ E0277: `Cell<u64>` cannot be shared between threads safely
    Ok(())
}
