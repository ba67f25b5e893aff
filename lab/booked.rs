// SPDX-License-Identifier: GPL-2.0

//! Memory that is asked for within the budget, and in the books for as long as it lives.

use super::{
    ledger::{
        Ledger,
        Purpose,
        Receipt, //
    },
    memory::{
        Memory,
        Request, //
    },
    stop::{
        Stop,
        Unmet,
        Why, //
    },
};
use crate::platform::task;
use kernel::sync::Arc;
use memalloc::Reason;

/// A live allocation that is in the books.
pub(crate) struct Live {
    // Fields are dropped in this order: first the memory, then its entry in the books.
    pub(crate) memory: Memory,
    receipt: Receipt,
}

impl Live {
    /// Memory, and its entry in the books.
    pub(crate) fn new(memory: Memory, receipt: Receipt) -> Self {
        Self { memory, receipt }
    }

    /// The memory and its entry in the books, which has to be dropped right after it.
    pub(crate) fn into_parts(self) -> (Memory, Receipt) {
        (self.memory, self.receipt)
    }
}

/// Charges the budget, lets `ask` allocate what `request` describes, and books what came of it.
///
/// What can never be given is refused as that, whatever the budget.
///
/// # Errors
///
/// [`Stop::Unmet`], or [`Stop::Cancelled`] if a signal made the kernel give up.
pub(crate) fn allocate<T>(
    ledger: &Arc<Ledger>,
    purpose: Purpose,
    request: &Request,
    ask: impl FnOnce() -> Result<T, Reason>,
) -> Result<(T, Receipt), Stop> {
    let unmet = |why| Stop::Unmet(Unmet::new(request, why));
    let charge = ledger
        .charge(purpose, request.allocator, request.charge_bytes())
        .map_err(|over| match request.check() {
            Ok(()) => unmet(Why::OverLimit(over)),
            Err(refusal) => unmet(Why::Refused(refusal)),
        })?;
    match ask() {
        Ok(allocated) => Ok((allocated, charge.allocated())),
        Err(Reason::Refused(refusal)) => Err(unmet(Why::Refused(refusal))),
        // vmalloc gives up when the task is to die (`vm_area_alloc_pages()`, mm/vmalloc.c).
        Err(Reason::OutOfMemory) if task::signal_pending() => Err(Stop::Cancelled),
        Err(Reason::OutOfMemory) => {
            charge.failed();
            Err(unmet(Why::OutOfMemory))
        }
    }
}
