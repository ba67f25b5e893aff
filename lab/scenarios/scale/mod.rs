// SPDX-License-Identifier: GPL-2.0

//! `scale`: the same on one CPU, on two, on all.

mod rows;

use super::timed;
use crate::{
    lab::{
        command::{
            arguments::Arguments,
            keys::{
                Key,
                Parameter, //
            },
            words::Pattern,
        },
        run::Run,
        scenario::Scenario,
        stop::Stop,
        timing::{
            halt::Halt,
            operation::{
                self,
                Operation,
                Visitor, //
            },
            parallel,
            plan::{
                CheckedSizes,
                Shape, //
            },
            random::Random,
            shares::Shares,
        },
    },
    platform::cpu::Cpu,
};
use kernel::prelude::*;
use rows::{
    Found,
    Heading, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "scale",
    question: "What becomes of the cost when several CPUs allocate at once?",
    parameters: &[
        Parameter::new(Key::Preset, "none"),
        Parameter::new(Key::Allocator, "all"),
        Parameter::new(Key::Via, "library"),
        Parameter::new(Key::Cpus, "all"),
        Parameter::new(Key::Size, "64"),
        Parameter::new(Key::Order, "none"),
        Parameter::new(Key::Sizes, "fixed"),
        Parameter::new(Key::From, "8"),
        Parameter::new(Key::To, "8k"),
        Parameter::new(Key::Step, "x2"),
        Parameter::new(Key::Align, "1"),
        Parameter::new(Key::Pattern, "batch"),
        Parameter::new(Key::Count, "100"),
        Parameter::new(Key::FreeOrder, "lifo"),
        Parameter::new(Key::Operations, "10000"),
        Parameter::new(Key::Warmup, "1000"),
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Zero, "no"),
        Parameter::new(Key::Background, "0"),
        Parameter::new(Key::Seed, "1"),
    ],
    run,
};

/// Up to here each number of CPUs has its turn; above, the powers of two, and all.
const EACH_UP_TO: usize = 8;

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    timed::introduce(run, arguments, "what is done per second")?;
    run.answer.line(format_args!(
        "What is done per second has two looks at the clock beside each allocation and each free."
    ))?;
    run.answer.head(rows::COLUMNS)?;
    let mut cpus = KVec::new();
    let most = arguments.workload.cpus.unwrap_or(u32::MAX);
    for cpu in Cpu::online().take(most as usize) {
        cpus.push(cpu, GFP_KERNEL)?;
    }
    let has_turn =
        |number: &usize| *number <= EACH_UP_TO || number.is_power_of_two() || *number == cpus.len();
    // What is remote takes another CPU.
    let fewest = match arguments.workload.pattern {
        Pattern::Remote => cpus.len().min(2),
        _ => 1,
    };
    let turns = || (fewest..=cpus.len()).filter(has_turn);
    let paths = arguments.allocators.iter().count() * arguments.workload.via.iter().count();
    run.expect_steps(timed::count_sizes(arguments) * (turns().count() * paths) as u64);
    timed::for_each_size(arguments, |size_bytes| {
        let shape = Shape::of(arguments, size_bytes);
        for allocator in arguments.allocators.iter() {
            let _background = timed::background(run, arguments, allocator)?;
            for via in arguments.workload.via.iter() {
                for number in turns() {
                    run.checkpoint()?;
                    let heading = Heading {
                        shape: &shape,
                        allocator,
                        via,
                        cpus: cpus.get(..number).unwrap_or_default(),
                    };
                    measure(run, arguments, &heading)?;
                    run.step_done();
                }
            }
        }
        Ok(())
    })
}

/// Measures on one number of CPUs, and writes its rows.
fn measure(run: &mut Run<'_>, arguments: &Arguments, heading: &Heading<'_>) -> Result<(), Stop> {
    let workers = heading.cpus.len() as u64;
    let reservation =
        match timed::reserve(run, arguments, heading.allocator, heading.shape, workers) {
            Ok(reservation) => reservation,
            Err(why) => {
                let outcome = why.as_outcome();
                return heading.write_outcome(run, &outcome);
            }
        };
    let measure = Measure {
        run,
        arguments,
        heading,
    };
    let measured = operation::visit(heading.allocator, heading.via, arguments.gfp, measure);
    let found = match &measured {
        Ok(measured) => Found::of(measured, heading.cpus)?,
        Err(halt) => Found::nothing(*halt),
    };
    run.turned_over(&reservation, found.allocations);
    match found.ended {
        Ok(()) => heading.write_found(run, &found),
        Err(halt) => {
            timed::account_for(halt, &reservation)?;
            heading.write_outcome(run, &halt)
        }
    }
}

/// What was measured.
struct Measured {
    shares: Shares,
    /// What a look at the clock, and a call of nothing, takes.
    timer_ns: u64,
}

/// Measures an operation, whichever it is.
struct Measure<'a, 'lab> {
    run: &'a Run<'lab>,
    arguments: &'a Arguments,
    heading: &'a Heading<'a>,
}

impl Visitor for Measure<'_, '_> {
    type Output = Result<Measured, Halt>;

    // One of many copies: each keeps to a frame of its own.
    #[inline(never)]
    fn visit(self, operation: impl Operation) -> Self::Output {
        let Heading { shape, cpus, .. } = *self.heading;
        if shape.pattern == Pattern::Remote && cpus.len() < 2 {
            return Err(Halt::OneCpu);
        }
        let timer_ns = timed::timer_ns(operation)?;
        let seed = self.arguments.workload.seed;
        let mut random = Random::new(seed);
        let sizes = CheckedSizes::new(operation, self.arguments, shape, &mut random)?;
        let shares = parallel::run(self.run, operation, shape, &sizes, seed, cpus)?;
        Ok(Measured { shares, timer_ns })
    }
}
