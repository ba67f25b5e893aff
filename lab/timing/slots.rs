// SPDX-License-Identifier: GPL-2.0

//! Where allocations are while they are held.

use super::{
    super::{
        command::words::FreeOrder,
        stop::Stop, //
    },
    random::Random,
};
use crate::platform::task;
use kernel::prelude::*;

/// Room for as many allocations as are held at once. What is left is freed when this is dropped,
/// giving way to other tasks in between.
pub(crate) struct Slots<M>(KVVec<Option<M>>);

impl<M> Slots<M> {
    /// Room for `count`.
    pub(crate) fn new(count: u64) -> Result<Self, Stop> {
        let mut slots = KVVec::new();
        for _ in 0..count {
            slots.push(None, GFP_KERNEL | __GFP_NOWARN)?;
        }
        Ok(Self(slots))
    }

    /// All of them.
    #[inline(always)]
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Option<M>> {
        self.0.iter_mut()
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
        let mut slots = KVVec::new();
        for number in 0..count {
            let slot = match free_order {
                FreeOrder::Lifo => count - 1 - number,
                FreeOrder::Fifo | FreeOrder::Shuffled => number,
            };
            // CAST: There are at most `MAX_HELD` slots.
            slots.push(slot as u32, GFP_KERNEL | __GFP_NOWARN)?;
        }
        Ok(Self { slots, free_order })
    }

    /// The slots for the next time: in another order, if that is random.
    pub(super) fn next(&mut self, random: &mut Random) -> &[u32] {
        if self.free_order == FreeOrder::Shuffled {
            random.shuffle(&mut self.slots);
        }
        &self.slots
    }
}
