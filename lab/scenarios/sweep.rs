// SPDX-License-Identifier: GPL-2.0

//! `sweep`: many sizes, any set of allocators.

use super::row;
use crate::lab::{
    command::{
        arguments::Arguments,
        keys::{
            Key,
            Parameter, //
        },
    },
    measure::Series,
    memory::Request,
    run::Run,
    scenario::Scenario,
    stop::Stop,
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "sweep",
    question: "How do usable size, waste, alignment and contiguity change with the size?",
    parameters: &[
        Parameter {
            key: Key::Allocator,
            default: "all",
        },
        Parameter {
            key: Key::From,
            default: "1",
        },
        Parameter {
            key: Key::To,
            default: "8M",
        },
        Parameter {
            key: Key::Step,
            default: "x2",
        },
        Parameter {
            key: Key::Count,
            default: "1",
        },
        Parameter {
            key: Key::Repeat,
            default: "1",
        },
        Parameter {
            key: Key::Gfp,
            default: "kernel",
        },
        Parameter {
            key: Key::Node,
            default: "any",
        },
        Parameter {
            key: Key::Align,
            default: "1",
        },
        Parameter {
            key: Key::Zero,
            default: "no",
        },
    ],
    run,
};

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    run.answer.head(row::COLUMNS)?;
    let series = arguments.sizes_bytes().count() * arguments.allocators.iter().count();
    run.expect_steps(arguments.allocations(series as u64));
    for allocator in arguments.allocators.iter() {
        for size_bytes in arguments.sizes_bytes() {
            let request = Request::of(arguments, allocator, size_bytes, run.node);
            let series = Series::measure(run, &request, arguments.count, arguments.repeat)?;
            row::write(run, &request, &series)?;
        }
    }
    Ok(())
}
