// SPDX-License-Identifier: GPL-2.0

//! Memory of vmalloc has no physical address.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, VmallocBox};

pub fn case() -> Result<(), Error> {
    let number = VmallocBox::new(7_u64, Gfp::KERNEL)?;
    //= let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let _ = number.physical_address();
    //~ E0599: `VmallocMemory<MaySleep>: PhysicallyContiguous`
    Ok(())
}
