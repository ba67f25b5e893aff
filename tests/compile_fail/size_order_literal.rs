// SPDX-License-Identifier: GPL-2.0

//! An order is not made past its check.

use kernel::error::Error;
use memalloc::Order;

pub fn case() -> Result<(), Error> {
    let order = Order { order: 64 };
    //~ E0451: field `order` of struct `Order` is private
    //= let order = Order::new(64)?;
    let _ = order;
    Ok(())
}
