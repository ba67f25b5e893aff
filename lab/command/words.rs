// SPDX-License-Identifier: GPL-2.0

//! The words for patterns, orders and paths.

use core::fmt;

/// In which pattern memory is allocated and freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// One is allocated, and freed at once.
    Pair,
    /// As many as `count` are allocated, then all freed.
    Batch,
    /// All are allocated, then all freed.
    All,
    /// As many as `count` are allocated on one CPU, then freed on another.
    Remote,
    /// As many as `count` are held; one after the other is freed at random and allocated anew.
    Steady,
}

/// In which order allocations are freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FreeOrder {
    /// The last one first.
    Lifo,
    /// The first one first.
    Fifo,
    /// In a random order.
    Shuffled,
}

/// Through which code the kernel is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// The owning types of the library.
    Library,
    /// The macros that a driver in C uses.
    C,
}

/// A word that stands for a value.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// All values, each with its word.
    const WORDS: &'static [(&'static str, Self)];

    /// The value of a word.
    fn parse(text: &str) -> Option<Self> {
        let mut words = Self::WORDS.iter();
        words
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value)
    }

    /// The word for it.
    fn name(self) -> &'static str {
        let mut words = Self::WORDS.iter();
        words
            .find(|(_, value)| *value == self)
            .map_or("", |(word, _)| word)
    }
}

impl Word for Pattern {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("pair", Self::Pair),
        ("batch", Self::Batch),
        ("all", Self::All),
        ("remote", Self::Remote),
        ("steady", Self::Steady),
    ];
}

impl Word for FreeOrder {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("lifo", Self::Lifo),
        ("fifo", Self::Fifo),
        ("shuffled", Self::Shuffled),
    ];
}

impl Word for Via {
    const WORDS: &'static [(&'static str, Self)] = &[("library", Self::Library), ("c", Self::C)];
}

/// One of the paths, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ViaSet(&'static [Via]);

impl ViaSet {
    /// The library, and C beside it.
    pub(super) const BOTH: Self = Self(&[Via::Library, Via::C]);

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "library" => Some(Self(&[Via::Library])),
            "c" => Some(Self(&[Via::C])),
            "all" | "library,c" | "c,library" => Some(Self::BOTH),
            _ => None,
        }
    }

    /// The members.
    pub(crate) fn iter(self) -> impl Iterator<Item = Via> {
        self.0.iter().copied()
    }
}

impl fmt::Display for ViaSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, via) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator}{}", via.name())?;
        }
        Ok(())
    }
}
