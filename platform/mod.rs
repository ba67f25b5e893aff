// SPDX-License-Identifier: GPL-2.0

//! Safe forms of kernel services that the `kernel` crate lacks. Nothing here is about allocation.

pub(crate) mod context;
pub(crate) mod cpu;
pub(crate) mod debugfs;
pub(crate) mod errno;
mod ffi;
mod file_operations;
pub(crate) mod kernel_file;
pub(crate) mod log;
pub(crate) mod releases;
pub(crate) mod system;
pub(crate) mod task;
pub(crate) mod threads;
