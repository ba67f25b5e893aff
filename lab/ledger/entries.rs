// SPDX-License-Identifier: GPL-2.0

//! Entries in the books: for memory that is about to be allocated, and for memory that is.

use super::{
    super::command::allocators::Allocator,
    Account,
    Counts,
    Ledger,
    Purpose, //
};
use kernel::sync::{
    atomic::Relaxed,
    Arc, //
};

/// Bytes taken from the budget; they go back when this is dropped.
pub(crate) struct Charge {
    pub(super) ledger: Arc<Ledger>,
    pub(super) purpose: Purpose,
    pub(super) allocator: Allocator,
    pub(super) charge_bytes: u64,
}

impl Charge {
    /// Books that the allocation was made.
    pub(crate) fn allocated(self) -> Receipt {
        self.counts().allocations.add(1, Relaxed);
        self.account().add_live_bytes(self.charge_bytes);
        Receipt { charge: self }
    }

    /// Books memory that is allocated and freed many times within the charge.
    pub(crate) fn reserved(self) -> Reservation {
        self.account().add_live_bytes(self.charge_bytes);
        Reservation { charge: self }
    }

    /// Books that the kernel had no memory.
    pub(crate) fn failed(self) {
        self.counts().failures.add(1, Relaxed);
    }

    fn account(&self) -> &Account {
        self.ledger.accounts.of(self.allocator)
    }

    fn counts(&self) -> &Counts {
        self.account().counts(self.purpose)
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.ledger.live_bytes.fetch_sub(self.charge_bytes, Relaxed);
    }
}

/// The entry for memory that is allocated and freed many times. To be dropped when all is freed.
pub(crate) struct Reservation {
    charge: Charge,
}

impl Reservation {
    /// Books that this many allocations were made, and freed.
    pub(crate) fn turned_over(&self, allocations: u64) {
        let counts = self.charge.counts();
        counts.allocations.add(allocations, Relaxed);
        counts.frees.add(allocations, Relaxed);
    }

    /// Books that the kernel had no memory for one.
    pub(crate) fn failed(&self) {
        self.charge.counts().failures.add(1, Relaxed);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.charge
            .account()
            .remove_live_bytes(self.charge.charge_bytes);
    }
}

/// The entry for one live allocation. To be dropped right after the memory is.
pub(crate) struct Receipt {
    charge: Charge,
}

impl Receipt {
    /// Books that the memory was freed but for `charge_bytes` of it.
    pub(crate) fn shrink(&mut self, charge_bytes: u64) {
        let freed_bytes = self.charge.charge_bytes.saturating_sub(charge_bytes);
        self.charge.account().remove_live_bytes(freed_bytes);
        self.charge
            .ledger
            .live_bytes
            .fetch_sub(freed_bytes, Relaxed);
        self.charge.charge_bytes -= freed_bytes;
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.charge
            .account()
            .remove_live_bytes(self.charge.charge_bytes);
        self.charge.counts().frees.add(1, Relaxed);
    }
}
