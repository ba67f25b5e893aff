// SPDX-License-Identifier: GPL-2.0

//! `limits`: the most that each allocator gives, and what comes one page beyond.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        keys::{
            Key,
            Parameter, //
        },
    },
    memory::Request,
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    scenario::Scenario,
    stop::{
        Stop,
        Unmet,
        Why, //
    },
};
use kernel::page::PAGE_SIZE;

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "limits",
    question: "What is the most that each allocator gives, and what comes one page beyond?",
    parameters: &[
        Parameter::new(Key::Allocator, "all"),
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Node, "any"),
    ],
    run,
};

const STEPS: &[Column] = &[
    Column::left("allocator", "allocator", 9),
    Column::right("size_bytes", "size", 10),
    Column::right("allocate_ns", "alloc ns", 12),
    Column::left("outcome", "outcome", 7),
];

const COLUMNS: &[Column] = &[
    Column::left("allocator", "allocator", 9),
    Column::right("largest_bytes", "largest", 12),
    Column::right("refused_bytes", "refused", 12),
    Column::left("limited_by", "limited by", 9),
    Column::left("reason", "reason", 6),
];

/// What was found for one allocator.
struct Limit {
    allocator: Allocator,
    largest_pages: u64,
    refused_pages: u64,
    unmet: Unmet,
}

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    let mut limits: [Option<Limit>; Allocator::ALL.len()] = [const { None }; Allocator::ALL.len()];
    run.answer.head(STEPS)?;
    for (allocator, limit) in arguments.allocators.iter().zip(&mut limits) {
        *limit = Some(find(run, arguments, allocator)?);
    }
    run.answer.head(COLUMNS)?;
    for limit in limits.iter().flatten() {
        limit.write(run)?;
    }
    Ok(())
}

/// Doubles until a request is not met, and then halves the distance until it is a page.
fn find(run: &mut Run<'_>, arguments: &Arguments, allocator: Allocator) -> Result<Limit, Stop> {
    let mut largest_pages = 0;
    let mut pages = 1;
    let mut unmet = loop {
        match attempt(run, arguments, allocator, pages)? {
            None => largest_pages = pages,
            Some(unmet) => break unmet,
        }
        pages = pages.saturating_mul(2);
    };
    let mut refused_pages = pages;
    while refused_pages - largest_pages > 1 {
        let middle = largest_pages + (refused_pages - largest_pages) / 2;
        match attempt(run, arguments, allocator, middle)? {
            None => largest_pages = middle,
            Some(why) => {
                refused_pages = middle;
                unmet = why;
            }
        }
    }
    Ok(Limit {
        allocator,
        largest_pages,
        refused_pages,
        unmet,
    })
}

/// Asks once, and frees at once. Nothing is written to the memory.
///
/// The request is made so that it fails before anybody has to die for it.
fn attempt(
    run: &mut Run<'_>,
    arguments: &Arguments,
    allocator: Allocator,
    pages: u64,
) -> Result<Option<Unmet>, Stop> {
    run.checkpoint()?;
    let size_bytes = pages.saturating_mul(PAGE_SIZE as u64);
    let mut request = Request::of(arguments, allocator, size_bytes, run.node);
    request.flags.try_hard_but_fail();
    let (elapsed_ns, unmet) = match run.try_allocate(&request)? {
        Ok(timed) => (Some(timed.elapsed_ns), None),
        Err(unmet) => (None, Some(unmet)),
    };
    let cells = [
        Cell::Words(allocator.name()),
        Cell::Bytes(size_bytes),
        Cell::from(elapsed_ns),
        unmet
            .as_ref()
            .map_or(Cell::Words("ok"), |unmet| Cell::Words(limited_by(unmet))),
    ];
    run.answer.row("attempt", STEPS, &cells)?;
    run.step_done();
    Ok(unmet)
}

fn limited_by(unmet: &Unmet) -> &'static str {
    match unmet.why {
        Why::Refused(_) => "allocator",
        Why::OutOfMemory => "memory",
        Why::OverLimit(over) if over.is_budget() => "budget",
        Why::OverLimit(_) => "available",
    }
}

impl Limit {
    fn write(&self, run: &mut Run<'_>) -> Result<(), Stop> {
        let cells = [
            Cell::Words(self.allocator.name()),
            Cell::Bytes(self.largest_pages * PAGE_SIZE as u64),
            Cell::Bytes(self.refused_pages.saturating_mul(PAGE_SIZE as u64)),
            Cell::Words(limited_by(&self.unmet)),
            Cell::Shown(&self.unmet.why),
        ];
        Ok(run.answer.row("limit", COLUMNS, &cells)?)
    }
}
