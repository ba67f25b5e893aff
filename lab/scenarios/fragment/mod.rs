// SPDX-License-Identifier: GPL-2.0

//! `fragment`: what is still to be had when free memory lies in small pieces.
//!
//! What is freed in the end is whole again only when each CPU has given back the pages that it keeps
//! aside. That takes seconds, or a request that may wait: without waiting, less may be had at first.

mod broken;
mod trial;

use crate::lab::{
    command::{
        arguments::Arguments,
        keys::{
            Key,
            Parameter, //
        },
    },
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    scenario::Scenario,
    stop::Stop,
};
use broken::{
    Broken,
    Ended,
    Target,
    COSTLY_ORDER, //
};
use kernel::prelude::*;
use memalloc::Order;
use trial::{
    Large,
    Tries, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "fragment",
    question: "What is still to be had when free memory lies in small pieces, and after that?",
    parameters: &[
        Parameter::new(Key::Order, "3").meaning("largest block order left free; none means 3"),
        Parameter::new(Key::Share, "100"),
        Parameter::new(Key::Count, "8"),
    ],
    run,
};

const REGION: &[Column] = &[
    Column::left("largest_free_order", "largest order left free", 0),
    Column::left("broken_bytes", "memory broken up", 0),
    Column::left("kept_bytes", "kept of it", 0),
    Column::left("ended", "not more, because", 0),
];

const BLOCKS: &[Column] = &[
    Column::right("order", "order", 5),
    Column::right("size_bytes", "size", 5),
    Column::right("nowait_before", "nowait: before", 14),
    Column::right("nowait_fragmented", "fragmented", 10),
    Column::right("nowait_after", "after", 8),
    Column::right("noretry_before", "noretry: before", 15),
    Column::right("noretry_fragmented", "fragmented", 10),
    Column::right("noretry_after", "after", 8),
];

const LARGE: &[Column] = &[
    Column::right("size_bytes", "size", 5),
    Column::right("kvmalloc_mapped_before", "kvmalloc fell back: before", 26),
    Column::right("kvmalloc_mapped_fragmented", "fragmented", 10),
    Column::right("kvmalloc_mapped_after", "after", 8),
    Column::right("vmalloc_runs_before", "vmalloc, runs: before", 21),
    Column::right("vmalloc_runs_fragmented", "fragmented", 10),
    Column::right("vmalloc_runs_after", "after", 8),
];

/// The orders of the sizes that kvmalloc and vmalloc are asked for.
const LARGE_ORDERS: [u32; 5] = [2, 4, 6, 8, 10];

/// What was to be had at one time; what was not tried is missing.
#[derive(Default)]
struct Phase {
    nowait: KVec<Tries>,
    noretry: KVec<Tries>,
    large: KVec<Large>,
}

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    let orders = u64::from(Order::MAX.get()) + 1;
    run.expect_steps(arguments.count * 3 * 2 * (orders + LARGE_ORDERS.len() as u64));
    let mut phases: [Phase; 3] = Default::default();
    let ended = go_through(run, arguments, &mut phases);
    // What was seen before a signal came is worth telling.
    write_blocks(run, &phases)?;
    write_large(run, &phases)?;
    ended
}

fn go_through(
    run: &mut Run<'_>,
    arguments: &Arguments,
    phases: &mut [Phase; 3],
) -> Result<(), Stop> {
    let [before, fragmented, after] = phases;
    let order = arguments.order.unwrap_or(COSTLY_ORDER);
    let order = Order::new(order).unwrap_or(Order::MAX);
    before.measure(run, arguments.count)?;
    let target = Target::of(run, order, arguments.share_percent);
    let mut broken = Broken::new(order);
    let ended = broken.grow(run, target)?;
    write_region(run, order, &broken, ended)?;
    fragmented.measure(run, arguments.count)?;
    drop(broken);
    after.measure(run, arguments.count)
}

impl Phase {
    fn measure(&mut self, run: &mut Run<'_>, count: u64) -> Result<(), Stop> {
        for order in (0..=Order::MAX.get()).filter_map(|order| Order::new(order).ok()) {
            self.nowait
                .push(Tries::nowait(run, order, count)?, GFP_KERNEL)?;
            self.noretry
                .push(Tries::noretry(run, order, count)?, GFP_KERNEL)?;
        }
        for order in LARGE_ORDERS {
            let Ok(order) = Order::new(order) else {
                continue;
            };
            self.large
                .push(Large::ask(run, order.size_bytes(), count)?, GFP_KERNEL)?;
        }
        Ok(())
    }
}

fn write_region(
    run: &mut Run<'_>,
    order: Order,
    broken: &Broken,
    ended: Ended,
) -> Result<(), Stop> {
    let cells = [
        Cell::Number(order.get().into()),
        Cell::Bytes(broken.size_bytes()),
        Cell::Bytes(broken.kept_bytes()),
        Cell::Words(ended.words()),
    ];
    run.answer.line(format_args!(""))?;
    Ok(run.answer.list("region", REGION, &cells)?)
}

#[inline(never)]
fn write_blocks(run: &mut Run<'_>, phases: &[Phase; 3]) -> Result<(), Stop> {
    let [before, fragmented, after] = phases;
    run.answer.head(BLOCKS)?;
    for number in 0..before.nowait.len() {
        let cell = |tries: &KVec<Tries>| {
            tries
                .get(number)
                .map_or(Cell::Nothing, |tries| Cell::OutOf(tries.met, tries.asked))
        };
        let Ok(order) = Order::new(number as u32) else {
            continue;
        };
        let cells = [
            Cell::Number(order.get().into()),
            Cell::Bytes(order.size_bytes() as u64),
            cell(&before.nowait),
            cell(&fragmented.nowait),
            cell(&after.nowait),
            cell(&before.noretry),
            cell(&fragmented.noretry),
            cell(&after.noretry),
        ];
        run.answer.row("blocks", BLOCKS, &cells)?;
    }
    Ok(())
}

#[inline(never)]
fn write_large(run: &mut Run<'_>, phases: &[Phase; 3]) -> Result<(), Stop> {
    let [before, fragmented, after] = phases;
    run.answer.head(LARGE)?;
    for (number, first) in before.large.iter().enumerate() {
        let mapped = |phase: &Phase| {
            phase.large.get(number).map_or(Cell::Nothing, |large| {
                Cell::OutOf(large.mapped, large.kvmalloc)
            })
        };
        let runs = |phase: &Phase| {
            phase
                .large
                .get(number)
                .and_then(|large| large.runs_max)
                .map_or(Cell::Nothing, Cell::Number)
        };
        let cells = [
            Cell::Bytes(first.size_bytes as u64),
            mapped(before),
            mapped(fragmented),
            mapped(after),
            runs(before),
            runs(fragmented),
            runs(after),
        ];
        run.answer.row("large", LARGE, &cells)?;
    }
    Ok(())
}
