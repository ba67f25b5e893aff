// SPDX-License-Identifier: GPL-2.0

//! Books on every allocation: what was allocated, what was freed, what is still out; and the budget.

mod entries;

pub(crate) use entries::{
    Charge,
    Receipt,
    Reservation, //
};

use super::command::allocators::Allocator;
use crate::platform::system;
use core::fmt;
use kernel::sync::{
    atomic::{
        Atomic,
        Relaxed, //
    },
    Arc,
};

/// What was done with one allocator.
struct Account {
    of_runs: Counts,
    of_held: Counts,
    // Of both together: they share the budget, and so the peak.
    live_bytes: Atomic<u64>,
    peak_bytes: Atomic<u64>,
}

/// How often something was done, for one purpose.
struct Counts {
    allocations: Atomic<u64>,
    frees: Atomic<u64>,
    failures: Atomic<u64>,
}

/// The figures of an account, at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Successful allocations.
    pub(crate) allocations: u64,
    /// Allocations that were freed.
    pub(crate) frees: u64,
    /// Allocations that the kernel had no memory for.
    pub(crate) failures: u64,
    /// Of the allocations that were not freed yet, those that are held under a name.
    pub(crate) held_objects: u64,
    /// Bytes of allocations that were not freed yet.
    pub(crate) live_bytes: u64,
    /// The most that `live_bytes` ever was.
    pub(crate) peak_bytes: u64,
}

impl Figures {
    /// Allocations that were not freed yet.
    pub(crate) fn live_objects(&self) -> u64 {
        self.allocations.saturating_sub(self.frees)
    }
}

impl Counts {
    const fn new() -> Self {
        Self {
            allocations: Atomic::new(0),
            frees: Atomic::new(0),
            failures: Atomic::new(0),
        }
    }

    fn live_objects(&self) -> u64 {
        // Frees first: an allocation that is freed in between must not count as freed only.
        let frees = self.frees.load(Relaxed);
        self.allocations.load(Relaxed).saturating_sub(frees)
    }
}

impl Account {
    const fn new() -> Self {
        Self {
            of_runs: Counts::new(),
            of_held: Counts::new(),
            live_bytes: Atomic::new(0),
            peak_bytes: Atomic::new(0),
        }
    }

    fn counts(&self, purpose: Purpose) -> &Counts {
        match purpose {
            Purpose::Run => &self.of_runs,
            Purpose::Hold => &self.of_held,
        }
    }

    fn figures(&self) -> Figures {
        let sum = |of: fn(&Counts) -> &Atomic<u64>| {
            of(&self.of_runs).load(Relaxed) + of(&self.of_held).load(Relaxed)
        };
        // Frees first, as in `Counts::live_objects`.
        let held_objects = self.of_held.live_objects();
        let frees = sum(|counts| &counts.frees);
        Figures {
            allocations: sum(|counts| &counts.allocations),
            frees,
            failures: sum(|counts| &counts.failures),
            held_objects,
            live_bytes: self.live_bytes.load(Relaxed),
            peak_bytes: self.peak_bytes.load(Relaxed),
        }
    }

    fn add_live_bytes(&self, size_bytes: u64) {
        let live_bytes = self.live_bytes.fetch_add(size_bytes, Relaxed) + size_bytes;
        // Two that race may leave the lower peak of the two. The peak is for people to look at.
        if live_bytes > self.peak_bytes.load(Relaxed) {
            self.peak_bytes.store(live_bytes, Relaxed);
        }
    }

    fn remove_live_bytes(&self, size_bytes: u64) {
        self.live_bytes.fetch_sub(size_bytes, Relaxed);
    }
}

/// What an allocation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A run, which frees it.
    Run,
    /// To be held until somebody frees it.
    Hold,
}

/// An account for each allocator, in the order of [`Allocator::ALL`].
struct Accounts([Account; Allocator::ALL.len()]);

impl Accounts {
    const fn new() -> Self {
        Self([const { Account::new() }; Allocator::ALL.len()])
    }

