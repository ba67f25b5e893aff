// SPDX-License-Identifier: GPL-2.0

//! CPUs, and what comes between the instructions of a task on them.

use super::ffi;

/// A CPU that was online when somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cpu(u32);

impl Cpu {
    /// All that are online, in the order of their numbers.
    pub(crate) fn online() -> impl Iterator<Item = Self> {
        let next = |after: i32| {
            // SAFETY: The helper searches a mask, and takes any number.
            let number = unsafe { ffi::platform_next_online_cpu(after) };
            u32::try_from(number).ok().map(Self)
        };
        core::iter::successors(next(-1), move |cpu| next(cpu.0 as i32))
    }

    /// The one that this task is on. A moment later it may be another.
    #[inline(always)]
    pub(crate) fn current() -> Self {
        // SAFETY: The helper reads a variable of this CPU.
        Self(unsafe { ffi::platform_current_cpu() })
    }

    /// Its number.
    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    /// How many interrupts have come to it since it was started, of the kinds that the kernel counts.
    pub(crate) fn interrupts(self) -> u64 {
        // SAFETY: The helper reads counters of a CPU that there is.
        unsafe { ffi::platform_interrupts(self.0) }
    }
}
