// SPDX-License-Identifier: GPL-2.0

//! The current task: giving way to others, and being asked to stop.

use super::ffi;

/// Lets other tasks run if the scheduler wants them to, like `cond_resched()`.
///
/// Context: may sleep.
pub(crate) fn yield_if_needed() {
    // SAFETY: Callers are in process context and hold no spinlock, as code of this module that
    // calls safe functions of platform/ always does.
    unsafe { ffi::platform_cond_resched() };
}

/// Whether a signal waits for the current task, be it one that kills, interrupts or stops it.
pub(crate) fn signal_pending() -> bool {
    kernel::current!().signal_pending()
}
