// SPDX-License-Identifier: GPL-2.0

//! A pool gives no zeroed memory: what comes from the reserve is not.

use core::num::NonZeroUsize;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Node, Pool};

pub fn case() -> Result<(), Error> {
    let pool = Pool::<u64>::new(NonZeroUsize::MIN, Gfp::KERNEL, Node::ANY)?;
    let _ = Pool::allocate_zeroed(&pool, Gfp::KERNEL);
    //~ E0599: named `allocate_zeroed` found for struct `Pool
    //= let _ = Pool::allocate_waiting(&pool, Gfp::KERNEL);
    Ok(())
}
