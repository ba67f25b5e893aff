// SPDX-License-Identifier: GPL-2.0

//! The slice of an owner cannot be made longer.

use kernel::error::Error;
use memalloc::{gfp::Gfp, inspect::Inspect, Bytes, KmallocBox};

pub fn case() -> Result<(), Error> {
    let mut buffer = KmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    let usable = buffer.span().usable_size().size_bytes;
    buffer.set_len(usable);
    //~ E0599: no method named `set_len` found for struct `Owned<[MaybeUninit<u8>], KmallocMemory>`
    //= assert!(buffer.len() <= usable);
    Ok(())
}
