// SPDX-License-Identifier: GPL-2.0

//! The loops around operations.

use super::{
    super::{
        command::words::Pattern,
        stop::Stop, //
    },
    operation::Operation,
    plan::{
        Cursor,
        NoSizes,
        Shape, //
    },
    random::Random,
    recording::{
        Recording,
        Watch, //
    },
    sampler::sample,
    slots::{
        FreeSequence,
        Slots, //
    },
};
use core::fmt;
use memalloc::Reason;

/// How many operations are between two looks at whether to go on.
const OPERATIONS_PER_LOOK: usize = 64;

/// Why a series ends before it is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Halt {
    /// The kernel did not give memory.
    Unmet(Reason),
    /// It takes two CPUs.
    OneCpu,
    /// The run is to end.
    Stop(Stop),
}

impl From<NoSizes> for Halt {
    fn from(error: NoSizes) -> Self {
        match error {
            NoSizes::Refused(refusal) => Self::Unmet(Reason::Refused(refusal)),
            NoSizes::Stop(stop) => Self::Stop(stop),
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmet(Reason::OutOfMemory) => f.write_str("no memory"),
            Self::Unmet(Reason::Refused(refusal)) => write!(f, "refused: {refusal}"),
            Self::OneCpu => f.write_str("refused: needs 2 CPUs online"),
            Self::Stop(stop) => stop.fmt(f),
        }
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// A series under way, in one task.
pub(crate) struct Series<'a, O: Operation> {
    pub(crate) operation: O,
    pub(crate) shape: &'a Shape,
    pub(crate) sizes: Cursor<'a, O::Size>,
    pub(crate) random: Random,
    pub(crate) recording: &'a mut Recording,
    pub(crate) watch: Watch<'a>,
}

impl<O: Operation> Series<'_, O> {
    /// Does what does not count: it fills the allocator's caches.
    pub(crate) fn warm_up(
        &mut self,
        pattern: impl FnOnce(&mut Self, u64) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        if self.shape.warmup > 0 {
            pattern(self, self.shape.warmup)?;
        }
        self.recording.clear();
        self.watch.look()?;
        self.watch.take();
        Ok(())
    }

    /// Does what counts.
    pub(crate) fn count(
        &mut self,
        pattern: impl FnOnce(&mut Self, u64) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        let ended = pattern(self, self.shape.operations);
        let looked = self.watch.look();
        self.recording.disturbances = self.watch.take();
        ended?;
        Ok(looked?)
    }

    /// Allocates and frees, in the pattern of the shape, in this task alone.
    pub(crate) fn alone(&mut self, operations: u64) -> Result<(), Halt> {
        match self.shape.pattern {
            Pattern::Pair => self.pairs(operations),
            Pattern::Steady => self.steady(operations),
            Pattern::Batch | Pattern::All | Pattern::Remote => self.batches(operations),
        }
    }

    /// Allocates one, and frees it.
    #[inline(never)]
    fn pairs(&mut self, operations: u64) -> Result<(), Halt> {
        for number in 0..operations {
            self.look_sometimes(number as usize)?;
            let Some(size) = self.sizes.next() else { break };
            let operation = self.operation;
            let memory = sample(&mut self.recording.allocate, || operation.allocate(size));
            let memory = memory.map_err(Halt::Unmet)?;
            sample(&mut self.recording.free, || drop(memory));
        }
        Ok(())
    }

    /// Allocates many, and frees them.
    fn batches(&mut self, operations: u64) -> Result<(), Halt> {
        let held = self.shape.held_in(operations);
        let mut slots = Slots::new(held)?;
        let mut order = FreeSequence::new(self.shape.free_order, held)?;
        for _ in 0..operations.div_ceil(held) {
            self.fill(&mut slots)?;
            self.empty(&mut slots, &mut order)?;
        }
        Ok(())
    }

    /// Allocates for each slot.
    #[inline(never)]
    pub(super) fn fill(&mut self, slots: &mut Slots<O::Memory>) -> Result<(), Halt> {
        for (number, slot) in slots.iter_mut().enumerate() {
            self.look_sometimes(number)?;
            let Some(size) = self.sizes.next() else { break };
            let operation = self.operation;
            let memory = sample(&mut self.recording.allocate, || operation.allocate(size));
            *slot = Some(memory.map_err(Halt::Unmet)?);
        }
        Ok(())
    }

    /// Frees the memory of each slot.
    #[inline(never)]
    pub(super) fn empty(
        &mut self,
        slots: &mut Slots<O::Memory>,
        order: &mut FreeSequence,
    ) -> Result<(), Halt> {
        for (number, slot) in order.next(&mut self.random).iter().enumerate() {
            self.look_sometimes(number)?;
            if let Some(memory) = slots.take(*slot) {
                sample(&mut self.recording.free, || drop(memory));
            }
        }
        Ok(())
    }

    /// Frees the memory of a random slot and allocates anew, again and again.
    #[inline(never)]
    fn steady(&mut self, operations: u64) -> Result<(), Halt> {
        let mut slots = Slots::new(self.shape.held)?;
        self.fill(&mut slots)?;
        self.recording.clear();
        for number in 0..operations {
            self.look_sometimes(number as usize)?;
            let Some(size) = self.sizes.next() else { break };
            // CAST: A slot's number has less than 32 bits.
            let slot = self.random.below(self.shape.held) as u32;
            if let Some(memory) = slots.take(slot) {
                sample(&mut self.recording.free, || drop(memory));
            }
            let operation = self.operation;
            let memory = sample(&mut self.recording.allocate, || operation.allocate(size));
            slots.put(slot, memory.map_err(Halt::Unmet)?);
        }
        Ok(())
    }

    fn look_sometimes(&mut self, number: usize) -> Result<(), Stop> {
        match number % OPERATIONS_PER_LOOK {
            0 => self.watch.look(),
            _ => Ok(()),
        }
    }
}
