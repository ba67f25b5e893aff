// SPDX-License-Identifier: GPL-2.0

//! The functions and constants of `deeds.h`, by bindgen.

// The lists are for generated code only.
#[allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    dead_code,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unused_imports
)]
mod generated {
    include!(concat!(env!("MISUSE_GENERATED"), "/bindings_generated.rs"));
}

pub(super) use generated::*;
