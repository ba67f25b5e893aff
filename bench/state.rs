// SPDX-License-Identifier: GPL-2.0

//! The state that the allocators are measured in: see `state.h`.

use crate::ffi;
use kernel::{
    error::to_result,
    prelude::*, //
};

/// Holds the memory that keeps the allocators in their state. There is one at a time.
pub(crate) struct State;

impl State {
    /// Prepares to measure allocations of a size.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(crate) fn hold(size_bytes: usize) -> Result<Self> {
        // SAFETY: Only one thread measures, and what it held before is released.
        to_result(unsafe { ffi::bench_state_hold(size_bytes) })?;
        Ok(Self)
    }

    /// Changes the trees that vmalloc searches.
    pub(crate) fn map_one(&mut self) {
        // SAFETY: Only one thread measures, and `hold` came before.
        unsafe { ffi::bench_state_map_one() };
    }

    /// Unmaps what vfree left mapped.
    pub(crate) fn settle(&self) {
        // SAFETY: It may sleep, and so may all of this.
        unsafe { ffi::bench_state_settle() };
    }
}

impl Drop for State {
    fn drop(&mut self) {
        // SAFETY: Only one thread measures, and `hold` came before.
        unsafe { ffi::bench_state_release() };
    }
}
