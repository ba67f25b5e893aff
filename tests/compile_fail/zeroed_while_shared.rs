// SPDX-License-Identifier: GPL-2.0

//! Whether memory is zeroed is not asked while others may write to it.

use kernel::{error::Error, sync::SetOnce};
use memalloc::{gfp::Gfp, inspect::Inspect, KmallocBox};

pub fn case() -> Result<bool, Error> {
    let mut once = KmallocBox::new(SetOnce::<u64>::new(), Gfp::KERNEL)?;
    let other = &once;
    let zeroed = once.is_zeroed(0..8);
    //~ E0502: cannot borrow `once` as mutable because it is also borrowed as immutable
    other.populate(7);
    //= let _ = 7;
    Ok(zeroed)
}
