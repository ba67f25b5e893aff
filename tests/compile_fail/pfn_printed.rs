// SPDX-License-Identifier: GPL-2.0

//! A page frame number does not get into a log as it is.

use kernel::error::Error;
use memalloc::inspect::Pfn;

pub fn case() -> Result<(), Error> {
    let pfn = Pfn::new(7);
    let _ = format_args!("{:?}", pfn);
    //~ E0277: `Pfn` doesn't implement `Debug`
    //= let _ = format_args!("{:?}", pfn.as_u64());
    Ok(())
}
