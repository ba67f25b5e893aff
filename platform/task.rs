// SPDX-License-Identifier: GPL-2.0

//! The current task: giving way to others, and being asked to stop.

use super::ffi;
use kernel::types::NotThreadSafe;

/// Lets other tasks run if the scheduler wants them to, like `cond_resched()`. On kernels that preempt
/// tasks in the kernel, lazily or at once, it does nothing, for they need nobody's help.
///
/// Context: may sleep.
pub(crate) fn yield_if_needed() {
    // SAFETY: The function touches the scheduler's own data only. (To call it where sleeping is
    // forbidden is a bug, but not one of memory safety.)
    unsafe { ffi::platform_cond_resched() };
}

/// Passes the time in a loop that waits for another CPU, and lets other tasks run.
///
/// Context: may sleep.
pub(crate) fn relax() {
    core::hint::spin_loop();
    yield_if_needed();
}

/// Whether the current task is to leave the kernel: for a signal, be it one that kills, interrupts or
/// stops it, for task work, or because the system goes to sleep.
pub(crate) fn signal_pending() -> bool {
    kernel::current!().signal_pending()
}

/// While this lives, the OOM killer takes the current process before all others, for it is the one
/// that uses up the memory.
#[must_use = "the process is like any other again when this is dropped"]
pub(crate) struct OomOrigin(NotThreadSafe);

impl OomOrigin {
    /// Makes the current process the first that the OOM killer takes, like
    /// `set_current_oom_origin()`.
    pub(crate) fn claim() -> Self {
        // SAFETY: The helper writes a flag of the current process.
        unsafe { ffi::platform_set_oom_origin() };
        Self(NotThreadSafe)
    }
}

impl Drop for OomOrigin {
    fn drop(&mut self) {
        // SAFETY: The helper writes a flag of the current process, which set it, since this value
        // stays with its thread.
        unsafe { ffi::platform_clear_oom_origin() };
    }
}
