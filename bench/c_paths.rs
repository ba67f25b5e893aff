// SPDX-License-Identifier: GPL-2.0

//! The paths of C.

use crate::{
    ffi,
    operations::{
        Operation,
        Size, //
    },
    path::Path,
};
use kernel::prelude::*;

/// The loop, and nothing in it.
pub(crate) const EMPTY: Path = ffi::bench_c_empty;

/// The path of an operation.
pub(crate) fn find(operation: &Operation) -> Option<Path> {
    let op = operation.op.as_char_ptr();
    match operation.size {
        // SAFETY: `op` is a C string.
        Size::Constant => unsafe { ffi::bench_c_constant(op, operation.size_bytes) },
        // SAFETY: `op` is a C string.
        Size::Variable | Size::Changing => unsafe { ffi::bench_c_variable(op) },
    }
}
