// SPDX-License-Identifier: GPL-2.0

//! A node has to be known to be online.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Bytes, KmallocBox, Node};

pub fn case() -> Result<(), Error> {
    let _ = KmallocBox::bytes_on(Bytes::new(100)?, Gfp::KERNEL, 99)?;
    //~ E0308: expected `Node`, found integer
    //= let _ = KmallocBox::bytes_on(Bytes::new(100)?, Gfp::KERNEL, Node::ANY)?;
    Ok(())
}
