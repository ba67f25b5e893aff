// SPDX-License-Identifier: GPL-2.0

//! Allocations that are held for a while.

use crate::{
    lab::{
        booked::Live,
        stop::Stop, //
    },
    platform::task,
};
use kernel::prelude::*;

/// Live allocations, which are freed one by one, giving way to other tasks in between.
pub(crate) struct Held(KVVec<Live>);

impl Held {
    /// None.
    pub(crate) fn new() -> Self {
        Self(KVVec::new())
    }

    /// Holds one more.
    pub(crate) fn push(&mut self, live: Live) -> Result<(), Stop> {
        Ok(self.0.push(live, GFP_KERNEL | __GFP_NOWARN)?)
    }

    /// The one that came first.
    pub(crate) fn first(&self) -> Option<&Live> {
        self.0.first()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes the one that came last.
    pub(super) fn pop(&mut self) -> Option<Live> {
        self.0.pop()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        while let Some(live) = self.0.pop() {
            drop(live);
            task::yield_if_needed();
        }
    }
}
