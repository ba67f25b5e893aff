// SPDX-License-Identifier: GPL-2.0

//! What was timed, and what came between.

use super::super::stop::Stop;
use super::histogram::{
    Histogram,
    BUCKETS, //
};
use crate::platform::cpu::Cpu;
use kernel::prelude::*;

/// The counts of a histogram.
pub(crate) struct Counts(KVVec<u64>);

impl Counts {
    fn new() -> Result<Self, Stop> {
        let mut counts = KVVec::new();
        counts.resize(BUCKETS, 0, GFP_KERNEL | __GFP_NOWARN)?;
        Ok(Self(counts))
    }
}

impl AsRef<[u64]> for Counts {
    #[inline(always)]
    fn as_ref(&self) -> &[u64] {
        &self.0
    }
}

impl AsMut<[u64]> for Counts {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

/// A histogram in memory of its own.
pub(crate) fn histogram() -> Result<Histogram<Counts>, Stop> {
    Ok(Histogram::new(Counts::new()?))
}

/// What came between operations, and may be part of their times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Disturbances {
    /// Interrupts of the CPU that the task was on.
    pub(crate) interrupts: u64,
    /// How often the task was on another CPU than before.
    pub(crate) migrations: u64,
}

/// What was timed in one series.
pub(crate) struct Recording {
    pub(crate) allocate: Histogram<Counts>,
    pub(crate) free: Histogram<Counts>,
    pub(crate) disturbances: Disturbances,
    /// Allocations that do not count any more.
    forgotten: u64,
}

impl Recording {
    /// Nothing yet.
    pub(crate) fn new() -> Result<Self, Stop> {
        Ok(Self {
            allocate: histogram()?,
            free: histogram()?,
            disturbances: Disturbances::default(),
            forgotten: 0,
        })
    }

    /// How many allocations were made, with those that do not count.
    pub(crate) fn allocations(&self) -> u64 {
        self.forgotten + self.allocate.total()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.forgotten += self.allocate.total();
        self.allocate.clear();
        self.free.clear();
        self.disturbances = Disturbances::default();
    }

    /// Adds what another has.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.forgotten += other.forgotten;
        self.allocate.merge(&other.allocate);
        self.free.merge(&other.free);
        self.disturbances.interrupts += other.disturbances.interrupts;
        self.disturbances.migrations += other.disturbances.migrations;
    }
}

/// Looks, between operations, whether to go on, and what has come between.
pub(crate) struct Watch<'a> {
    go_on: &'a dyn Fn() -> Result<(), Stop>,
    cpu: Cpu,
    interrupts: u64,
    seen: Disturbances,
}

impl<'a> Watch<'a> {
    /// `go_on` gives way to others, and says whether the run is to end.
    pub(crate) fn new(go_on: &'a dyn Fn() -> Result<(), Stop>) -> Self {
        let cpu = Cpu::current();
        Self {
            go_on,
            cpu,
            interrupts: cpu.interrupts(),
            seen: Disturbances::default(),
        }
    }

    /// Forgets what has come between so far.
    pub(crate) fn restart(&mut self) {
        *self = Self::new(self.go_on);
    }

    /// Asks whether to go on.
    pub(crate) fn go_on(&self) -> Result<(), Stop> {
        (self.go_on)()
    }

    /// Asks whether to go on, and looks what has come between. Every loop calls it.
    pub(crate) fn look(&mut self) -> Result<(), Stop> {
        self.go_on()?;
        let cpu = Cpu::current();
        let interrupts = cpu.interrupts();
        if cpu == self.cpu {
            self.seen.interrupts += interrupts.saturating_sub(self.interrupts);
        } else {
            self.seen.migrations += 1;
        }
        self.cpu = cpu;
        self.interrupts = interrupts;
        Ok(())
    }

    /// What has come between.
    pub(crate) fn seen(&self) -> Disturbances {
        self.seen
    }
}
