// SPDX-License-Identifier: GPL-2.0

//! What `scale` writes about a number of CPUs.

use super::Measured;
use crate::{
    lab::{
        command::{
            allocators::Allocator,
            words::{
                Via,
                Word, //
            },
        },
        output::cell::{
            Cell,
            Column, //
        },
        run::Run,
        stop::Stop,
        timing::{
            fairness,
            patterns::Halt,
            plan::Shape,
            recording::Recording, //
        },
    },
    platform::cpu::Cpu,
};
use core::fmt::Display;
use kernel::prelude::*;

/// The columns.
pub(super) const COLUMNS: &[Column] = &[
    Column::left("allocator", "allocator", 9),
    Column::left("via", "via", 7),
    Column::right("size_bytes", "size", 7),
    Column::right("cpus", "cpus", 4),
    Column::right("cpu", "cpu", 4),
    Column::right("operations", "times", 9),
    Column::right("elapsed_ns", "elapsed ns", 12),
    Column::right("allocate_p50_ns", "alloc p50", 9),
    Column::right("free_p50_ns", "free p50", 9),
    Column::right("operations_per_s", "per second", 11),
    Column::right("fairness_percent", "fair %", 6),
    Column::left("outcome", "outcome", 8),
];

/// What a part of the table is about.
pub(super) struct Heading<'a> {
    pub(super) shape: &'a Shape,
    pub(super) allocator: Allocator,
    pub(super) via: Via,
    pub(super) cpus: &'a [Cpu],
}

/// What one CPU did, or all of them together.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) cpu: Option<u32>,
    pub(super) operations: u64,
    pub(super) elapsed_ns: u64,
    pub(super) allocate_p50_ns: Option<u64>,
    pub(super) free_p50_ns: Option<u64>,
}

impl Figures {
    fn of(recording: &Recording, timer_ns: u64) -> Self {
        let less_timer = |duration_ns: u64| duration_ns.saturating_sub(timer_ns);
        Self {
            cpu: None,
            operations: recording.allocate.total(),
            elapsed_ns: 0,
            allocate_p50_ns: recording.allocate.quantile_ns(500).map(less_timer),
            free_p50_ns: recording.free.quantile_ns(500).map(less_timer),
        }
    }

    fn per_second(&self) -> Option<u64> {
        const NS_PER_S: u64 = 1_000_000_000;
        match self.operations.checked_mul(NS_PER_S) {
            Some(operations) => operations.checked_div(self.elapsed_ns),
            // So many take many seconds.
            None => self.operations.checked_div(self.elapsed_ns / NS_PER_S),
        }
    }
}

/// What was found out about a number of CPUs.
pub(super) struct Found {
    pub(super) each: KVec<Figures>,
    pub(super) all: Figures,
    pub(super) allocations: u64,
    pub(super) ended: Result<(), Halt>,
}

impl Found {
    /// Nothing, for a reason.
    pub(super) fn nothing(halt: Halt) -> Self {
        Self {
            each: KVec::new(),
            all: Figures::default(),
            allocations: 0,
            ended: Err(halt),
        }
    }

    /// What was measured on `cpus`.
    pub(super) fn of(measured: &Measured, cpus: &[Cpu]) -> Result<Self, Stop> {
        let Measured { shares, timer_ns } = measured;
        let mut together = Recording::new()?;
        let mut each = KVec::new();
        let mut elapsed_ns = 0;
        shares.for_each(|index, share| {
            let mut figures = Figures::of(&share.recording, *timer_ns);
            figures.cpu = cpus.get(index).map(|cpu| cpu.number());
            figures.elapsed_ns = share.elapsed_ns;
            elapsed_ns = elapsed_ns.max(share.elapsed_ns);
            together.merge(&share.recording);
            Ok(each.push(figures, GFP_KERNEL)?)
        })?;
        let mut all = Figures::of(&together, *timer_ns);
        all.elapsed_ns = elapsed_ns;
        Ok(Self {
            each,
            all,
            allocations: together.allocations(),
            ended: shares.ended(),
        })
    }
}

impl Heading<'_> {
    /// Writes that there are no figures, and why.
    pub(super) fn write_outcome(
        &self,
        run: &mut Run<'_>,
        outcome: &dyn Display,
    ) -> Result<(), Stop> {
        self.write(run, &Figures::default(), Cell::Nothing, outcome)
    }

    /// Writes what each CPU did, and all together.
    pub(super) fn write_found(&self, run: &mut Run<'_>, found: &Found) -> Result<(), Stop> {
        let mut rates = KVec::new();
        for figures in &found.each {
            rates.push(figures.per_second().unwrap_or(0), GFP_KERNEL)?;
            if found.each.len() > 1 {
                self.write(run, figures, Cell::Nothing, &"ok")?;
            }
        }
        let fairness = Cell::Percent(fairness::jain(&rates));
        self.write(run, &found.all, fairness, &"ok")
    }

    fn write(
        &self,
        run: &mut Run<'_>,
        figures: &Figures,
        fairness: Cell<'_>,
        outcome: &dyn Display,
    ) -> Result<(), Stop> {
        let known = |number: Option<u64>| number.map_or(Cell::Nothing, Cell::Number);
        let cells = [
            Cell::Words(self.allocator.name()),
            Cell::Words(self.via.name()),
            Cell::Bytes(self.shape.size_bytes),
            Cell::Number(self.cpus.len() as u64),
            known(figures.cpu.map(u64::from)),
            Cell::Number(figures.operations),
            Cell::Number(figures.elapsed_ns),
            known(figures.allocate_p50_ns),
            known(figures.free_p50_ns),
            known(figures.per_second()),
            fairness,
            Cell::Shown(outcome),
        ];
        let more = [
            ("pattern", Cell::Words(self.shape.pattern.name())),
            ("count", Cell::Number(self.shape.held)),
        ];
        Ok(run.answer.row_and_more("scale", COLUMNS, &cells, &more)?)
    }
}
