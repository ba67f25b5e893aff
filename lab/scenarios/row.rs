// SPDX-License-Identifier: GPL-2.0

//! The row for a series of equal allocations, which several scenarios have in common.

use crate::lab::{
    measure::Series,
    memory::Request,
    output::cell::{
        Cell,
        Column, //
    },
    quantity::PerMille,
    run::Run,
    stop::Stop,
};

/// The columns of a series.
pub(super) const COLUMNS: &[Column] = &[
    Column::right("size_bytes", "size", 7),
    Column::left("allocator", "allocator", 9),
    Column::left("served_by", "served by", 9),
    Column::right("usable_min_bytes", "usable", 7),
    Column::right("waste_percent", "waste%", 7),
    Column::right("alignment_min_bytes", "align", 6),
    Column::right("runs_max", "runs", 5),
    Column::right("longest_run_min_pages", "longest", 7),
    Column::right("contiguous", "contiguous", 10),
    Column::right("node", "node", 5),
    Column::right("allocate_min_ns", "alloc ns", 9),
    Column::right("free_min_ns", "free ns", 8),
    Column::left("outcome", "outcome", 8),
];

/// Writes the row of a series.
#[inline(never)]
pub(super) fn write(run: &mut Run<'_>, request: &Request, series: &Series) -> Result<(), Stop> {
    let size_bytes = request.size_bytes as u64;
    let outcome = series.outcome();
    // Without an allocation there is nothing to say but why.
    let known = |cell| match series.allocated {
        0 => Cell::Nothing,
        _ => cell,
    };
    let [usable, waste, alignment] = match series.room {
        Some(room) => {
            let usable_bytes = room.usable_min_bytes as u64;
            let waste_bytes = usable_bytes.saturating_sub(size_bytes);
            [
                Cell::Bytes(usable_bytes),
                Cell::Percent(PerMille::of(waste_bytes, usable_bytes)),
                Cell::Bytes(room.alignment_min_bytes as u64),
            ]
        }
        None => [Cell::Nothing; 3],
    };
    let cells = [
        Cell::Bytes(size_bytes),
        Cell::Words(request.allocator.name()),
        known(Cell::Words(
            series
                .single_backend()
                .map_or("several", |backend| backend.name()),
        )),
        usable,
        waste,
        alignment,
        known(Cell::Number(series.runs_max)),
        known(Cell::Number(series.longest_run_min_pages)),
        known(Cell::OutOf(series.contiguous, series.allocated)),
        known(match series.is_on_one_node {
            true => Cell::Number(u64::from(series.first_node)),
            false => Cell::Words("mixed"),
        }),
        known(Cell::Number(series.allocate_min_ns)),
        known(Cell::Number(series.free_min_ns)),
        Cell::Shown(&outcome),
    ];
    Ok(run.answer.row("series", COLUMNS, &cells)?)
}
