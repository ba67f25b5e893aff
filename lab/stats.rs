// SPDX-License-Identifier: GPL-2.0

//! The books, as a table.
//!
//! `outstanding` counts what is held too; when no run is under way, the two are equal.

use super::{
    command::allocators::Allocator,
    output::{
        cell::{
            Cell,
            Column, //
        },
        table,
    },
    Lab,
};
use core::fmt;

const COLUMNS: &[Column] = &[
    Column::left("allocator", "allocator", 9),
    Column::right("allocations", "allocations", 11),
    Column::right("frees", "frees", 11),
    Column::right("outstanding", "outstanding", 11),
    Column::right("charged_bytes", "charged_bytes", 13),
    Column::right("peak_bytes", "peak_bytes", 13),
    Column::right("failures", "failures", 8),
    Column::right("held", "held", 6),
];

impl Lab {
    /// Writes what was allocated and freed since the module was loaded.
    pub(crate) fn write_stats(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        writeln!(to, "max_live_bytes {}", self.ledger.max_live_bytes())?;
        table::write_head(to, COLUMNS)?;
        for allocator in Allocator::ALL {
            let figures = self.ledger.figures(allocator);
            let cells = [
                Cell::Words(allocator.name()),
                Cell::Number(figures.allocations),
                Cell::Number(figures.frees),
                Cell::Number(figures.live_objects()),
                Cell::Number(figures.live_bytes),
                Cell::Number(figures.peak_bytes),
                Cell::Number(figures.failures),
                Cell::Number(figures.held_objects),
            ];
            table::write_row(to, COLUMNS, &cells)?;
        }
        Ok(())
    }
}
