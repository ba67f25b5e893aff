// SPDX-License-Identifier: GPL-2.0

//! A value is not borrowed twice to be written.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let one: &mut u64 = &mut number;
    let other: &mut u64 = &mut number;
    //~ E0499: cannot borrow `number` as mutable more than once at a time
    //= let other: &mut u64 = &mut 8;
    core::mem::swap(one, other);
    Ok(())
}
