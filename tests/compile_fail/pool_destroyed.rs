// SPDX-License-Identifier: GPL-2.0

//! A pool is not destroyed while it has objects.

use core::num::NonZeroUsize;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Node, Pool};

pub fn case() -> Result<(), Error> {
    let pool = Pool::<u64>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
    let object = Pool::allocate_waiting(&pool, Gfp::NOIO).write(7);
    drop(pool);
    //~ E0505: cannot move out of `pool` because it is borrowed
    //= let _ = &pool;
    drop(object);
    Ok(())
}
