// SPDX-License-Identifier: GPL-2.0

//! A run cannot be divided while its bytes are borrowed.

use core::num::NonZeroUsize;
use kernel::error::Error;
use memalloc::{gfp::Gfp, PageRun};

pub fn case() -> Result<(), Error> {
    let mut run = PageRun::exact_zeroed(NonZeroUsize::MIN.saturating_add(1), Gfp::KERNEL)?;
    let last = run.last();
    let tail = run.split_off(1);
    //~ E0502: cannot borrow `run` as mutable because it is also borrowed as immutable
    //= let tail = run.pages();
    drop((last, tail));
    Ok(())
}
