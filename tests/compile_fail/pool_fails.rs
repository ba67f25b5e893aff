// SPDX-License-Identifier: GPL-2.0

//! An allocation that does not sleep can fail, and says so.

use core::num::NonZeroUsize;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Node, Pool};

pub fn case() -> Result<(), Error> {
    let pool = Pool::<u64>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
    let _ = Pool::try_allocate(&pool, Gfp::NOWAIT).write(7);
    //~ E0599: no method named `write` found for enum `Result
    //= let _ = Pool::try_allocate(&pool, Gfp::NOWAIT)?.write(7);
    Ok(())
}
