// SPDX-License-Identifier: GPL-2.0

//! What the samples share, and a driver has no use for: an operation that is repeated.
//!
//! C header: `repeat.h`

use core::ptr;
use kernel::{
    ffi::{
        c_int,
        c_void, //
    },
    prelude::*,
    str::CStrExt, //
};

// The lists are for generated code only.
#[allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    missing_docs,
    non_camel_case_types,
    non_upper_case_globals,
    unreachable_pub,
    unused_imports
)]
mod ffi {
    include!(concat!(env!("SAMPLES_GENERATED"), "/bindings_generated.rs"));
}

/// Repeats an operation as often as the module's parameters say. The counterpart in C is
/// `sample_repeat()`.
pub(crate) fn repeat<F: FnMut() -> Result>(name: &CStr, mut operation: F) {
    let context = ptr::from_mut(&mut operation).cast();
    // SAFETY: The name is a string, and `call` may be called with a pointer to an `F`, which nobody
    // else uses meanwhile.
    unsafe { ffi::sample_repeat(name.as_char_ptr(), Some(call::<F>), context) };
}

/// The operation as C calls it.
///
/// # Safety
///
/// `operation` points to a valid `F`, which nobody else uses.
unsafe extern "C" fn call<F: FnMut() -> Result>(operation: *mut c_void) -> c_int {
    // SAFETY: This is the function's contract.
    let operation = unsafe { &mut *operation.cast::<F>() };
    match operation() {
        Ok(()) => 0,
        Err(error) => error.to_errno(),
    }
}
