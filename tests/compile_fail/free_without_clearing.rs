// SPDX-License-Identifier: GPL-2.0

//! Sensitive memory does not reach what frees without clearing.

use kernel::error::Error;
use memalloc::{gfp::Gfp, KmallocBox, SensitiveBox};

fn free(key: KmallocBox<[u8; 32]>) {
    drop(key);
}

pub fn case() -> Result<(), Error> {
    let key = SensitiveBox::new([7_u8; 32], Gfp::KERNEL)?;
    //= let key = KmallocBox::new([7_u8; 32], Gfp::KERNEL)?;
    free(key);
    //~ E0308: expected `Owned<[u8; 32], KmallocMemory>`, found `Owned<[u8; 32], SensitiveMemory>`
    Ok(())
}
