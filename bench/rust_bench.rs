// SPDX-License-Identifier: GPL-2.0

//! What an allocation and its free cost in C, through the library, and through the `kernel` crate.
//!
//! To insert the module is to run it; the figures go to the kernel log. `make bench` does that, and
//! compares them.
//!
//! ```text
//! operations.rs                               the table: what is measured
//! c_paths.c, library/, kernel_crate.rs        the same operations, three times
//! path.rs                                     the shape that all of them have
//! harness.rs                                  times them, all alike
//! timing.rs                                   what the laboratory has beside an operation
//! state.c                                     what is free meanwhile
//! ```

mod c_paths;
mod ffi;
mod harness;
mod kernel_crate;
mod library;
mod operations;
mod path;
mod state;
mod timing;

use harness::Clock;
use kernel::prelude::*;

module! {
    type: RustBench,
    name: "rust_bench",
    authors: ["The rust_memalloc authors"],
    description: "Benchmark of the memalloc library",
    license: "GPL",
    params: {
        batch_ns: u32 {
            default: 50_000,
            description: "How long a batch of rounds should take: far less than a timer tick",
        },
        batches: u32 {
            default: 50,
            description: "How many batches the minimum is taken of",
        },
    },
}

/// The loaded module.
struct RustBench;

impl kernel::Module for RustBench {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        let clock = Clock::new(
            module_parameters::batch_ns.value(),
            module_parameters::batches.value(),
        )?;
        operations::each(&mut |operation| clock.measure(&operation))?;
        Ok(Self)
    }
}
