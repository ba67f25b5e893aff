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
    memory::Request,
    output::cell::{
        Cell,
        Column, //
    },
    pattern,
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
    Node,
    NotResized,
    Owned,
    Resizable,
    TakesBytes,
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

/// Goes through the sizes upwards, as far as they are to be had, and back.
fn ladder<M>(run: &mut Run<'_>, arguments: &Arguments, allocator: Allocator) -> Result<(), Stop>
where
    M: Resizable + AllocatesIn<MaySleep>,
    Owned<[u8], M>: Inspect,
{
    let sizes = || arguments.sizes_bytes();
    let (first_bytes, last_bytes) = (arguments.from_bytes, sizes().last().unwrap_or(1));
    // Old and new memory are there at the same time, unless there is none of that size at all.
    let most_bytes = last_bytes.min(M::Family::MAX_BYTES as u64);
    let most = Request::of(arguments, allocator, most_bytes, Node::ANY);
    let _receipt = run.book(allocator, most.charge_bytes().saturating_mul(2))?;
    let mut array = match begin::<M>(first_bytes as usize) {
        Ok(array) => array,
        Err(reason) => {
            let row = Row {
                allocator,
                old_bytes: None,
                size_bytes: first_bytes,
            };
            return row.write(run, &[Cell::Nothing; 4], &reason);
        }
    };
    for size_bytes in sizes().skip(1) {
        array = resize(run, array, size_bytes as usize, allocator)?;
        if array.len() as u64 != size_bytes {
            break;
        }
    }
    let top_bytes = array.len() as u64;
    let down = (0..sizes().count()).rev();
    let down = down.filter_map(|index| sizes().nth(index));
    for size_bytes in down.skip_while(|size_bytes| *size_bytes >= top_bytes) {
        array = resize(run, array, size_bytes as usize, allocator)?;
    }
    Ok(())
}

/// The array before it is resized.
fn begin<M>(size_bytes: usize) -> Result<Owned<[u8], M>, Reason>
where
    M: Resizable + AllocatesIn<MaySleep>,
{
    let count = Count::new(size_bytes)?;
    Ok(Owned::zeroed_array(count, Gfp::KERNEL.nowarn())?)
}

/// Resizes, and writes a row. If it was not possible, the array is as it was.
fn resize<M>(
    run: &mut Run<'_>,
    mut array: Owned<[u8], M>,
    size_bytes: usize,
    allocator: Allocator,
) -> Result<Owned<[u8], M>, Stop>
where
    M: Resizable + AllocatesIn<MaySleep>,
    Owned<[u8], M>: Inspect,
{
    run.checkpoint()?;
    pattern::overwrite(run, &mut array)?;
    let old_bytes = array.len();
    let old_address = array.span().address();
    let row = Row {
        allocator,
        old_bytes: Some(old_bytes as u64),
        size_bytes: size_bytes as u64,
    };
    let (array, outcome) = match Count::new(size_bytes) {
        Ok(count) => match array.resize(count, 0, Gfp::KERNEL.nowarn()) {
            Ok(array) => (array, Ok(())),
            Err(NotResized { array, failure }) => (array, Err(Reason::Failure(failure))),
        },
        Err(refusal) => (array, Err(Reason::Refusal(refusal))),
    };
    match outcome {
        Ok(()) => {
            let common = array.get(..old_bytes).unwrap_or(&array);
            let is_kept = match pattern::verify(run, common) {
                Ok(()) => true,
                Err(Stop::Corrupt { .. }) => false,
                Err(stop) => return Err(stop),
            };
            let span = array.span();
            let cells = [
                Cell::Bytes(span.usable_size().size_bytes as u64),
                Cell::Truth(span.address() != old_address),
                Cell::Truth(is_kept),
                Cell::Words(span.backend().name()),
            ];
            row.write(run, &cells, &"ok")?;
        }
        Err(reason) => row.write(run, &[Cell::Nothing; 4], &reason)?,
    }
    run.step_done();
    Ok(array)
}

/// What a row is about.
struct Row {
    allocator: Allocator,
    /// Nothing if there was no array yet.
    old_bytes: Option<u64>,
    size_bytes: u64,
}

impl Row {
    fn write(
        &self,
        run: &mut Run<'_>,
        cells: &[Cell<'_>; 4],
        outcome: &dyn fmt::Display,
    ) -> Result<(), Stop> {
        let [usable, moved, kept, served_by] = *cells;
        let cells = [
            Cell::Words(self.allocator.name()),
            self.old_bytes.map_or(Cell::Nothing, Cell::Bytes),
            Cell::Bytes(self.size_bytes),
            usable,
            moved,
            kept,
            served_by,
            Cell::Shown(outcome),
        ];
        Ok(run.answer.row("resize", COLUMNS, &cells)?)
    }
}

/// Why there is no array of a size.
enum Reason {
    Failure(memalloc::Failure),
    Refusal(memalloc::Refusal),
}

impl From<memalloc::Failure> for Reason {
    fn from(failure: memalloc::Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<memalloc::Refusal> for Reason {
    fn from(refusal: memalloc::Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failure(failure) => failure.fmt(f),
            Self::Refusal(refusal) => write!(f, "refused: {refusal}"),
        }
    }
}
