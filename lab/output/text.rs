// SPDX-License-Identifier: GPL-2.0

//! A text that grows.

use core::fmt::{
    self,
    Write, //
};
use kernel::prelude::*;

/// The most that a text may grow to, in bytes.
const MAX_BYTES: usize = 8 << 20;

/// What is always kept free, so that a text can be ended however little memory there is.
const RESERVED_BYTES: usize = 1024;

/// A text that grows as it is written to.
///
/// Writing fails, for want of memory or of room, with [`fmt::Error`]; what was written stays, and there
/// is room for an end if there was any text before, or if the text was made [with_reserve()](Self::with_reserve).
#[derive(Default)]
pub(crate) struct Text {
    bytes: KVVec<u8>,
    /// Whether the reserve may be used.
    is_ending: bool,
}

impl Text {
    /// An empty text.
    pub(crate) const fn new() -> Self {
        Self {
            bytes: KVVec::new(),
            is_ending: false,
        }
    }

    /// An empty text that can be ended however little memory there will be.
    pub(crate) fn with_reserve() -> Result<Self> {
        Ok(Self {
            bytes: KVVec::with_capacity(RESERVED_BYTES, GFP_KERNEL)?,
            is_ending: false,
        })
    }

    /// The text so far.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes back what was written after the first `size_bytes` bytes.
    pub(crate) fn truncate(&mut self, size_bytes: usize) {
        self.bytes.truncate(size_bytes);
    }

    /// Lets what follows use the reserve.
    pub(crate) fn end(&mut self) {
        self.is_ending = true;
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let kept_bytes = if self.is_ending { 0 } else { RESERVED_BYTES };
        let wanted_bytes = text.len() + kept_bytes;
        if self.bytes.len() + wanted_bytes > MAX_BYTES {
            return Err(fmt::Error);
        }
        let flags = GFP_KERNEL | __GFP_NOWARN;
        self.bytes
            .reserve(wanted_bytes, flags)
            .and_then(|()| self.bytes.extend_from_slice(text.as_bytes(), flags))
            .map_err(|_| fmt::Error)
    }
}
