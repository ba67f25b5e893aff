// SPDX-License-Identifier: GPL-2.0

//! `latency`: how long each allocation and each free takes.

mod rows;

use crate::{
    lab::{
        command::{
            allocators::Allocator,
            arguments::Arguments,
            keys::{
                Key,
                Parameter, //
            },
            words::{
                Pattern,
                Via, //
            },
        },
        run::Run,
        scenario::Scenario,
        scenarios::timed,
        stop::Stop,
        timing::{
            halt::Halt,
            operation::{
                self,
                Operation,
                Visitor, //
            },
            parallel,
            patterns::Series,
            plan::{
                CheckedSizes,
                Shape, //
            },
            random::Random,
            recording::{
                Recording,
                Watch, //
            },
        },
    },
    platform::cpu::Cpu,
};
use kernel::prelude::*;

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "latency",
    question: "How long does each allocation and each free take, and how do times spread?",
    parameters: &[
        Parameter::new(Key::Preset, "none"),
        Parameter::new(Key::Allocator, "all"),
        Parameter::new(Key::Via, "library"),
        Parameter::new(Key::Size, "64"),
        Parameter::new(Key::Order, "none"),
        Parameter::new(Key::Sizes, "fixed"),
        Parameter::new(Key::From, "8"),
        Parameter::new(Key::To, "8k"),
        Parameter::new(Key::Step, "x2"),
        Parameter::new(Key::Align, "1"),
        Parameter::new(Key::Pattern, "pair"),
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

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    timed::introduce(run, arguments, "mean_ns, in results")?;
    run.answer.head(rows::COLUMNS)?;
    let paths = arguments.allocators.iter().count() * arguments.workload.via.iter().count();
    run.expect_steps(timed::count_sizes(arguments) * paths as u64);
    timed::for_each_size(arguments, |size_bytes| of_size(run, arguments, size_bytes))
}

fn of_size(run: &mut Run<'_>, arguments: &Arguments, size_bytes: u64) -> Result<(), Stop> {
    let shape = Shape::of(arguments, size_bytes);
    for allocator in arguments.allocators.iter() {
        let _background = timed::background(run, arguments, allocator)?;
        for via in arguments.workload.via.iter() {
            run.checkpoint()?;
            series(run, arguments, &shape, allocator, via)?;
            run.step_done();
        }
    }
    Ok(())
}

/// Measures one series, and writes its rows.
fn series(
    run: &mut Run<'_>,
    arguments: &Arguments,
    shape: &Shape,
    allocator: Allocator,
    via: Via,
) -> Result<(), Stop> {
    let heading = rows::Heading {
        arguments,
        shape,
        allocator,
        via,
    };
    let workers = match shape.pattern {
        Pattern::Remote => 2,
        _ => 1,
    };
    let reservation = match timed::reserve(run, arguments, allocator, shape, workers) {
        Ok(reservation) => reservation,
        Err(why) => return rows::write_unmet(run, &heading, &why),
    };
    let times = operation::visit(
        allocator,
        via,
        arguments.gfp,
        Measure {
            run,
            arguments,
            shape,
        },
    )?;
    run.turned_over(&reservation, times.recording.allocations());
    let ended = times
        .ended
        .or_else(|halt| timed::account_for(halt, &reservation));
    // What was measured until the run had to end counts, too.
    if ended.is_ok() || times.recording.allocate.total() > 0 {
        rows::write(run, &heading, &times)?;
    }
    ended
}

/// What was measured.
struct Times {
    recording: Recording,
    /// What a look at the clock, and a call of nothing, takes.
    timer_ns: u64,
    ended: Result<(), Halt>,
}

/// Measures an operation, whichever it is.
struct Measure<'a, 'lab> {
    run: &'a Run<'lab>,
    arguments: &'a Arguments,
    shape: &'a Shape,
}

impl Visitor for Measure<'_, '_> {
    type Output = Result<Times, Stop>;

    // One of many copies: each keeps to a frame of its own.
    #[inline(never)]
    fn visit(self, operation: impl Operation) -> Result<Times, Stop> {
        let mut recording = Recording::new()?;
        let timer_ns = timed::timer_ns(operation)?;
        let ended = self.record(operation, &mut recording);
        Ok(Times {
            recording,
            timer_ns,
            ended,
        })
    }
}

impl Measure<'_, '_> {
    fn record<O: Operation>(&self, operation: O, recording: &mut Recording) -> Result<(), Halt> {
        let Self {
            run,
            arguments,
            shape,
        } = *self;
        let seed = arguments.workload.seed;
        let mut random = Random::new(seed);
        let sizes = CheckedSizes::new(operation, arguments, shape, &mut random)?;
        if shape.pattern == Pattern::Remote {
            return remote(run, operation, shape, &sizes, seed, recording);
        }
        let go_on = || run.checkpoint();
        let watch = Watch::new(&go_on);
        let cursor = sizes.cursor();
        let mut series = Series::new(operation, shape, cursor, random, recording, watch)?;
        series.warm_up(Series::alone)?;
        series.count(Series::alone)
    }
}

/// Two CPUs allocate, and free what the other allocated.
fn remote<O: Operation>(
    run: &Run<'_>,
    operation: O,
    shape: &Shape,
    sizes: &CheckedSizes<O>,
    seed: u64,
    recording: &mut Recording,
) -> Result<(), Halt> {
    let mut cpus = KVec::new();
    for cpu in Cpu::online().take(2) {
        cpus.push(cpu, GFP_KERNEL).map_err(Stop::from)?;
    }
    if cpus.len() < 2 {
        return Err(Halt::OneCpu);
    }
    let shares = parallel::run(run, operation, shape, sizes, seed, &cpus)?;
    for share in shares.iter() {
        recording.merge(&share.recording);
    }
    shares.ended()
}
