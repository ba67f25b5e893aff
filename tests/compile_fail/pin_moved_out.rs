// SPDX-License-Identifier: GPL-2.0

//! A pinned value is not moved out of its memory.

use core::{marker::PhantomPinned, pin::Pin};
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let pinned = KmallocBox::new(PhantomPinned, Gfp::KERNEL)?.into_pin();
    //= let pinned = KmallocBox::new(7, Gfp::KERNEL)?.into_pin();
    let _ = Pin::into_inner(pinned).into_inner();
    //~ E0277: `PhantomPinned` cannot be unpinned
    Ok(())
}
