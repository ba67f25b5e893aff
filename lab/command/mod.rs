// SPDX-License-Identifier: GPL-2.0

//! What a command says: its syntax, and the words in it.
//!
//! A command is `SCENARIO [key=value …]`, in printable ASCII. Nothing in this folder needs a kernel,
//! so that its tests run on the host.

pub(crate) mod allocators;
pub(crate) mod arguments;
pub(crate) mod complaint;
pub(crate) mod flags;
pub(crate) mod keys;
pub(crate) mod name;
pub(crate) mod presets;
pub(crate) mod sizes;
pub(crate) mod words;
pub(crate) mod workload;

use complaint::Complaint;

/// The most bytes that a command may have.
pub(crate) const MAX_BYTES: usize = 4096;

/// A command taken apart: a scenario's name and what was said to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    /// The first word.
    pub(crate) scenario: &'a str,
    words: &'a str,
}

impl<'a> Command<'a> {
    /// Takes apart what was written. One newline at the end is not part of the command.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Complaint<'a>> {
        let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let is_printable = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
        if let Some(position) = line.iter().position(|byte| !is_printable(byte)) {
            return Err(Complaint::NotPrintable {
                position,
                byte: line.get(position).copied().unwrap_or_default(),
            });
        }
        let text = core::str::from_utf8(line).unwrap_or_default().trim_ascii();
        if text.is_empty() {
            return Err(Complaint::Empty);
        }
        let (scenario, words) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        Ok(Self { scenario, words })
    }

    /// Whether nothing but `word` follows the first word.
    pub(crate) fn is_followed_by(self, word: &str) -> bool {
        self.words.trim_ascii() == word
    }

    /// The words after the scenario's name, each a key and a value.
    pub(crate) fn pairs(self) -> impl Iterator<Item = Result<(&'a str, &'a str), Complaint<'a>>> {
        self.words
            .split_ascii_whitespace()
            .map(|word| word.split_once('=').ok_or(Complaint::NotKeyValue { word }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_name_and_pairs() {
        let command = Command::parse(b"  probe\tsize=100  gfp=kernel+zero \n").unwrap();
        assert_eq!(command.scenario, "probe");
        assert_eq!(
            command.pairs().collect::<Vec<_>>(),
            [Ok(("size", "100")), Ok(("gfp", "kernel+zero"))]
        );
    }

    #[test]
    fn a_name_alone_is_a_command() {
        for text in [&b"probe"[..], b"probe\n", b"probe ", b" probe \n"] {
            let command = Command::parse(text).unwrap();
            assert_eq!((command.scenario, command.pairs().count()), ("probe", 0));
        }
    }

    #[test]
    fn nothing_is_not_a_command() {
        for text in [&b""[..], b"\n", b"  ", b" \t\n"] {
            assert_eq!(Command::parse(text), Err(Complaint::Empty));
        }
    }

    #[test]
    fn bytes_that_do_not_print_are_refused_where_they_stand() {
        for (text, position, byte) in [
            (&b"probe\0size=1"[..], 5, 0),
            (b"\xff\xfe", 0, 0xff),
            ("probe size=１".as_bytes(), 11, 0xef),
            (b"probe\nsweep\n", 5, b'\n'),
            (b"probe\n\n", 5, b'\n'),
            (b"probe\r\n", 5, b'\r'),
            (b"probe \x1b[2J", 6, 0x1b),
        ] {
            assert_eq!(
                Command::parse(text),
                Err(Complaint::NotPrintable { position, byte })
            );
        }
    }

    #[test]
    fn a_word_without_equals_is_refused() {
        let command = Command::parse(b"probe size 100").unwrap();
        assert_eq!(
            command.pairs().next(),
            Some(Err(Complaint::NotKeyValue { word: "size" }))
        );
    }

    #[test]
    fn a_value_may_contain_equals() {
        let command = Command::parse(b"probe a=b=c =d e=").unwrap();
        assert_eq!(
            command.pairs().collect::<Vec<_>>(),
            [Ok(("a", "b=c")), Ok(("", "d")), Ok(("e", ""))]
        );
    }
}
