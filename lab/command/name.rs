// SPDX-License-Identifier: GPL-2.0

//! Names that people give to what they hold.

use core::fmt;

/// The most bytes that a name has.
const MAX_BYTES: usize = 24;

/// A name of 1 to [`MAX_BYTES`] letters, digits, `-` and `_`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    /// Those behind the name's end are zero, so that equal names are equal.
    bytes: [u8; MAX_BYTES],
}

impl Name {
    /// Parses a name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.is_empty() || !text.bytes().all(is_fit) {
            return None;
        }
        let mut bytes = [0; MAX_BYTES];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        Some(Self { bytes })
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|byte| *byte == 0);
        let bytes = self.bytes.get(..end.unwrap_or(MAX_BYTES));
        core::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_they_are_given() {
        for text in ["a", "A-b_9", "123456789012345678901234"] {
            assert_eq!(Name::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn other_texts_are_no_names() {
        for text in [
            "",
            " ",
            "a b",
            "a/b",
            "a.b",
            "é",
            "1234567890123456789012345",
            "a\0",
        ] {
            assert_eq!(Name::parse(text), None, "{text:?}");
        }
    }
}
