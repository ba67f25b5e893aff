// SPDX-License-Identifier: GPL-2.0

//! kmalloc cannot give memory for this type.

use core::mem::MaybeUninit;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox};

type Value = [u8; 1 << 30];
//= type Value = [u8; 1 << 20];

pub fn case() -> Result<(), Error> {
    let memory: KmallocBox<MaybeUninit<Value>> = KmallocBox::new_uninit(Gfp::KERNEL)?;
    //~ E0080: the type is larger than this family of functions can allocate
    drop(memory);
    Ok(())
}
