// SPDX-License-Identifier: GPL-2.0

//! `overflow`: array sizes that are too large for a number.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        flags::{
            GfpBase,
            GfpFlags, //
        },
    },
    memory::Request,
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    scenario::Scenario,
    stop::Stop,
};
use memalloc::{
    gfp,
    Count,
    Refusal,
    TakesBytes, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "overflow",
    question: "What do array allocations do with counts whose size overflows?",
    parameters: &[],
    run,
};

const COLUMNS: &[Column] = &[
    Column::right("count", "count", 20),
    Column::right("element_bytes", "element", 7),
    Column::left("overflows", "overflows", 9),
    Column::right("unchecked_bytes", "unchecked n * size", 20),
    Column::right("unchecked_usable_bytes", "kmalloc of that", 15),
    Column::left("checked", "checked", 7),
];

/// Counts around where the size of `ELEMENT`-byte elements overflows, and around where kmalloc ends.
fn counts<const ELEMENT: usize>() -> [usize; 6] {
    let overflows = usize::MAX / ELEMENT;
    let kmalloc_ends = gfp::Kmalloc::MAX_BYTES / ELEMENT;
    [
        100,
        kmalloc_ends,
        kmalloc_ends + 1,
        overflows,
        overflows + 1,
        overflows + 2,
    ]
}

fn run(run: &mut Run<'_>, _arguments: &Arguments) -> Result<(), Stop> {
    run.expect_steps(18);
    run.answer.head(COLUMNS)?;
    of_element::<8>(run)?;
    of_element::<24>(run)?;
    of_element::<4096>(run)
}

fn of_element<const ELEMENT: usize>(run: &mut Run<'_>) -> Result<(), Stop> {
    for count in counts::<ELEMENT>() {
        run.checkpoint()?;
        let checked = Count::<[u8; ELEMENT], gfp::Kmalloc>::new(count);
        let unchecked_bytes = count.wrapping_mul(ELEMENT);
        let cells = [
            Cell::Number(count as u64),
            Cell::Number(ELEMENT as u64),
            Cell::Truth(count.checked_mul(ELEMENT).is_none()),
            Cell::Number(unchecked_bytes as u64),
            Cell::from(usable_bytes(run, unchecked_bytes)?),
            Cell::Words(match checked {
                Ok(_) => "allowed",
                Err(Refusal::TooMany { .. }) => "refused",
                Err(_) => "refused for another reason",
            }),
        ];
        run.answer.row("product", COLUMNS, &cells)?;
        run.step_done();
    }
    Ok(())
}

/// What kmalloc really gives for the product of the unchecked multiplication; nothing if it refuses.
fn usable_bytes(run: &mut Run<'_>, size_bytes: usize) -> Result<Option<u64>, Stop> {
    let flags = GfpFlags::plain(GfpBase::Kernel);
    let request = Request::plain(Allocator::Kmalloc, size_bytes, flags);
    let timed = run.allocate_unless_refused(&request)?;
    Ok(timed.map(|timed| timed.live.memory.span().usable_size().size_bytes as u64))
}
