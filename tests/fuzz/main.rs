// SPDX-License-Identifier: GPL-2.0

//! Fuzzing the parts of the module that are pure logic, with libFuzzer: see scripts/fuzz.
//!
//! Each target takes any bytes, and panics if a property does not hold. The environment variable
//! `TARGET` chooses one.

#![no_main]
#![allow(dead_code)]

#[path = "../../lab/command/mod.rs"]
mod command;
#[path = "../../misuse"]
mod misuse {
    pub(crate) mod kind;
}
#[path = "../../lab/output"]
mod output {
    pub(crate) mod cell;
    pub(crate) mod json;
    pub(crate) mod table;
}
#[path = "../../lab/scenarios/misuse/headline.rs"]
mod headline;
#[path = "../../lab/quantity.rs"]
mod quantity;
#[path = "../../memalloc/inspect/runs.rs"]
mod runs;
#[path = "../../lab/timing"]
mod timing {
    pub(crate) mod histogram;
    mod random;
}

mod targets {
    mod command;
    mod durations;
    mod headline;
    mod input;
    mod json;
    mod runs;
    mod sizes;
    mod strict_json;

    /// All of them.
    pub(crate) const ALL: [(&str, fn(&[u8])); 6] = [
        ("command", command::check),
        ("sizes", sizes::check),
        ("json", json::check),
        ("runs", runs::check),
        ("durations", durations::check),
        ("headline", headline::check),
    ];
}

use std::{slice, sync::OnceLock};

/// The target that `TARGET` names.
fn target() -> fn(&[u8]) {
    static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();
    *TARGET.get_or_init(|| {
        let name = std::env::var("TARGET").unwrap_or_default();
        let found = targets::ALL.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| panic!("TARGET='{name}' is none"), |(_, check)| *check)
    })
}

/// Called by libFuzzer with each input.
///
/// # Safety
///
/// `data` points to `size` bytes.
#[no_mangle]
unsafe extern "C" fn LLVMFuzzerTestOneInput(data: *const u8, size: usize) -> i32 {
    let input = if size == 0 {
        &[]
    } else {
        // SAFETY: This function's contract.
        unsafe { slice::from_raw_parts(data, size) }
    };
    target()(input);
    0
}
