// SPDX-License-Identifier: GPL-2.0

//! kvmalloc gives at most INT_MAX bytes.

use core::mem::MaybeUninit;
use kernel::error::Error;
use memalloc::{gfp::Gfp, KvmallocBox};

type Value = [u8; 1 << 31];
//= type Value = [u8; 1 << 30];

pub fn case() -> Result<(), Error> {
    let memory: KvmallocBox<MaybeUninit<Value>> = KvmallocBox::new_uninit(Gfp::KERNEL)?;
    //~ E0080: the type is larger than this family of functions can allocate
    drop(memory);
    Ok(())
}
