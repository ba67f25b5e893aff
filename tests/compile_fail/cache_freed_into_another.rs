// SPDX-License-Identifier: GPL-2.0

//! An object goes back to its own slab cache; there is no way to name one.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions};

pub fn case() -> Result<(), Error> {
    let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
    let object = Cache::allocate(&cache, 7, Gfp::KERNEL)?;
    cache.free(object);
    //~ E0599: no method named `free` found for struct `Cache
    //= drop(object);
    Ok(())
}
