// SPDX-License-Identifier: GPL-2.0

//! Flags that were made for kmalloc are not taken by a slab cache.

use kernel::error::Error;
use memalloc::{
    gfp::{Gfp, Kmalloc, MaySleep},
    Cache, CacheOptions,
};

pub fn case() -> Result<(), Error> {
    let cache = Cache::<u64>::new(c"snippet", CacheOptions::new())?;
    let gfp: Gfp<MaySleep, Kmalloc> = Gfp::KERNEL;
    //= let gfp = Gfp::KERNEL;
    let _ = Cache::allocate(&cache, 7, gfp)?;
    //~ E0308: found `Gfp<MaySleep, Kmalloc>`
    Ok(())
}
