// SPDX-License-Identifier: GPL-2.0

//! An object does not outlive its slab cache.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions};

pub fn case() -> Result<(), Error> {
    let object;
    {
        let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
        object = Cache::allocate(&cache, 7, Gfp::KERNEL)?;
        //~ E0597: `cache` does not live long enough
        //= object = cache.name();
    }
    drop(object);
    Ok(())
}
