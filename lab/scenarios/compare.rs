// SPDX-License-Identifier: GPL-2.0

//! `compare`: the allocators side by side, at the same sizes.

use super::row;
use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        flags::{
            GfpBase,
            GfpFlags, //
        },
        keys::{
            Key,
            Parameter, //
        },
    },
    measure::Series,
    memory::Request,
    output::cell::{
        Cell,
        Column, //
    },
    quantity::PerMille,
    run::Run,
    scenario::Scenario,
    stop::Stop,
};
use memalloc::{
    gfp,
    machine_memory_bytes,
    Order,
    TakesBytes, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "compare",
    question:
        "Which allocator suits which size: limit, contiguity, waste, cost, use without sleep?",
    parameters: &[
        Parameter::new(Key::Allocator, "all"),
        Parameter::new(Key::From, "64"),
        Parameter::new(Key::To, "4M"),
        Parameter::new(Key::Step, "x16"),
        Parameter::new(Key::Count, "4"),
        Parameter::new(Key::Repeat, "1"),
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Node, "any"),
        Parameter::new(Key::Align, "1"),
        Parameter::new(Key::Zero, "no"),
    ],
    run,
};

const SUMMARY: &[Column] = &[
    Column::left("allocator", "allocator", 9),
    Column::right("limit_bytes", "limit", 12),
    Column::left("contiguity_promised", "contiguous?", 11),
    Column::right("contiguous", "measured", 9),
    Column::right("waste_percent", "waste%", 7),
    Column::right("zeroed", "came zeroed", 11),
    Column::right("without_sleep", "without sleep", 13),
];

/// What all series of one allocator have in common.
#[derive(Default)]
struct Totals {
    allocated: u64,
    contiguous: u64,
    zeroed: u64,
    requested_bytes: u64,
    usable_bytes: u64,
    sizes: u64,
    without_sleep: u64,
}

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    let mut totals: [Totals; Allocator::ALL.len()] = Default::default();
    let series = arguments.sizes_bytes().count() * arguments.allocators.iter().count();
    // Each series is followed by one request without sleep.
    run.expect_steps(
        arguments
            .allocations(series as u64)
            .saturating_add(series as u64),
    );
    run.answer.head(row::COLUMNS)?;
    for size_bytes in arguments.sizes_bytes() {
        for (allocator, totals) in Allocator::ALL.into_iter().zip(&mut totals) {
            if !arguments.allocators.contains(allocator) {
                continue;
            }
            let request = Request::of(arguments, allocator, size_bytes, run.node);
            let series = Series::measure(run, &request, arguments.count, arguments.repeat)?;
            row::write(run, &request, &series)?;
            totals.add(&request, &series);
            totals.try_without_sleep(run, request)?;
        }
    }
    run.answer.head(SUMMARY)?;
    for (allocator, totals) in Allocator::ALL.into_iter().zip(&totals) {
        if arguments.allocators.contains(allocator) {
            totals.write(run, allocator)?;
        }
    }
    Ok(())
}

impl Totals {
    fn add(&mut self, request: &Request, series: &Series) {
        self.sizes += 1;
        self.allocated += series.allocated;
        self.contiguous += series.contiguous;
        self.zeroed += series.zeroed;
        if let Some(room) = series.room {
            self.requested_bytes = self
                .requested_bytes
                .saturating_add(request.size_bytes as u64);
            self.usable_bytes = self
                .usable_bytes
                .saturating_add(room.usable_min_bytes as u64);
        }
    }

    /// Asks once more, with `GFP_NOWAIT`.
    fn try_without_sleep(&mut self, run: &mut Run<'_>, mut request: Request) -> Result<(), Stop> {
        request.flags = GfpFlags::plain(GfpBase::Nowait);
        self.without_sleep += Series::measure(run, &request, 1, 1)?.allocated;
        Ok(())
    }

    fn write(&self, run: &mut Run<'_>, allocator: Allocator) -> Result<(), Stop> {
        let waste_bytes = self.usable_bytes.saturating_sub(self.requested_bytes);
        let cells = [
            Cell::Words(allocator.name()),
            Cell::Bytes(limit_bytes(allocator) as u64),
            Cell::Words(match allocator.promises_contiguity() {
                true => "promised",
                false => "luck",
            }),
            Cell::OutOf(self.contiguous, self.allocated),
            Cell::Percent(PerMille::of(waste_bytes, self.usable_bytes)),
            Cell::OutOf(self.zeroed, self.allocated),
            Cell::OutOf(self.without_sleep, self.sizes),
        ];
        Ok(run.answer.row("summary", SUMMARY, &cells)?)
    }
}

/// The most that the allocator can be asked for on this machine.
fn limit_bytes(allocator: Allocator) -> usize {
    match allocator {
        Allocator::Kmalloc => gfp::Kmalloc::MAX_BYTES,
        Allocator::Vmalloc => gfp::Vmalloc::MAX_BYTES.min(machine_memory_bytes()),
        Allocator::Kvmalloc => gfp::Kvmalloc::MAX_BYTES.min(machine_memory_bytes()),
        Allocator::Pages => Order::MAX.size_bytes(),
    }
}
