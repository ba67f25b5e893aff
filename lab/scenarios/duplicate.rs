// SPDX-License-Identifier: GPL-2.0

//! `duplicate`: copies of strings and of memory.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments, //
    },
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    scenario::Scenario,
    stop::Stop,
};
use core::ffi::CStr;
use memalloc::{
    gfp::{
        self,
        Gfp,
        MaySleep, //
    },
    inspect::Inspect,
    AllocatesIn,
    Count,
    Failure,
    KmallocBox,
    KvmallocBox,
    Memory,
    Owned,
    TakesBytes, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "duplicate",
    question: "Do copies of strings and memory hold what they should, and no more?",
    parameters: &[],
    run,
};

const COLUMNS: &[Column] = &[
    Column::left("function", "function", 11),
    Column::right("source_bytes", "source", 8),
    Column::right("copy_bytes", "copy", 8),
    Column::left("equal", "equal", 5),
    Column::left("terminated", "terminated", 10),
    Column::right("usable_bytes", "usable", 8),
    Column::left("outcome", "outcome", 7),
];

/// More than kmalloc can copy.
const TOO_LONG_BYTES: usize = gfp::Kmalloc::MAX_BYTES + 1;

/// A string to copy, and where it may be cut.
const TEXT: &CStr = c"The quick brown fox jumps over the lazy dog, and back again to where it was.";

fn run(run: &mut Run<'_>, _arguments: &Arguments) -> Result<(), Stop> {
    // All sources and copies of one moment.
    let receipt = run.book(Allocator::Kvmalloc, 4 * TOO_LONG_BYTES as u64)?;
    run.answer.head(COLUMNS)?;
    strings(run)?;
    memory(run)?;
    drop(receipt);
    Ok(())
}

fn strings(run: &mut Run<'_>) -> Result<(), Stop> {
    let gfp = Gfp::KERNEL.nowarn();
    let text = TEXT.to_bytes();
    for source in [c"", c"a", c"seven b", c"eight by", TEXT] {
        run.checkpoint()?;
        let copy = KmallocBox::<CStr>::string(source, gfp);
        string_row(run, "kstrdup", source.to_bytes(), source.to_bytes(), copy)?;
    }
    for max_bytes in [0, 3, text.len(), text.len() + 1, usize::MAX] {
        run.checkpoint()?;
        let expected = text.get(..max_bytes).unwrap_or(text);
        let copy = KmallocBox::<CStr>::string_start(TEXT, max_bytes, gfp);
        string_row(run, "kstrndup", text, expected, copy)?;
    }
    for source in [&b""[..], b"not terminated", b"NUL\0inside"] {
        run.checkpoint()?;
        let end = source.iter().position(|byte| *byte == 0);
        let expected = source.get(..end.unwrap_or(source.len())).unwrap_or(source);
        let copy = KmallocBox::<CStr>::string_of_bytes(source, gfp);
        string_row(run, "kmemdup_nul", source, expected, copy)?;
    }
    Ok(())
}

fn memory(run: &mut Run<'_>) -> Result<(), Stop> {
    let source = Count::new(TOO_LONG_BYTES)
        .ok()
        .and_then(|count| KvmallocBox::<[u8]>::zeroed_array(count, Gfp::KERNEL.nowarn()).ok())
        .ok_or(Stop::AnswerFailed)?;
    for size_bytes in [0, 1, 100, 8192, 8193, 1 << 20, TOO_LONG_BYTES] {
        run.checkpoint()?;
        let source = source.get(..size_bytes).unwrap_or_default();
        let copy = KmallocBox::<[u8]>::copy_of(source, Gfp::KERNEL.nowarn());
        memory_row(run, "kmemdup", source, copy)?;
        let copy = KvmallocBox::<[u8]>::copy_of(source, Gfp::KERNEL.nowarn());
        memory_row(run, "kvmemdup", source, copy)?;
    }
    Ok(())
}

#[inline(never)]
fn string_row<M>(
    run: &mut Run<'_>,
    function: &str,
    source: &[u8],
    expected: &[u8],
    copy: Result<Owned<CStr, M>, Failure>,
) -> Result<(), Stop>
where
    M: Memory + AllocatesIn<MaySleep>,
    Owned<CStr, M>: Inspect,
{
    let cells = match &copy {
        Ok(copy) => [
            Cell::Number(copy.to_bytes_with_nul().len() as u64),
            Cell::Truth(copy.to_bytes() == expected),
            Cell::Truth(copy.to_bytes_with_nul().last() == Some(&0)),
            Cell::Number(copy.span().usable_size().size_bytes as u64),
            Cell::Words("ok"),
        ],
        Err(failure) => refused(failure),
    };
    write(run, function, source.len(), cells)
}

#[inline(never)]
fn memory_row<M>(
    run: &mut Run<'_>,
    function: &str,
    source: &[u8],
    copy: Result<Owned<[u8], M>, Failure>,
) -> Result<(), Stop>
where
    M: Memory + AllocatesIn<MaySleep>,
    Owned<[u8], M>: Inspect,
{
    let cells = match &copy {
        Ok(copy) => [
            Cell::Number(copy.len() as u64),
            Cell::Truth(**copy == *source),
            Cell::Nothing,
            Cell::Number(copy.span().usable_size().size_bytes as u64),
            Cell::Words("ok"),
        ],
        Err(failure) => refused(failure),
    };
    write(run, function, source.len(), cells)
}

fn refused(failure: &Failure) -> [Cell<'_>; 5] {
    let nothing = Cell::Nothing;
    [nothing, nothing, nothing, nothing, Cell::Shown(failure)]
}

fn write(
    run: &mut Run<'_>,
    function: &str,
    source_bytes: usize,
    cells: [Cell<'_>; 5],
) -> Result<(), Stop> {
    let [copy_bytes, equal, terminated, usable_bytes, outcome] = cells;
    let cells = [
        Cell::Words(function),
        Cell::Number(source_bytes as u64),
        copy_bytes,
        equal,
        terminated,
        usable_bytes,
        outcome,
    ];
    run.answer.row("copy", COLUMNS, &cells)?;
    run.step_done();
    Ok(())
}
