// SPDX-License-Identifier: GPL-2.0

//! A page that became a block has no other owner.

use kernel::error::Error;
use memalloc::{gfp::Gfp, SinglePage};

pub fn case() -> Result<(), Error> {
    let page = SinglePage::new(Gfp::KERNEL)?;
    let block = page.into_block();
    //= let block = SinglePage::new(Gfp::KERNEL)?.into_block();
    drop((block, page));
    //~ E0382: use of moved value: `page`
    Ok(())
}
