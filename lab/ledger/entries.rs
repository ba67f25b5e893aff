// SPDX-License-Identifier: GPL-2.0

//! Entries in the books: for memory that is about to be allocated, and for memory that is.

use super::{
    super::command::allocators::Allocator,
    Account,
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
        self.account().allocations.add(1, Relaxed);
        self.book_live_bytes();
        Receipt { charge: self }
    }

    fn book_live_bytes(&self) {
        let account = self.account();
        let live_bytes =
            account.live_bytes.fetch_add(self.charge_bytes, Relaxed) + self.charge_bytes;
        // Two that race may leave the lower peak of the two. The peak is for people to look at.
        if live_bytes > account.peak_bytes.load(Relaxed) {
            account.peak_bytes.store(live_bytes, Relaxed);
        }
    }

    /// Books memory that is allocated and freed many times within the charge.
    pub(crate) fn reserved(self) -> Reservation {
        self.book_live_bytes();
        Reservation { charge: self }
    }

    /// Books that the kernel had no memory.
    pub(crate) fn failed(self) {
        self.account().failures.add(1, Relaxed);
    }

    fn account(&self) -> &Account {
        self.ledger.account(self.purpose, self.allocator)
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
        let account = self.charge.account();
        account.allocations.add(allocations, Relaxed);
        account.frees.add(allocations, Relaxed);
    }

    /// Books that the kernel had no memory for one.
    pub(crate) fn failed(&self) {
        self.charge.account().failures.add(1, Relaxed);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.charge
            .account()
            .live_bytes
            .fetch_sub(self.charge.charge_bytes, Relaxed);
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
        self.charge
            .account()
            .live_bytes
            .fetch_sub(freed_bytes, Relaxed);
        self.charge
            .ledger
            .live_bytes
            .fetch_sub(freed_bytes, Relaxed);
        self.charge.charge_bytes -= freed_bytes;
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        let account = self.charge.account();
        account
            .live_bytes
            .fetch_sub(self.charge.charge_bytes, Relaxed);
        account.frees.add(1, Relaxed);
    }
}
