// SPDX-License-Identifier: GPL-2.0

//! One run at a time; the others wait, and a signal ends their wait.

use kernel::{
    new_condvar, new_mutex,
    prelude::*,
    sync::{
        CondVar,
        Mutex, //
    },
};

/// Lets one task in at a time. No lock is held while it is inside.
#[pin_data]
pub(crate) struct Gate {
    #[pin]
    is_taken: Mutex<bool>,
    #[pin]
    left: CondVar,
}

/// Being inside; dropping it lets the next one in.
#[must_use = "the gate opens again when this is dropped"]
pub(crate) struct Pass<'gate> {
    gate: &'gate Gate,
}

/// A signal came before the gate opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interrupted;

impl Gate {
    /// An open gate.
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            is_taken <- new_mutex!(false, "Gate::is_taken"),
            left <- new_condvar!("Gate::left"),
        })
    }

    /// Waits until nobody is inside, and goes in.
    ///
    /// # Errors
    ///
    /// [`Interrupted`] by a signal.
    pub(crate) fn enter(&self) -> Result<Pass<'_>, Interrupted> {
        let mut is_taken = self.is_taken.lock();
        while *is_taken {
            if self.left.wait_interruptible(&mut is_taken) {
                // Whoever left may have woken this task and no other: pass that on.
                self.left.notify_one();
                return Err(Interrupted);
            }
        }
        *is_taken = true;
        Ok(Pass { gate: self })
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        *self.gate.is_taken.lock() = false;
        self.gate.left.notify_one();
    }
}
