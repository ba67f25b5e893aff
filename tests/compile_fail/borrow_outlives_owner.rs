// SPDX-License-Identifier: GPL-2.0

//! A reference does not outlive the owner.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Count, KmallocBox};

pub fn case() -> Result<(), Error> {
    let bytes: &[u8];
    {
        let owner = KmallocBox::<[u8]>::zeroed_array(Count::new(10)?, Gfp::KERNEL)?;
        bytes = &owner;
        //~ E0597: `owner` does not live long enough
        //= bytes = &[7; 10];
    }
    let _ = bytes[0];
    Ok(())
}
