// SPDX-License-Identifier: GPL-2.0

//! The foreign functions of `c_calls.c`, by bindgen.

// The lists are for generated code only.
#[allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    improper_ctypes,
    missing_docs,
    non_camel_case_types,
    non_upper_case_globals,
    unreachable_pub,
    unused_imports
)]
mod generated {
    include!(concat!(env!("C_CALLS_GENERATED"), "/bindings_generated.rs"));
}

pub(super) use generated::*;
