// SPDX-License-Identifier: GPL-2.0

//! A slab cache is not for types larger than slabs.

use kernel::error::Error;
use memalloc::{Cache, CacheOptions};

type Value = [u8; 1 << 30];
//= type Value = [u8; 1 << 10];

pub fn case() -> Result<(), Error> {
    let _ = Cache::<Value>::new(c"snippet", CacheOptions::new())?;
    //~ E0080: the type is larger than the objects of a slab cache can be
    Ok(())
}
