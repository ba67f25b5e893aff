// SPDX-License-Identifier: GPL-2.0

//! Page frames are not looked up once the memory is freed.

use kernel::error::Error;
use memalloc::{gfp::Gfp, inspect::Inspect, VmallocBox};

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    let frames = number.span().page_frames();
    drop(number);
    //~ E0505: cannot move out of `number` because it is borrowed
    //= let _ = &number;
    let _ = frames.count();
    Ok(())
}
