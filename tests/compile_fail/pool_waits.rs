// SPDX-License-Identifier: GPL-2.0

//! An allocation that waits is not done with flags that do not sleep.

use core::num::NonZeroUsize;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Node, Pool};

pub fn case() -> Result<(), Error> {
    let pool = Pool::<u64>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
    let _ = Pool::allocate_waiting(&pool, Gfp::NOWAIT).write(7);
    //~ E0308: expected `Gfp<MaySleep, Mempool>`, found `Gfp<NonBlocking, _>`
    //= let _ = Pool::allocate_waiting(&pool, Gfp::NOIO).write(7);
    Ok(())
}
