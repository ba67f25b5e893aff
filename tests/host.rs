// SPDX-License-Identifier: GPL-2.0

//! The parts of the module that are pure logic, built for the host so that their tests run in
//! seconds: `rustc --test tests/host.rs`.

#![allow(dead_code)]

#[path = "../lab/command/mod.rs"]
mod command;
#[path = "../lab/quantity.rs"]
mod quantity;
#[path = "../memalloc/inspect/runs.rs"]
mod runs;

/// `misuse/mod.rs` without the parts that need a kernel.
#[path = "../misuse"]
mod misuse {
    pub(crate) mod kind;
}

/// The kernel's reports, as the scenario `misuse` finds them in the log.
#[path = "../lab/scenarios/misuse/headline.rs"]
mod headline;

/// `lab/output/mod.rs` without the parts that need a kernel.
#[path = "../lab/output"]
mod output {
    mod cell;
    mod json;
    mod table;
}

/// `lab/timing/mod.rs` without the parts that need a kernel.
#[path = "../lab/timing"]
mod timing {
    mod fairness;
    mod histogram;
    mod random;
}
