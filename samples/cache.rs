// SPDX-License-Identifier: GPL-2.0

//! A slab cache: many objects of one kind.

mod repeat;

use kernel::{
    prelude::*,
    sync::Arc, //
};
use memalloc::{
    gfp::Gfp,
    Cache,
    CacheBox,
    CacheOptions, //
};

module! {
    type: Requests,
    name: "sample_cache_rust",
    authors: ["The rust_memalloc authors"],
    description: "A slab cache, in Rust",
    license: "GPL",
}

struct Request {
    sector: u64,
    bytes: u32,
}

impl Request {
    fn create(cache: &Arc<Cache<Self>>, sector: u64) -> Result<CacheBox<Request>> {
        let request = Self { sector, bytes: 512 };
        Ok(Cache::allocate(cache.clone(), request, Gfp::KERNEL)?)
    }
}

/// Each keeps the cache that it came from, which goes with the last of them.
struct Requests {
    first: CacheBox<Request>,
    second: CacheBox<Request>,
}

impl kernel::Module for Requests {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        let cache = Cache::new(c"sample_cache_rust", CacheOptions::new())?;
        let cache = Arc::new(cache, GFP_KERNEL)?;
        repeat::repeat(c"create", || Request::create(&cache, 8).map(drop));
        let requests = Self {
            first: Request::create(&cache, 8)?,
            second: Request::create(&cache, 16)?,
        };
        pr_info!(
            "two requests of {} bytes, for {} bytes from {} and {} on\n",
            size_of::<Request>(),
            requests.first.bytes,
            requests.first.sector,
            requests.second.sector
        );
        Ok(requests)
    }
}