    fn of(&self, allocator: Allocator) -> &Account {
        let [kmalloc, vmalloc, kvmalloc, pages] = &self.0;
        match allocator {
            Allocator::Kmalloc => kmalloc,
            Allocator::Vmalloc => vmalloc,
            Allocator::Kvmalloc => kvmalloc,
            Allocator::Pages => pages,
        }
    }
}

/// The books.
pub(crate) struct Ledger {
    accounts: Accounts,
    live_bytes: Atomic<u64>,
    max_live_bytes: u64,
}

/// A limit that does not allow an allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OverLimit {
    charge_bytes: u64,
    limit_bytes: u64,
    limit: Limit,
}

/// What limits the allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// The budget for all live allocations together.
    Budget,
    /// Half of the memory that is available now, so that no other process has to pay.
    Available,
}

impl OverLimit {
    /// Whether it is over the budget, and not over what is available now.
    pub(crate) fn is_budget(&self) -> bool {
        self.limit == Limit::Budget
    }
}

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            charge_bytes,
            limit_bytes,
            limit,
        } = self;
        let limit = match limit {
            Limit::Budget => "max_live_bytes",
            Limit::Available => "half of the memory that is available now",
        };
        write!(
            f,
            "would take {charge_bytes} bytes; {limit} is {limit_bytes}"
        )
    }
}

impl Ledger {
    /// Empty books, with a budget.
    pub(crate) const fn new(max_live_bytes: u64) -> Self {
        Self {
            accounts: Accounts::new(),
            live_bytes: Atomic::new(0),
            max_live_bytes,
        }
    }

    /// The budget for all live allocations together.
    pub(crate) fn max_live_bytes(&self) -> u64 {
        self.max_live_bytes
    }

    /// The figures of an allocator.
    pub(crate) fn figures(&self, allocator: Allocator) -> Figures {
        self.accounts.of(allocator).figures()
    }

    /// How many allocations for a purpose are out.
    pub(crate) fn live_objects(&self, purpose: Purpose) -> u64 {
        Allocator::ALL
            .into_iter()
            .map(|allocator| self.accounts.of(allocator).counts(purpose).live_objects())
            .sum()
    }

    /// Says why an allocation of `charge_bytes` could not be made even if there were no other.
    pub(crate) fn check(&self, charge_bytes: u64) -> Result<(), OverLimit> {
        if charge_bytes > self.max_live_bytes {
            return Err(self.over_budget(charge_bytes));
        }
        Ok(())
    }

    /// Takes `charge_bytes` from the budget, for an allocation that is about to be made.
    ///
    /// # Errors
    ///
    /// [`OverLimit`]: the allocation must not be made. Of several that would pass the limit
    /// together, all may be refused.
    pub(crate) fn charge(
        self: &Arc<Self>,
        purpose: Purpose,
        allocator: Allocator,
        charge_bytes: u64,
    ) -> Result<Charge, OverLimit> {
        // A charge above the budget is not even added for a moment, so that the sum cannot overflow.
        self.check(charge_bytes)?;
        let limit_bytes = system::available_memory_bytes() / 2;
        if charge_bytes > limit_bytes {
            return Err(OverLimit {
                charge_bytes,
                limit_bytes,
                limit: Limit::Available,
            });
        }
        let live_bytes = self.live_bytes.fetch_add(charge_bytes, Relaxed);
        if live_bytes.saturating_add(charge_bytes) > self.max_live_bytes {
            self.live_bytes.fetch_sub(charge_bytes, Relaxed);
            return Err(self.over_budget(charge_bytes));
        }
        Ok(Charge {
            ledger: self.clone(),
            purpose,
            allocator,
            charge_bytes,
        })
    }

    fn over_budget(&self, charge_bytes: u64) -> OverLimit {
        OverLimit {
            charge_bytes,
            limit_bytes: self.max_live_bytes,
            limit: Limit::Budget,
        }
    }
}
