// SPDX-License-Identifier: GPL-2.0

//! A length is not made past its check.

use core::marker::PhantomData;
use kernel::error::Error;
use memalloc::{gfp::Kmalloc, Count};

#[rustfmt::skip]
pub fn case() -> Result<(), Error> {
    let count: Count<u64, Kmalloc> = Count { count: usize::MAX, _of: PhantomData };
    //~ E0451: of struct `Count`
    //= let count: Count<u64, Kmalloc> = Count::new(usize::MAX)?;
    let _ = count;
    Ok(())
}
