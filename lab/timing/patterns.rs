// SPDX-License-Identifier: GPL-2.0

//! The loops around operations.

use super::{
    super::{
        command::words::Pattern,
        stop::Stop, //
    },
    halt::Halt,
    operation::Operation,
    plan::{
        Cursor,
        Shape, //
    },
    random::Random,
    recording::{
        Recording,
        Watch, //
    },
    sampler::{
        sample,
        sample_success, //
    },
    slots::{
        FreeSequence,
        Slots, //
    },
};

/// The most operations between two looks at whether to go on.
const MAX_OPERATIONS_PER_LOOK: u64 = 64;

/// The most bytes that are allocated between two looks, unless it is a single allocation.
const MAX_BYTES_PER_LOOK: u64 = 1 << 20;

/// A series under way, in one task.
pub(crate) struct Series<'a, O: Operation> {
    pub(super) operation: O,
    pub(super) shape: &'a Shape,
    pub(super) sizes: Cursor<'a, O::Size>,
    pub(super) random: Random,
    pub(super) recording: &'a mut Recording,
    pub(super) watch: Watch<'a>,
    pub(super) slots: Slots<O::Memory>,
    pub(super) sequence: FreeSequence,
    operations_per_look: u64,
    operations_until_look: u64,
}

impl<'a, O: Operation> Series<'a, O> {
    /// Makes room for what is held.
    pub(crate) fn new(
        operation: O,
        shape: &'a Shape,
        sizes: Cursor<'a, O::Size>,
        random: Random,
        recording: &'a mut Recording,
        watch: Watch<'a>,
    ) -> Result<Self, Stop> {
        Ok(Self {
            operation,
            shape,
            sizes,
            random,
            recording,
            watch,
            slots: Slots::new(shape.held)?,
            sequence: FreeSequence::new(shape.free_order, shape.held)?,
            operations_per_look: (MAX_BYTES_PER_LOOK / shape.size_bytes.max(1))
                .clamp(1, MAX_OPERATIONS_PER_LOOK),
            operations_until_look: 0,
        })
    }

    /// Does what does not count: allocates what is held all the time, and fills the allocator's caches.
    pub(crate) fn warm_up(
        &mut self,
        pattern: impl FnOnce(&mut Self, u64) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        let filled = match self.shape.pattern {
            Pattern::Steady => self.fill(self.shape.held),
            _ => Ok(()),
        };
        let ended = filled.and_then(|()| pattern(self, self.shape.warmup));
        self.recording.clear();
        ended
    }

    /// Does what counts.
    pub(crate) fn count(
        &mut self,
        pattern: impl FnOnce(&mut Self, u64) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        self.watch.restart();
        let ended = pattern(self, self.shape.operations);
        let looked = self.watch.look();
        self.recording.disturbances = self.watch.seen();
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
        for _ in 0..operations {
            self.look_sometimes()?;
            let Some(size) = self.sizes.next() else { break };
            let operation = self.operation;
            let memory = sample_success(&mut self.recording.allocate, || operation.allocate(size))
                .map_err(Halt::Unmet)?;
            sample(&mut self.recording.free, || drop(memory));
        }
        Ok(())
    }

    /// Allocates many, and frees them; in the last batch as many as are left.
    fn batches(&mut self, operations: u64) -> Result<(), Halt> {
        let mut left = operations;
        while left > 0 {
            let batch = left.min(self.slots.count());
            self.fill(batch)?;
            self.empty()?;
            left -= batch;
        }
        Ok(())
    }

    /// Allocates for the first slots.
    #[inline(never)]
    pub(super) fn fill(&mut self, count: u64) -> Result<(), Halt> {
        for number in 0..count {
            self.look_sometimes()?;
            let Some(size) = self.sizes.next() else { break };
            let operation = self.operation;
            let memory = sample_success(&mut self.recording.allocate, || operation.allocate(size))
                .map_err(Halt::Unmet)?;
            // CAST: There are at most `MAX_HELD` slots.
            self.slots.put(number as u32, memory);
        }
        Ok(())
    }

    /// Frees the memory of all slots.
    #[inline(never)]
    pub(super) fn empty(&mut self) -> Result<(), Halt> {
        self.sequence.renew(&mut self.random, &self.watch)?;
        for number in 0..self.slots.count() {
            self.look_sometimes()?;
            let slot = self.sequence.at(number);
            if let Some(memory) = slot.and_then(|slot| self.slots.take(slot)) {
                sample(&mut self.recording.free, || drop(memory));
            }
        }
        Ok(())
    }

    /// Frees the memory of a random slot and allocates anew, again and again.
    #[inline(never)]
    fn steady(&mut self, operations: u64) -> Result<(), Halt> {
        for _ in 0..operations {
            self.look_sometimes()?;
            let Some(size) = self.sizes.next() else { break };
            // CAST: There are at most `MAX_HELD` slots.
            let slot = self.random.below(self.slots.count()) as u32;
            if let Some(memory) = self.slots.take(slot) {
                sample(&mut self.recording.free, || drop(memory));
            }
            let operation = self.operation;
            let memory = sample_success(&mut self.recording.allocate, || operation.allocate(size))
                .map_err(Halt::Unmet)?;
            self.slots.put(slot, memory);
        }
        Ok(())
    }

    /// Looks whether to go on, if enough was done since the last time.
    fn look_sometimes(&mut self) -> Result<(), Stop> {
        if self.operations_until_look == 0 {
            self.operations_until_look = self.operations_per_look;
            self.watch.look()?;
        }
        self.operations_until_look -= 1;
        Ok(())
    }
}
