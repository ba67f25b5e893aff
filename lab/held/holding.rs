// SPDX-License-Identifier: GPL-2.0

//! What is held under one name, and its row in the table.

use super::super::{
    booked::Live,
    command::name::Name,
    measure::Held,
    memory::Request,
    output::{
        cell::{
            Cell,
            Column, //
        },
        table,
    },
    stop::Stop,
};
use crate::platform::task;
use core::fmt;
use kernel::{
    prelude::*,
    time::{
        Instant,
        Monotonic, //
    },
};
use memalloc::inspect::Runs;

pub(super) const COLUMNS: &[Column] = &[
    Column::left("name", "name", 24),
    Column::left("allocator", "allocator", 9),
    Column::left("served_by", "served by", 9),
    Column::right("size_bytes", "size", 9),
    Column::right("count", "count", 6),
    Column::right("usable_bytes", "usable", 9),
    Column::right("runs", "runs", 6),
    Column::right("longest_run_pages", "longest", 7),
    Column::right("node", "node", 4),
    Column::right("age_s", "age s", 7),
];

/// Allocations under one name.
pub(super) struct Holding {
    pub(super) name: Name,
    pub(super) request: Request,
    since: Instant<Monotonic>,
    figures: Figures,
    live: Held,
}

/// What the table shows of the allocations: the sum, or the worst.
#[derive(Clone, Copy, Default)]
struct Figures {
    usable_bytes: u64,
    runs: u64,
    longest_run_pages: u64,
    first_node: u32,
}

impl Figures {
    fn add(&mut self, live: &Live) {
        let span = live.memory.span();
        let mut runs = Runs::new();
        for (index, frame) in span.page_frames().enumerate() {
            if index == 0 && self.runs == 0 {
                self.first_node = frame.node;
            }
            if index % 4096 == 0 {
                task::yield_if_needed();
            }
            runs.push(frame.pfn.as_u64());
        }
        self.usable_bytes += span.usable_size().size_bytes as u64;
        self.longest_run_pages = match self.runs {
            0 => runs.longest_pages(),
            _ => self.longest_run_pages.min(runs.longest_pages()),
        };
        self.runs = self.runs.max(runs.count());
    }
}

impl Holding {
    /// Nothing yet, under a name.
    pub(super) fn new(name: Name, request: Request) -> Self {
        Self {
            name,
            request,
            since: Instant::now(),
            figures: Figures::default(),
            live: Held::new(),
        }
    }

    /// Adds an allocation.
    pub(super) fn add(&mut self, live: Live) -> Result<(), Stop> {
        self.figures.add(&live);
        self.live.push(live)
    }

    /// Writes the row of this holding.
    pub(super) fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let backend = self.live.first().map(|live| live.memory.span().backend());
        let age_s = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(0) / 1000;
        let cells = [
            Cell::Words(self.name.as_str()),
            Cell::Words(self.request.allocator.name()),
            backend.map_or(Cell::Nothing, |backend| Cell::Words(backend.name())),
            Cell::Bytes(self.request.size_bytes as u64),
            Cell::Number(self.live.len() as u64),
            Cell::Bytes(self.figures.usable_bytes),
            Cell::Number(self.figures.runs),
            Cell::Number(self.figures.longest_run_pages),
            Cell::Number(u64::from(self.figures.first_node)),
            Cell::Number(age_s),
        ];
        table::write_row(to, COLUMNS, &cells)
    }
}
