// SPDX-License-Identifier: GPL-2.0

//! The usable size of an allocation is a report, and gives no access.

use kernel::error::Error;
use memalloc::{gfp::Gfp, inspect::Inspect, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut bytes = KmallocBox::new([0_u8; 100], Gfp::KERNEL)?;
    let mut span = bytes.span();
    //= let span = &mut bytes;
    span[100 - 1] = 7;
    //~ E0608: cannot index into a value of type `Span<'_>`
    Ok(())
}
