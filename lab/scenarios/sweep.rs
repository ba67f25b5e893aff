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
        Parameter::new(Key::Allocator, "all"),
        Parameter::new(Key::From, "1"),
        Parameter::new(Key::To, "8M"),
        Parameter::new(Key::Step, "x2"),
        Parameter::new(Key::Count, "1"),
        Parameter::new(Key::Repeat, "1"),
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Node, "any"),
        Parameter::new(Key::Align, "1"),
        Parameter::new(Key::Zero, "no"),
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
