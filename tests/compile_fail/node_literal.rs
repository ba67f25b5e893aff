// SPDX-License-Identifier: GPL-2.0

//! A node is not made past its check.

use kernel::error::Error;
use memalloc::Node;

pub fn case() -> Result<(), Error> {
    let node = Node { id: 99 };
    //~ E0451: field `id` of struct `Node` is private
    //= let node = Node::online(99);
    let _ = node;
    Ok(())
}
