// SPDX-License-Identifier: GPL-2.0

//! `resize`: arrays that grow, and shrink again.

use crate::lab::{
    command::{
        allocators::Allocator,
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
use core::fmt;
use memalloc::{
    gfp::{
        Gfp,
        MaySleep, //
    },
    inspect::Inspect,
    AllocatesIn,
    Count,
    KmallocMemory,
    KvmallocMemory,
    NotResized,
    Owned,
    Resizable,
    VmallocMemory, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "resize",
    question: "What do krealloc, vrealloc and kvrealloc do as an object grows and shrinks?",
    parameters: &[
        Parameter::new(Key::Allocator, "kmalloc,vmalloc,kvmalloc"),
        Parameter::new(Key::From, "64"),
        Parameter::new(Key::To, "8M"),
        Parameter::new(Key::Step, "x4"),
    ],
    run,
};

const COLUMNS: &[Column] = &[
    Column::left("allocator", "allocator", 9),
    Column::right("old_bytes", "from", 7),
    Column::right("size_bytes", "to", 7),
    Column::right("usable_bytes", "usable", 7),
    Column::left("moved", "moved", 5),
    Column::left("contents_kept", "kept", 4),
    Column::left("served_by", "served by", 9),
    Column::left("outcome", "outcome", 7),
];

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    run.answer.head(COLUMNS)?;
    for allocator in arguments.allocators.iter() {
        match allocator {
            Allocator::Kmalloc => ladder::<KmallocMemory>(run, arguments, allocator)?,
            Allocator::Vmalloc => ladder::<VmallocMemory<MaySleep>>(run, arguments, allocator)?,
            Allocator::Kvmalloc => ladder::<KvmallocMemory<MaySleep>>(run, arguments, allocator)?,
            Allocator::Pages => {
                run.answer
                    .line(format_args!("pages: there is no call that resizes a block"))?;
            }
        }
    }
    Ok(())
}

/// Goes through the sizes upwards, and back.
fn ladder<M>(run: &mut Run<'_>, arguments: &Arguments, allocator: Allocator) -> Result<(), Stop>
where
    M: Resizable + AllocatesIn<MaySleep>,
    Owned<[u8], M>: Inspect,
{
    let sizes = || arguments.sizes_bytes();
    let (first, last) = (arguments.from_bytes, sizes().last().unwrap_or(1));
    // Old and new memory are there at the same time.
    let receipt = run.book(allocator, last.saturating_mul(4))?;
    let gfp = Gfp::KERNEL.nowarn();
    let array = Count::new(first as usize)
        .ok()
        .and_then(|count| Owned::<[u8], M>::zeroed_array(count, gfp).ok());
    let Some(mut array) = array else {
        let nothing = Cell::Nothing;
        let cells = [
            Cell::Words(allocator.name()),
            nothing,
            Cell::Bytes(first),
            nothing,
            nothing,
            nothing,
            nothing,
            Cell::Words("no memory to begin with"),
        ];
        return Ok(run.answer.row("resize", COLUMNS, &cells)?);
    };
    let up = sizes().skip(1);
    let down = (0..sizes().count().saturating_sub(1)).rev();
    let down = down.filter_map(|index| sizes().nth(index));
    for size_bytes in up.chain(down) {
        run.checkpoint()?;
        fill(&mut array);
        match resize(run, array, size_bytes as usize, allocator)? {
            Some(resized) => array = resized,
            None => break,
        }
        run.step_done();
    }
    drop(receipt);
    Ok(())
}

/// What byte `index` holds.
fn byte_at(index: usize) -> u8 {
    let [lowest, next, ..] = index.to_le_bytes();
    lowest ^ next.rotate_left(3)
}

fn fill(array: &mut [u8]) {
    for (index, byte) in array.iter_mut().enumerate() {
        *byte = byte_at(index);
    }
}

/// Resizes, and writes a row. Returns nothing if it was not possible.
fn resize<M>(
    run: &mut Run<'_>,
    array: Owned<[u8], M>,
    size_bytes: usize,
    allocator: Allocator,
) -> Result<Option<Owned<[u8], M>>, Stop>
where
    M: Resizable + AllocatesIn<MaySleep>,
    Owned<[u8], M>: Inspect,
{
    let old_bytes = array.len();
    let old_address = array.span().address();
    let resized = match Count::new(size_bytes) {
        Ok(count) => array
            .resize_with(count, 0, Gfp::KERNEL.nowarn())
            .map_err(|NotResized { failure, .. }| Reason::Failure(failure)),
        Err(refusal) => Err(Reason::Refusal(refusal)),
    };
    let row = |run: &mut Run<'_>, cells: [Cell<'_>; 4], outcome: &dyn fmt::Display| {
        let [usable, moved, kept, served_by] = cells;
        let cells = [
            Cell::Words(allocator.name()),
            Cell::Bytes(old_bytes as u64),
            Cell::Bytes(size_bytes as u64),
            usable,
            moved,
            kept,
            served_by,
            Cell::Shown(outcome),
        ];
        run.answer.row("resize", COLUMNS, &cells)
    };
    match resized {
        Ok(array) => {
            let span = array.span();
            let common = array.iter().take(old_bytes).enumerate();
            let is_kept = common.fold(true, |kept, (index, byte)| kept & (*byte == byte_at(index)));
            let cells = [
                Cell::Bytes(span.usable_size().size_bytes as u64),
                Cell::Truth(span.address() != old_address),
                Cell::Truth(is_kept),
                Cell::Words(span.backend().name()),
            ];
            row(run, cells, &"ok")?;
            Ok(Some(array))
        }
        Err(reason) => {
            row(run, [Cell::Nothing; 4], &reason)?;
            Ok(None)
        }
    }
}

/// Why an array was not resized.
enum Reason {
    Failure(memalloc::Failure),
    Refusal(memalloc::Refusal),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failure(failure) => failure.fmt(f),
            Self::Refusal(refusal) => write!(f, "refused: {refusal}"),
        }
    }
}
