// SPDX-License-Identifier: GPL-2.0

//! An object that may not go to another thread does not in a slab cache's owner.

use core::ptr;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Cache, CacheOptions};

fn to_another_thread<T: Send>(_: T) {}

pub fn case() -> Result<(), Error> {
    let cache = Cache::new(c"snippet", CacheOptions::new())?;
    let value = ptr::null_mut::<u8>();
    //= let value = 0_usize;
    to_another_thread(Cache::allocate(&cache, value, Gfp::KERNEL)?);
    //~ E0277: `*mut u8` cannot be sent between threads safely
    Ok(())
}
