// SPDX-License-Identifier: GPL-2.0

//! A text that grows.

use core::fmt::{self, Write};
use kernel::prelude::*;

/// The most that a text may grow to, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// A text that grows as it is written to.
///
/// Writing fails, for want of memory or of room, with [`fmt::Error`]; what was written stays.
#[derive(Default)]
pub(crate) struct Text {
    bytes: KVVec<u8>,
}

impl Text {
    /// An empty text.
    pub(crate) const fn new() -> Self {
        Self {
            bytes: KVVec::new(),
        }
    }

    /// The text so far.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.bytes.len() + text.len() > MAX_BYTES {
            return Err(fmt::Error);
        }
        self.bytes
            .extend_from_slice(text.as_bytes(), GFP_KERNEL | __GFP_NOWARN)
            .map_err(|_| fmt::Error)
    }
}
