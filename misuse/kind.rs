// SPDX-License-Identifier: GPL-2.0

//! Which rules can be broken, and in which language. Pure, so that its tests run on the host.

/// A rule to break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Memory is read after `kfree()`.
    ReadAfterFree,
    /// Memory is written after `kfree()`.
    WriteAfterFree,
    /// `kfree()` is called twice.
    DoubleFree,
    /// A byte behind the memory is read.
    ReadOutOfBounds,
    /// A byte behind the memory is written.
    WriteOutOfBounds,
    /// `kfree()` gets a page of `alloc_pages()`.
    KfreeOfPage,
    /// `vfree()` gets memory of `kmalloc()`.
    VfreeOfKmalloc,
    /// `kfree()` gets memory of `vmalloc()`.
    KfreeOfVmalloc,
    /// `__free_pages()` gets a larger order than `alloc_pages()` did.
    FreeOfLargerOrder,
    /// Memory is forgotten.
    Leak,
    /// Memory is read that nobody wrote.
    ReadUninitialised,
    /// `GFP_KERNEL` is used under a spinlock.
    SleepUnderSpinlock,
    /// `GFP_KERNEL` is used in a hard interrupt.
    SleepInInterrupt,
    /// `vfree()` is called under a spinlock.
    VfreeUnderSpinlock,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 14] = [
        Self::ReadAfterFree,
        Self::WriteAfterFree,
        Self::DoubleFree,
        Self::ReadOutOfBounds,
        Self::WriteOutOfBounds,
        Self::KfreeOfPage,
        Self::VfreeOfKmalloc,
        Self::KfreeOfVmalloc,
        Self::FreeOfLargerOrder,
        Self::Leak,
        Self::ReadUninitialised,
        Self::SleepUnderSpinlock,
        Self::SleepInInterrupt,
        Self::VfreeUnderSpinlock,
    ];

    /// The words for all of them, as a command's refusal tells them.
    pub(crate) const WORDS: &'static str = "list, read_after_free, write_after_free, double_free, \
        read_out_of_bounds, write_out_of_bounds, kfree_of_page, vfree_of_kmalloc, \
        kfree_of_vmalloc, free_of_larger_order, leak, read_uninitialised, sleep_under_spinlock, \
        sleep_in_interrupt or vfree_under_spinlock";

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ReadAfterFree => "read_after_free",
            Self::WriteAfterFree => "write_after_free",
            Self::DoubleFree => "double_free",
            Self::ReadOutOfBounds => "read_out_of_bounds",
            Self::WriteOutOfBounds => "write_out_of_bounds",
            Self::KfreeOfPage => "kfree_of_page",
            Self::VfreeOfKmalloc => "vfree_of_kmalloc",
            Self::KfreeOfVmalloc => "kfree_of_vmalloc",
            Self::FreeOfLargerOrder => "free_of_larger_order",
            Self::Leak => "leak",
            Self::ReadUninitialised => "read_uninitialised",
            Self::SleepUnderSpinlock => "sleep_under_spinlock",
            Self::SleepInInterrupt => "sleep_in_interrupt",
            Self::VfreeUnderSpinlock => "vfree_under_spinlock",
        }
    }

    /// Whether it is about memory of kmalloc, and not of somebody else, or about where code runs.
    pub(crate) const fn is_about_kmalloc(self) -> bool {
        match self {
            Self::ReadAfterFree
            | Self::WriteAfterFree
            | Self::DoubleFree
            | Self::ReadOutOfBounds
            | Self::WriteOutOfBounds
            | Self::VfreeOfKmalloc
            | Self::Leak
            | Self::ReadUninitialised => true,
            Self::KfreeOfPage
            | Self::KfreeOfVmalloc
            | Self::FreeOfLargerOrder
            | Self::SleepUnderSpinlock
            | Self::SleepInInterrupt
            | Self::VfreeUnderSpinlock => false,
        }
    }

    /// The kind with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Who breaks the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// C, which lets everybody.
    C,
    /// Rust, which lets only `unsafe` code (and lets everybody leak, and sleep).
    Rust,
}

impl Language {
    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Rust => "rust",
        }
    }

    /// The language with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::C, Self::Rust]
            .into_iter()
            .find(|language| language.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name_and_told_in_a_refusal() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        let words: Vec<_> = Kind::WORDS
            .split([',', ' '])
            .filter(|word| !word.is_empty() && *word != "or")
            .collect();
        let names: Vec<_> = ["list"]
            .into_iter()
            .chain(Kind::ALL.into_iter().map(Kind::name))
            .collect();
        assert_eq!(words, names);
    }

    #[test]
    fn other_words_are_none() {
        for text in ["", "list", "Leak", "leak ", "leak,leak"] {
            assert_eq!(Kind::from_name(text), None, "{text}");
        }
        for text in ["", "C", "Rust", "c,rust"] {
            assert_eq!(Language::from_name(text), None, "{text}");
        }
    }
}
