// SPDX-License-Identifier: GPL-2.0

//! Where allocations are while they are held.

use super::{
    super::{
        command::words::FreeOrder,
        stop::Stop, //
    },
    random::Random,
    recording::Watch,
};
use crate::platform::task;
use kernel::prelude::*;

/// What a slot takes, at most, with its place in a [`FreeSequence`].
pub(crate) const SLOT_BYTES: u64 = 24 + 4;

/// Room for as many allocations as are held at once. What is left is freed when this is dropped,
/// giving way to other tasks in between.
pub(crate) struct Slots<M>(KVVec<Option<M>>);

impl<M> Slots<M> {
    /// Room for `count`.
    pub(crate) fn new(count: u64) -> Result<Self, Stop> {
        // CAST: There are at most `MAX_HELD` slots.
        let mut slots = KVVec::with_capacity(count as usize, GFP_KERNEL | __GFP_NOWARN)?;
        for _ in 0..count {
            slots.push(None, GFP_KERNEL)?;
        }
        Ok(Self(slots))
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// Takes what is in a slot.
    #[inline(always)]
    pub(super) fn take(&mut self, slot: u32) -> Option<M> {
        self.0.get_mut(slot as usize).and_then(Option::take)
    }

    /// Puts something into a slot.
    #[inline(always)]
    pub(super) fn put(&mut self, slot: u32, memory: M) {
        if let Some(slot) = self.0.get_mut(slot as usize) {
            *slot = Some(memory);
        }
    }
}

impl<M> Drop for Slots<M> {
    fn drop(&mut self) {
        while let Some(memory) = self.0.pop() {
            drop(memory);
            task::yield_if_needed();
        }
    }
}

/// In which order slots are freed.
pub(crate) struct FreeSequence {
    slots: KVVec<u32>,
    free_order: FreeOrder,
}

impl FreeSequence {
    /// The order for `count` slots.
    pub(crate) fn new(free_order: FreeOrder, count: u64) -> Result<Self, Stop> {
        // CAST: There are at most `MAX_HELD` slots.
        let mut slots = KVVec::with_capacity(count as usize, GFP_KERNEL | __GFP_NOWARN)?;
        for number in 0..count {
            let slot = match free_order {
                FreeOrder::Lifo => count - 1 - number,
                FreeOrder::Fifo | FreeOrder::Shuffled => number,
            };
            // CAST: As above.
            slots.push(slot as u32, GFP_KERNEL)?;
        }
        Ok(Self { slots, free_order })
    }

    /// Puts the slots into another order, if that is random.
    pub(super) fn renew(&mut self, random: &mut Random, watch: &Watch<'_>) -> Result<(), Stop> {
        match self.free_order {
            FreeOrder::Shuffled => random.shuffle(&mut self.slots, || watch.go_on()),
            FreeOrder::Lifo | FreeOrder::Fifo => Ok(()),
        }
    }

    /// The slot that is freed at this place.
    #[inline(always)]
    pub(super) fn at(&self, number: u64) -> Option<u32> {
        self.slots.get(number as usize).copied()
    }
}
