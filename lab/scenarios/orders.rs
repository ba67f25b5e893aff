// SPDX-License-Identifier: GPL-2.0

//! `orders`: the blocks of the page allocator, from one page to the largest.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
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
    run::Run,
    scenario::Scenario,
    stop::Stop,
};
use memalloc::Order;

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "orders",
    question: "Which orders does the page allocator give, and what is each?",
    parameters: &[
        Parameter::new(Key::Count, "1"),
        Parameter::new(Key::Repeat, "1"),
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Node, "any"),
        Parameter::new(Key::Zero, "no"),
    ],
    run,
};

const COLUMNS: &[Column] = &[
    Column::right("order", "order", 5),
    Column::right("pages", "pages", 5),
    Column::right("size_bytes", "size", 6),
    Column::right("allocated", "allocated", 9),
    Column::right("alignment_min_bytes", "align", 6),
    Column::right("contiguous", "contiguous", 10),
    Column::right("zeroed", "came zeroed", 11),
    Column::right("allocate_min_ns", "alloc ns", 9),
    Column::right("free_min_ns", "free ns", 8),
    Column::left("outcome", "outcome", 8),
];

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    run.expect_steps(arguments.allocations(u64::from(Order::MAX.get()) + 1));
    run.answer.head(COLUMNS)?;
    for order in (0..=Order::MAX.get()).filter_map(|order| Order::new(order).ok()) {
        let request = Request::of(
            arguments,
            Allocator::Pages,
            order.size_bytes() as u64,
            run.node,
        );
        let series = Series::measure(run, &request, arguments.count, arguments.repeat)?;
        let outcome = series.outcome();
        let known = |cell| match series.allocated {
            0 => Cell::Nothing,
            _ => cell,
        };
        let cells = [
            Cell::Number(u64::from(order.get())),
            Cell::Number(order.pages() as u64),
            Cell::Bytes(order.size_bytes() as u64),
            Cell::OutOf(series.allocated, series.asked),
            series.room.map_or(Cell::Nothing, |room| {
                Cell::Bytes(room.alignment_min_bytes as u64)
            }),
            known(Cell::OutOf(series.contiguous, series.allocated)),
            known(Cell::OutOf(series.zeroed, series.allocated)),
            known(Cell::Number(series.allocate_min_ns)),
            known(Cell::Number(series.free_min_ns)),
            Cell::Shown(&outcome),
        ];
        run.answer.row("order", COLUMNS, &cells)?;
    }
    Ok(())
}
