// SPDX-License-Identifier: GPL-2.0

//! A slab cache is for types with a size.

use kernel::error::Error;
use memalloc::{Cache, CacheOptions};

type Value = ();
//= type Value = u8;

pub fn case() -> Result<(), Error> {
    let _ = Cache::<Value>::new(c"snippet", CacheOptions::new())?;
    //~ E0080: a slab cache is for types with a size
    Ok(())
}
