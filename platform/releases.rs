// SPDX-License-Identifier: GPL-2.0

//! What differs between releases of the kernel crate, in the shape of the newest.
//!
//! `memalloc/ffi/Makefile.releases` looks into the kernel's source for what is there.

use core::borrow::Borrow;

#[cfg(memalloc_this_module)]
pub(crate) use kernel::module::{
    this_module,
    ModuleMetadata, //
};

#[cfg(not(memalloc_this_module))]
pub(crate) use kernel::ModuleMetadata;

/// `kernel::module::this_module()`, which came with 7.3: before, `module!` defined a static in the
/// crate root, and nothing else led to it.
#[cfg(not(memalloc_this_module))]
pub(crate) const fn this_module<M: ModuleMetadata>() -> &'static kernel::ThisModule {
    &crate::THIS_MODULE
}

/// The value of a parameter of the module, to which `value()` gives a reference before 7.3.
pub(crate) fn parameter<T: Copy>(value: impl Borrow<T>) -> T {
    *value.borrow()
}
