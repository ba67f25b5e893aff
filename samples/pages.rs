// SPDX-License-Identifier: GPL-2.0

//! Blocks of pages: each has an order, which freeing must know.

mod repeat;

use kernel::{
    page::PAGE_SIZE,
    prelude::*, //
};
use memalloc::{
    gfp::Gfp,
    initialize,
    Order,
    PageBlock, //
};

module! {
    type: Pages,
    name: "sample_pages_rust",
    authors: ["The rust_memalloc authors"],
    description: "Blocks of pages, in Rust",
    license: "GPL",
}

const RING_ORDER: u32 = 3;
const TABLE_ORDER: u32 = 1;

struct Pages {
    ring: PageBlock,
    table: PageBlock,
    status: PageBlock<u8>,
}

impl Pages {
    fn create() -> Result<Self> {
        Ok(Self {
            ring: PageBlock::new(Order::new(RING_ORDER)?, Gfp::KERNEL)?,
            table: PageBlock::get_free_pages(Order::new(TABLE_ORDER)?, Gfp::KERNEL)?,
            status: PageBlock::zeroed(Order::ZERO, Gfp::KERNEL)?,
        })
    }
}

impl kernel::Module for Pages {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        repeat::repeat(c"create", || Self::create().map(drop));
        let mut pages = Self::create()?;
        let ring = initialize::with(&mut pages.ring, |_| 0xff);
        pr_info!(
            "{} pages that end in {}, {}, and one that ends in {}\n",
            ring.len() / PAGE_SIZE,
            ring[ring.len() - 1],
            pages.table.order().pages(),
            pages.status[PAGE_SIZE - 1]
        );
        if pages.ring.physical_address().as_u64() % pages.ring.len() as u64 == 0 {
            pr_info!("the first are contiguous, and aligned to their size\n");
        }
        Ok(pages)
    }
}
