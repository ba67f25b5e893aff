// SPDX-License-Identifier: GPL-2.0

//! Whether a length is right has to be asked before it is used.

use kernel::error::Error;
use memalloc::{gfp::Gfp, Count, KmallocBox};

pub fn case() -> Result<(), Error> {
    let count = Count::new(10);
    //= let count = Count::new(10)?;
    let _ = KmallocBox::<[u64]>::zeroed_array(count, Gfp::KERNEL)?;
    //~ E0308: found `Result<Count<_, _>, Refusal>`
    Ok(())
}
