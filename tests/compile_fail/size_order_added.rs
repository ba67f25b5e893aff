// SPDX-License-Identifier: GPL-2.0

//! An order does not grow past its check.

use kernel::error::Error;
use memalloc::Order;

pub fn case() -> Result<(), Error> {
    let order = Order::MAX + 1;
    //~ E0369: cannot add
    //= let order = Order::MAX.get() + 1;
    let _ = order;
    Ok(())
}
