// SPDX-License-Identifier: GPL-2.0

//! What `scale` writes about a number of CPUs.

use super::Measured;
use crate::{
    lab::{
        command::{
            allocators::Allocator,
            words::{
                Pattern,
                Via,
                Word, //
            },
        },
        output::cell::{
            Cell,
            Column, //
        },
        run::Run,
        scenarios::timed,
        stop::Stop,
        timing::{
            fairness,
            halt::Halt,
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
    Column::right("migrations", "moves", 5),
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
pub(super) struct Figures {
    cpu: Option<u32>,
    operations: u64,
    elapsed_ns: u64,
    allocate_p50_ns: Option<u64>,
    free_p50_ns: Option<u64>,
    /// How often a thread was on another CPU than before, since its own had gone.
    migrations: u64,
}

impl Figures {
    fn of(recording: &Recording, timer_ns: u64, elapsed_ns: u64) -> Self {
        let less_timer = |duration_ns: u64| duration_ns.saturating_sub(timer_ns);
        Self {
            cpu: None,
            operations: recording.allocate.total(),
            elapsed_ns,
            allocate_p50_ns: recording.allocate.quantile_ns(500).map(less_timer),
            free_p50_ns: recording.free.quantile_ns(500).map(less_timer),
            migrations: recording.disturbances.migrations,
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
    each: KVec<Figures>,
    all: Option<Figures>,
    pub(super) allocations: u64,
    pub(super) ended: Result<(), Halt>,
}

impl Found {
    /// Nothing, for a reason.
    pub(super) fn nothing(halt: Halt) -> Self {
        Self {
            each: KVec::new(),
            all: None,
            allocations: 0,
            ended: Err(halt),
        }
    }

    /// What was measured on `cpus`.
    pub(super) fn of(measured: &Measured, cpus: &[Cpu]) -> Result<Self, Stop> {
        let Measured { shares, timer_ns } = measured;
        let mut together = Recording::new()?;
        let mut each = KVec::with_capacity(cpus.len(), GFP_KERNEL)?;
        let mut longest_ns = 0;
        for (cpu, share) in cpus.iter().zip(shares.iter()) {
            let mut figures = Figures::of(&share.recording, *timer_ns, share.elapsed_ns);
            figures.cpu = Some(cpu.number());
            longest_ns = share.elapsed_ns.max(longest_ns);
            together.merge(&share.recording);
            each.push(figures, GFP_KERNEL)?;
        }
        Ok(Self {
            each,
            all: Some(Figures::of(&together, *timer_ns, longest_ns)),
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
        self.write(run, None, Cell::Nothing, outcome)
    }

    /// Writes what each CPU did, and all together.
    pub(super) fn write_found(&self, run: &mut Run<'_>, found: &Found) -> Result<(), Stop> {
        let mut rates = KVec::with_capacity(found.each.len(), GFP_KERNEL)?;
        for figures in &found.each {
            rates.push(figures.per_second().unwrap_or(0), GFP_KERNEL)?;
            if found.each.len() > 1 {
                self.write(run, Some(figures), Cell::Nothing, &"ok")?;
            }
        }
        let fairness = match self.shape.pattern {
            // They wait for one another.
            Pattern::Remote => Cell::Nothing,
            _ => Cell::Percent(fairness::jain(&rates)),
        };
        self.write(run, found.all.as_ref(), fairness, &"ok")
    }

    fn write(
        &self,
        run: &mut Run<'_>,
        figures: Option<&Figures>,
        fairness: Cell<'_>,
        outcome: &dyn Display,
    ) -> Result<(), Stop> {
        let cells = [
            Cell::Words(self.allocator.name()),
            Cell::Words(self.via.name()),
            timed::size_cell(self.shape),
            Cell::Number(self.cpus.len() as u64),
            Cell::from(figures.and_then(|one| one.cpu).map(u64::from)),
            Cell::from(figures.map(|one| one.operations)),
            Cell::from(figures.map(|one| one.elapsed_ns)),
            Cell::from(figures.and_then(|one| one.allocate_p50_ns)),
            Cell::from(figures.and_then(|one| one.free_p50_ns)),
            Cell::from(figures.and_then(Figures::per_second)),
            fairness,
            Cell::from(figures.map(|one| one.migrations)),
            Cell::Shown(outcome),
        ];
        let more = [
            ("pattern", Cell::Words(self.shape.pattern.name())),
            ("count", Cell::Number(self.shape.held)),
        ];
        Ok(run.answer.row_and_more("scale", COLUMNS, &cells, &more)?)
    }
}
