// SPDX-License-Identifier: GPL-2.0

//! Physical addresses of memory whose contiguity is guaranteed by its type.

use crate::ffi;
use core::ptr::NonNull;
use kernel::io::PhysAddr as phys_addr_t;

/// A physical address. Not a DMA address: between the two may stand an IOMMU or an offset.
///
/// It has no `Debug`, so that it does not reach a log by accident.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Order, PageBlock};
///
/// // Blocks are aligned to their size.
/// let block = PageBlock::new(Order::new(2)?, Gfp::KERNEL)?;
/// let address = block.physical_address();
/// assert_eq!(address.as_u64() % block.order().size_bytes() as u64, 0);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhysicalAddress(phys_addr_t);

impl PhysicalAddress {
    /// # Safety
    ///
    /// `start` lies in the kernel's direct map.
    pub(crate) unsafe fn of_direct_map(start: NonNull<u8>) -> Self {
        // SAFETY: The caller says that the address lies in the direct map.
        Self(unsafe { ffi::memalloc_virt_to_phys(start.as_ptr().cast()) })
    }

    /// The address as a number.
    #[allow(clippy::unnecessary_cast)]
    pub fn as_u64(self) -> u64 {
        // CAST: It has 32 or 64 bits.
        self.0 as u64
    }
}
