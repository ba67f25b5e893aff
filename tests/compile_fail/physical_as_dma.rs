// SPDX-License-Identifier: GPL-2.0

//! A physical address is no DMA address.

use kernel::dma::DmaAddress;
use kernel::error::Error;
use memalloc::{gfp::Gfp, Order, PageBlock};

pub fn case() -> Result<(), Error> {
    let address = PageBlock::new(Order::ZERO, Gfp::KERNEL)?.physical_address();
    let _: DmaAddress = address;
    //~ E0308: found `PhysicalAddress`
    //= let _: memalloc::PhysicalAddress = address;
    Ok(())
}
