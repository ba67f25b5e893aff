// SPDX-License-Identifier: GPL-2.0

//! A length cannot be multiplied past its check.

use kernel::error::Error;
use memalloc::{gfp::Kmalloc, Count};

pub fn case() -> Result<(), Error> {
    let count = Count::<u64, Kmalloc>::new(10)?;
    let _ = count * 1000;
    //~ E0369: cannot multiply `Count<u64, Kmalloc>`
    //= let _ = count.get() * 1000;
    Ok(())
}
