// SPDX-License-Identifier: GPL-2.0

//! kvmalloc keeps no alignment beyond a page.

use core::mem::MaybeUninit;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KvmallocBox};

#[repr(align(0x100000))]
//= #[repr(align(4096))]
struct Value([u8; 64]);

pub fn case() -> Result<(), Error> {
    let memory: KvmallocBox<MaybeUninit<Value>> = KvmallocBox::new_uninit(Gfp::KERNEL)?;
    //~ E0080: the type's alignment is larger than this family of functions keeps
    drop(memory);
    Ok(())
}
