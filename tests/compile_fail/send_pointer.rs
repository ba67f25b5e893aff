// SPDX-License-Identifier: GPL-2.0

//! What may not go to another thread does not in an owner.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

fn to_another_thread<T: Send>(_: T) {}

pub fn case() -> Result<(), Error> {
    let value = core::ptr::null_mut::<u8>();
    //= let value = 0_usize;
    to_another_thread(KmallocBox::new(value, Gfp::KERNEL)?);
    //~ E0277: `*mut u8` cannot be sent between threads safely
    Ok(())
}
