// SPDX-License-Identifier: GPL-2.0

//! An object of a slab cache that was not written cannot be read.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions};

pub fn case() -> Result<(), Error> {
    let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
    let object = Cache::allocate_uninit(&cache, Gfp::KERNEL)?;
    //= let object = Cache::allocate_zeroed(&cache, Gfp::KERNEL)?;
    let _: u64 = *object;
    //~ E0308: expected `u64`, found `MaybeUninit<u64>`
    Ok(())
}
