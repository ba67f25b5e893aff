// SPDX-License-Identifier: GPL-2.0

//! KUnit suites for the library: the invariants of each owner, boundaries from tables, and small
//! numbers exhaustively.
//!
//! Each test with a loop counts its cases and knows how many there have to be, so that none goes
//! missing. What a test is given by the kernel it returns as an error if there is none: a failed assertion
//! of KUnit ends the thread without dropping anything.

mod cache;
mod copies;
mod drops;
mod kmalloc;
mod pages;
mod resize;
mod sizes;
mod vmalloc;

use kernel::prelude::*;

module! {
    type: Suites,
    name: "memalloc_kunit",
    authors: ["The rust_memalloc authors"],
    description: "KUnit suites of memalloc",
    license: "GPL",
}

struct Suites;

impl kernel::Module for Suites {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        Ok(Self)
    }
}
