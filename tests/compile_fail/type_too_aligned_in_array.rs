// SPDX-License-Identifier: GPL-2.0

//! kvmalloc keeps no alignment beyond a page, in arrays neither.

use kernel::error::Error;
use memalloc::{gfp::Kvmalloc, Count};

#[repr(align(0x100000))]
//= #[repr(align(4096))]
struct Value([u8; 64]);

pub fn case() -> Result<(), Error> {
    let _ = Count::<Value, Kvmalloc>::new(10)?;
    //~ E0080: the type's alignment is larger than this family of functions keeps
    Ok(())
}
