// SPDX-License-Identifier: GPL-2.0

//! The functions of the benchmark that are written in C.

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
mod generated {
    include!(concat!(env!("BENCH_GENERATED"), "/bindings_generated.rs"));
}

pub(crate) use generated::*;
