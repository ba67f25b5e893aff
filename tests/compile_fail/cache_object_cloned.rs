// SPDX-License-Identifier: GPL-2.0

//! An object of a slab cache cannot be cloned.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions};

pub fn case() -> Result<(), Error> {
    let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
    let object = Cache::allocate(&cache, 7, Gfp::KERNEL)?;
    let copy = Clone::clone(&object);
    //~ E0277: the trait bound `Object<u64, &Cache<u64>>: Clone` is not satisfied
    //= let copy = Cache::allocate(&cache, *object, Gfp::KERNEL)?;
    drop((object, copy));
    Ok(())
}
