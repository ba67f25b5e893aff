// SPDX-License-Identifier: GPL-2.0

//! A slab cache is not destroyed while it has objects.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions};

pub fn case() -> Result<(), Error> {
    let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
    let object = Cache::allocate(&cache, 7, Gfp::KERNEL)?;
    drop(cache);
    //~ E0505: cannot move out of `cache` because it is borrowed
    //= let _ = &cache;
    drop(object);
    Ok(())
}
