// SPDX-License-Identifier: GPL-2.0

//! A pinned value is not reached to be overwritten.

use core::marker::PhantomPinned;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut pinned = KmallocBox::new(PhantomPinned, Gfp::KERNEL)?.into_pin();
    //= let mut pinned = KmallocBox::new(7, Gfp::KERNEL)?.into_pin();
    let _ = pinned.as_mut().get_mut();
    //~ E0277: `PhantomPinned` cannot be unpinned
    Ok(())
}
