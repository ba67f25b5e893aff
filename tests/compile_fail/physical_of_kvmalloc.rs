// SPDX-License-Identifier: GPL-2.0

//! Memory of kvmalloc has no physical address.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, KvmallocBox};

pub fn case() -> Result<(), Error> {
    let number = KvmallocBox::new(7_u64, Gfp::KERNEL)?;
    //= let number = KmallocBox::new(7_u64, Gfp::KERNEL)?;
    let _ = number.physical_address();
    //~ E0599: `KvmallocMemory<MaySleep>: PhysicallyContiguous`
    Ok(())
}
