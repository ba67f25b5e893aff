// SPDX-License-Identifier: GPL-2.0

//! Takes values from the fuzzer's bytes, as long as there are any.

/// What is left of an input.
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    pub(super) fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    /// The next bytes, at most 63, made UTF-8 somehow.
    pub(super) fn text(&mut self) -> String {
        let wanted = usize::from(self.byte() % 64).min(self.0.len());
        let (text, rest) = self.0.split_at(wanted);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }
}
