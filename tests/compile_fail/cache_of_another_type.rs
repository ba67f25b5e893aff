// SPDX-License-Identifier: GPL-2.0

//! A slab cache gives objects of its type only.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions};

pub fn case() -> Result<(), Error> {
    let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
    let _ = Cache::allocate(&cache, [7_u8; 100], Gfp::KERNEL)?;
    //~ E0308: expected `u64`, found `[u8; 100]`
    //= let _ = Cache::allocate(&cache, 7, Gfp::KERNEL)?;
    Ok(())
}
