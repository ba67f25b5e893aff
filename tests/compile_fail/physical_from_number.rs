// SPDX-License-Identifier: GPL-2.0

//! A number does not become a physical address.

use kernel::error::Error;
use memalloc::PhysicalAddress;

pub fn case() -> Result<(), Error> {
    let address = PhysicalAddress(0x1000);
    //~ E0423: cannot initialize a tuple struct which contains private fields
    //= let address = 0x1000;
    let _ = address;
    Ok(())
}
