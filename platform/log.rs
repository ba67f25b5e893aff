// SPDX-License-Identifier: GPL-2.0

//! The kernel's log, read as `dmesg` does.

use super::ffi;
use core::str;
use kernel::{
    alloc::AllocError,
    prelude::*, //
};

/// The most of a line that is read, in bytes. The rest is left out.
const MAX_LINE_BYTES: usize = 256;

/// A place in the kernel's log, between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position(u64);

impl Position {
    /// Behind the last line that was logged so far.
    pub(crate) fn end() -> Self {
        // SAFETY: The function asks the log for the number of its next line.
        Self(unsafe { ffi::platform_log_end() })
    }

    /// Calls `look` with every line behind this position, with the time and all that `dmesg` puts before
    /// it. Lines that are gone already are left out.
    ///
    /// # Errors
    ///
    /// `AllocError`, or what `look` returns.
    ///
    /// Context: may sleep.
    pub(crate) fn each_line<E: From<AllocError>>(
        self,
        mut look: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut line = KVec::from_elem(0_u8, MAX_LINE_BYTES, GFP_KERNEL)?;
        let Self(mut position) = self;
        let end = Self::end();
        while position < end.0 {
            // SAFETY: The buffer has this many bytes, and the position is ours.
            let line_bytes = unsafe {
                ffi::platform_log_line(&mut position, line.as_mut_ptr().cast(), line.len())
            };
            let Ok(line_bytes) = usize::try_from(line_bytes) else {
                break;
            };
            let text = str::from_utf8(line.get(..line_bytes).unwrap_or_default());
            look(text.unwrap_or_default().trim_ascii_end())?;
        }
        Ok(())
    }
}
