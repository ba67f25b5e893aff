// SPDX-License-Identifier: GPL-2.0

//! A size is not made past its check.

use core::marker::PhantomData;
use kernel::error::Error;
use memalloc::{gfp::Kmalloc, Bytes};

#[rustfmt::skip]
pub fn case() -> Result<(), Error> {
    let size = Bytes::<Kmalloc> { size_bytes: 0, align_bytes: 3, padded_bytes: 3, _for: PhantomData };
    //~ E0451: of struct `Bytes`
    //= let size = Bytes::<Kmalloc>::aligned(0, 3)?;
    let _ = size;
    Ok(())
}
