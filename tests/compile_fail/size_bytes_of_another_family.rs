// SPDX-License-Identifier: GPL-2.0

//! A size that vmalloc can give may be too much for kmalloc.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, Vmalloc},
    Bytes, KmallocBox,
};

pub fn case() -> Result<(), Error> {
    let size = Bytes::<Vmalloc>::new(100)?;
    //= let size = Bytes::new(100)?;
    let _ = KmallocBox::bytes(size, Gfp::KERNEL)?;
    //~ E0308: expected `Bytes<Kmalloc>`, found `Bytes<Vmalloc>`
    Ok(())
}
