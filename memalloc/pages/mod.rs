// SPDX-License-Identifier: GPL-2.0

//! The page allocator.
//!
//! - A [`PageBlock`] is 2^order pages, given back whole.
//! - A [`PageRun`] is any number of pages, each counted by itself, divisible between any two.
//! - A [`SinglePage`] is one page, as small as a pointer, for arrays of pages.
//!
//! A block becomes a run by [`PageBlock::split`]. There is no call that makes two smaller blocks of
//! a block.
//!
//! C header: `include/linux/gfp.h`

mod allocate;
mod block;
#[cfg(CONFIG_CONTIG_ALLOC)]
mod contiguous;
mod exact;
mod run;
mod single;

pub use block::PageBlock;
pub use run::PageRun;
pub use single::SinglePage;
