// SPDX-License-Identifier: GPL-2.0

//! An object of a slab cache does not reach what frees memory of kmalloc.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions, KmallocBox};

fn free(number: KmallocBox<u64>) {
    drop(number);
}

pub fn case() -> Result<(), Error> {
    let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
    let object = Cache::allocate(&cache, 7, Gfp::KERNEL)?;
    //= let object = KmallocBox::new(cache.name().count_bytes() as u64, Gfp::KERNEL)?;
    free(object);
    //~ E0308: found `Object<u64, &Cache<u64>>`
    Ok(())
}
