// SPDX-License-Identifier: GPL-2.0

//! An allocation laboratory for the Linux kernel.
//!
//! ```text
//! interface/    debugfs: commands in, text out
//! lab/          scenarios, measurement, ledger, budget
//! platform/     safe forms of kernel services that the kernel crate lacks
//! misuse/       beside it: what breaks the rules on purpose, if allowed to
//! memalloc/     the library of owning types, a crate of its own
//! bench/c_calls what C drivers call instead, for the laboratory to time
//! ```
//!
//! Each layer uses those below it, and none above.

#[path = "bench/c_calls/mod.rs"]
mod c_calls;
#[forbid(unsafe_code)]
#[deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
mod interface;
#[forbid(unsafe_code)]
#[deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
mod lab;
mod misuse;
mod platform;

use interface::{
    parameters::Parameters,
    Interface, //
};
use kernel::prelude::*;
use lab::Lab;
use platform::releases::parameter;

module! {
    type: RustMemalloc,
    name: "rust_memalloc",
    authors: ["The rust_memalloc authors"],
    description: "Allocation laboratory",
    license: "GPL",
    params: {
        max_live_bytes: u64 {
            default: 0,
            description: "Budget for all live allocations, in bytes (0: a quarter of memory)",
        },
        timeout_ms: u64 {
            default: 60_000,
            description: "Longest that one run may take, in milliseconds",
        },
        show_addresses: u8 {
            default: 0,
            description: "Print raw kernel addresses and page frame numbers (0 or 1)",
        },
        allow_misuse: u8 {
            default: 0,
            description: "Let the scenario misuse break the rules of memory allocation (0 or 1)",
        },
    },
}

/// The version of the module.
pub(crate) const VERSION: &str = "0.1.0";

/// The loaded module.
struct RustMemalloc {
    _interface: Interface<LocalModule>,
}

impl kernel::Module for RustMemalloc {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        let parameters = Parameters {
            max_live_bytes: parameter(module_parameters::max_live_bytes.value()),
            timeout_ms: parameter(module_parameters::timeout_ms.value()),
            show_addresses: parameter(module_parameters::show_addresses.value()),
            allow_misuse: parameter(module_parameters::allow_misuse.value()),
        };
        let lab = Lab::new(parameters.settings()?)?;
        Ok(Self {
            _interface: Interface::new(lab),
        })
    }
}
