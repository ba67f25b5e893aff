// SPDX-License-Identifier: GPL-2.0

//! Places where sleeping is forbidden, to call a function in.

use super::ffi;
use kernel::ffi::c_void;

/// A place where sleeping is forbidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// This task, with preemption disabled.
    PreemptionOff,
    /// This task, holding a spinlock.
    Spinlock,
    /// This task, with bottom halves disabled.
    BottomHalvesOff,
    /// This task, with interrupts disabled.
    InterruptsOff,
    /// A softirq: a work item of the workqueue for bottom halves.
    Softirq,
    /// A hard interrupt, which the CPU sends to itself. With `CONFIG_PREEMPT_RT` there is none: what such
    /// interrupts are for is done in threads.
    Interrupt,
}

impl Place {
    /// Calls `function` there, and returns what it returns; `None` if this machine has no such place.
    ///
    /// `function` must not sleep. (If it does, that is a bug, which `CONFIG_DEBUG_ATOMIC_SLEEP`
    /// reports, but not one of memory safety.) It must be short: other tasks, or even interrupts, wait.
    ///
    /// Context: may sleep, until `function` was called.
    pub(crate) fn call<R: Send>(self, function: impl FnOnce() -> R + Send) -> Option<R> {
        let mut call = Call {
            function: Some(function),
            result: None,
        };
        call.run_in(self);
        call.result
    }
}

/// What the kernel says of the place that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// Nested reasons not to sleep: preemption off, softirqs, hard interrupts, each in bits of its own
    /// (`include/linux/preempt.h`).
    pub(crate) preempt_count: u32,
    /// Whether interrupts are disabled.
    pub(crate) interrupts_off: bool,
}

impl State {
    /// Looks, here and now.
    pub(crate) fn here() -> Self {
        // SAFETY: The helpers read the state of this CPU.
        let (preempt_count, interrupts_off) =
            unsafe { (ffi::platform_preempt_count(), ffi::platform_irqs_disabled()) };
        Self {
            preempt_count,
            interrupts_off,
        }
    }
}

/// A function to be called elsewhere, and later what it returned.
struct Call<F, R> {
    function: Option<F>,
    result: Option<R>,
}

impl<F: FnOnce() -> R + Send, R: Send> Call<F, R> {
    fn run_in(&mut self, place: Place) {
        let argument: *mut c_void = core::ptr::from_mut(self).cast();
        let run = Some(Self::run as unsafe extern "C" fn(*mut c_void));
        // SAFETY: All these helpers call `run` once at most, with `argument`, and return after that, so
        // that the exclusive borrow of `self` spans the call. The function and its result are `Send`,
        // as they have to be if the place is not in this task.
        unsafe {
            match place {
                Place::PreemptionOff => ffi::platform_call_without_preemption(run, argument),
                Place::Spinlock => ffi::platform_call_under_spinlock(run, argument),
                Place::BottomHalvesOff => ffi::platform_call_without_bottom_halves(run, argument),
                Place::InterruptsOff => ffi::platform_call_without_interrupts(run, argument),
                Place::Softirq => ffi::platform_call_in_softirq(run, argument),
                Place::Interrupt => {
                    // That the call was not made shows in there being no result.
                    ffi::platform_call_in_interrupt(run, argument);
                }
            }
        }
    }

    /// # Safety
    ///
    /// `argument` points to a `Self` that nobody else uses during the call.
    unsafe extern "C" fn run(argument: *mut c_void) {
        // SAFETY: This function's contract.
        let call = unsafe { &mut *argument.cast::<Self>() };
        call.result = call.function.take().map(|function| function());
    }
}
