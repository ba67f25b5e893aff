// SPDX-License-Identifier: GPL-2.0

//! Memory cannot be freed by its address.

use memalloc::ffi::kfree;
//~ E0603: module `ffi` is private
//= use memalloc::failure::Failure;
