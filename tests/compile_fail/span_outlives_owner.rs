// SPDX-License-Identifier: GPL-2.0

//! What looks at memory does not outlive its owner.

use kernel::error::Error;
use memalloc::{gfp::Gfp, inspect::Inspect, KmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let span = number.span();
    drop(number);
    //~ E0505: cannot move out of `number` because it is borrowed
    //= let _ = &number;
    let _ = span.usable_size();
    Ok(())
}
