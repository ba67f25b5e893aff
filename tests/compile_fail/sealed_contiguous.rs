// SPDX-License-Identifier: GPL-2.0

//! Memory is not declared contiguous outside of the library.

use memalloc::{gfp::MaySleep, VmallocMemory};

use memalloc::PhysicallyContiguous;
//= unsafe trait PhysicallyContiguous {}

unsafe impl PhysicallyContiguous for VmallocMemory<MaySleep> {}
//~ E0117: only traits defined in the current crate can be implemented
