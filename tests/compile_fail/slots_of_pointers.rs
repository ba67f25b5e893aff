// SPDX-License-Identifier: GPL-2.0

//! An array of pages to fill holds owners, not pointers.

use core::ptr;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Node, SinglePage};

pub fn case() -> Result<(), Error> {
    let mut slots = [ptr::null_mut::<kernel::bindings::page>(); 4];
    //= let mut slots = [const { None }; 4];
    let _ = SinglePage::fill(&mut slots, Gfp::KERNEL, Node::ANY);
    //~ E0308: expected `&mut [Option<SinglePage>]`
    Ok(())
}
