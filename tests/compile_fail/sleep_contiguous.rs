// SPDX-License-Identifier: GPL-2.0

//! alloc_contig_pages() sleeps, whatever its flags.

use core::num::NonZeroUsize;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Node, PageRun};

pub fn case() -> Result<(), Error> {
    let _ = PageRun::contiguous(NonZeroUsize::MIN, Gfp::NOWAIT, Node::ANY)?;
    //~ E0308: expected `Gfp<MaySleep, ContiguousRange>`, found `Gfp<NonBlocking, _>`
    //= let _ = PageRun::contiguous(NonZeroUsize::MIN, Gfp::NOIO, Node::ANY)?;
    Ok(())
}
