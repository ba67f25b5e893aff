// SPDX-License-Identifier: GPL-2.0

//! The current task: giving way to others, and being asked to stop.

use super::ffi;

/// Lets other tasks run if the scheduler wants them to, like `cond_resched()`.
///
/// Context: may sleep.
pub(crate) fn yield_if_needed() {
    // SAFETY: The function touches the scheduler's own data only. (To call it where sleeping is
    // forbidden is a bug, but not one of memory safety.)
    unsafe { ffi::platform_cond_resched() };
}

/// Whether the current task is to leave the kernel: for a signal, be it one that kills, interrupts or
/// stops it, for task work, or because the system goes to sleep.
pub(crate) fn signal_pending() -> bool {
    kernel::current!().signal_pending()
}
