// SPDX-License-Identifier: GPL-2.0

//! CPUs, and what comes between the instructions of a task on them.

use super::ffi;

/// A CPU that was online when somebody looked.
///
/// # Invariants
///
/// It is the number of a possible CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cpu(u32);

impl Cpu {
    /// All that are online, in the order of their numbers.
    pub(crate) fn online() -> impl Iterator<Item = Self> {
        let next = |after: i32| {
            // SAFETY: The helper searches a mask, from behind -1 or a possible CPU.
            let number = unsafe { ffi::platform_next_online_cpu(after) };
            // INVARIANT: It was online a moment ago.
            u32::try_from(number).ok().map(Self)
        };
        // CAST: The helper gave it as an `int`.
        core::iter::successors(next(-1), move |cpu| next(cpu.0 as i32))
    }

    /// The one that this task is on. A moment later it may be another.
    #[inline(always)]
    pub(crate) fn current() -> Self {
        // INVARIANT: Something runs on it.
        // SAFETY: The helper reads a variable of this CPU.
        Self(unsafe { ffi::platform_current_cpu() })
    }

    /// Its number.
    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    /// How many interrupts have come to it since it was started, of the kinds that the kernel counts;
    /// it counts some of them twice.
    pub(crate) fn interrupts(self) -> u64 {
        // SAFETY: By the type invariants there are counters for it.
        unsafe { ffi::platform_interrupts(self.0) }
    }
}
