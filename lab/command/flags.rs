// SPDX-License-Identifier: GPL-2.0

//! The words for allocation flags.

use super::allocators::Allocator;
use core::fmt;

/// The mask that flags start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GfpBase {
    /// `GFP_KERNEL`.
    Kernel,
    /// `GFP_USER`.
    User,
    /// `GFP_NOIO`.
    Noio,
    /// `GFP_NOFS`.
    Nofs,
    /// `GFP_NOWAIT`.
    Nowait,
    /// `GFP_ATOMIC`.
    Atomic,
}

impl GfpBase {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Kernel,
        Self::User,
        Self::Noio,
        Self::Nofs,
        Self::Nowait,
        Self::Atomic,
    ];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::User => "user",
            Self::Noio => "noio",
            Self::Nofs => "nofs",
            Self::Nowait => "nowait",
            Self::Atomic => "atomic",
        }
    }

    const fn may_sleep(self) -> bool {
        !matches!(self, Self::Nowait | Self::Atomic)
    }
}

/// A modifier of the base mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Modifier {
    /// `__GFP_ZERO`.
    Zero,
    /// `__GFP_NOWARN`, which the laboratory always adds.
    Nowarn,
    /// `__GFP_ACCOUNT`.
    Account,
    /// `__GFP_THISNODE`.
    Thisnode,
    /// `__GFP_NORETRY`.
    Noretry,
    /// `__GFP_RETRY_MAYFAIL`.
    RetryMayfail,
}

impl Modifier {
    const ALL: [Self; 6] = [
        Self::Zero,
        Self::Nowarn,
        Self::Account,
        Self::Thisnode,
        Self::Noretry,
        Self::RetryMayfail,
    ];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Nowarn => "nowarn",
            Self::Account => "account",
            Self::Thisnode => "thisnode",
            Self::Noretry => "noretry",
            Self::RetryMayfail => "retry_mayfail",
        }
    }

    /// Whether the functions of `allocator` honour it.
    const fn suits_allocator(self, allocator: Allocator) -> bool {
        match self {
            Self::Thisnode => matches!(allocator, Allocator::Kmalloc | Allocator::Pages),
            Self::Noretry => !matches!(allocator, Allocator::Kvmalloc),
            _ => true,
        }
    }

    /// Whether it means something beside `base`.
    const fn suits_base(self, base: GfpBase) -> bool {
        match self {
            Self::Noretry | Self::RetryMayfail => base.may_sleep(),
            _ => true,
        }
    }
}

// `GfpFlags` finds a modifier by its number.
#[allow(clippy::indexing_slicing)] // At compile time.
const _: () = {
    let mut index = 0;
    while index < Modifier::ALL.len() {
        assert!(Modifier::ALL[index] as usize == index);
        index += 1;
    }
};

/// Allocation flags: a base and modifiers, such as `kernel+zero+account`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GfpFlags {
    /// What the flags start from.
    pub(crate) base: GfpBase,
    modifiers: [bool; Modifier::ALL.len()],
}

/// Why a text does not name flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotFlags {
    /// A word that is not known, or stands twice.
    Malformed,
    /// Words that exclude each other.
    Conflict,
}

impl GfpFlags {
    /// The base alone.
    pub(crate) const fn plain(base: GfpBase) -> Self {
        Self {
            base,
            modifiers: [false; Modifier::ALL.len()],
        }
    }

    /// Parses `base[+modifier…]`.
    pub(crate) fn parse(text: &str) -> Result<Self, NotFlags> {
        let mut words = text.split('+');
        let base = words
            .next()
            .and_then(|word| GfpBase::ALL.into_iter().find(|base| base.name() == word))
            .ok_or(NotFlags::Malformed)?;
        let mut flags = Self::plain(base);
        for word in words {
            let modifier = Modifier::ALL
                .into_iter()
                .find(|modifier| modifier.name() == word)
                .filter(|modifier| !flags.has(*modifier))
                .ok_or(NotFlags::Malformed)?;
            if !modifier.suits_base(base) {
                return Err(NotFlags::Conflict);
            }
            flags.add(modifier);
        }
        if flags.has(Modifier::Noretry) && flags.has(Modifier::RetryMayfail) {
            return Err(NotFlags::Conflict);
        }
        Ok(flags)
    }

    /// Makes that a request is tried hard, and fails rather than invoking the OOM killer.
    pub(crate) fn try_hard_but_fail(&mut self) {
        if Modifier::RetryMayfail.suits_base(self.base) && !self.has(Modifier::Noretry) {
            self.add(Modifier::RetryMayfail);
        }
    }

    /// Whether the modifier is among them.
    pub(crate) fn has(self, modifier: Modifier) -> bool {
        self.modifiers.get(modifier as usize) == Some(&true)
    }

    /// Adds a modifier.
    pub(crate) fn add(&mut self, modifier: Modifier) {
        if let Some(has) = self.modifiers.get_mut(modifier as usize) {
            *has = true;
        }
    }

    /// The same, and a modifier.
    pub(crate) fn with(mut self, modifier: Modifier) -> Self {
        self.add(modifier);
        self
    }

    /// `GFP_KERNEL`, with one round of reclaim and compaction at most.
    pub(crate) fn patient() -> Self {
        Self::plain(GfpBase::Kernel).with(Modifier::Noretry)
    }

    /// The first modifier that the functions of `allocator` do not honour.
    pub(crate) fn unsuited_to(self, allocator: Allocator) -> Option<Modifier> {
        Modifier::ALL
            .into_iter()
            .find(|modifier| self.has(*modifier) && !modifier.suits_allocator(allocator))
    }
}

impl fmt::Display for GfpFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.name())?;
        for modifier in Modifier::ALL {
            if self.has(modifier) {
                write!(f, "+{}", modifier.name())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_print_as_they_are_parsed() {
        for text in [
            "kernel",
            "atomic",
            "kernel+zero+account",
            "noio+retry_mayfail",
        ] {
            assert_eq!(
                GfpFlags::parse(text).map(|flags| flags.to_string()),
                Ok(text.into())
            );
        }
    }

    #[test]
    fn flags_that_make_no_sense_are_refused() {
        for text in [
            "",
            "zero",
            "kernel+",
            "+zero",
            "kernel+zero+zero",
            "kernel+atomic",
            "Kernel",
        ] {
            assert_eq!(GfpFlags::parse(text), Err(NotFlags::Malformed), "{text}");
        }
        for text in [
            "atomic+noretry",
            "nowait+retry_mayfail",
            "kernel+noretry+retry_mayfail",
        ] {
            assert_eq!(GfpFlags::parse(text), Err(NotFlags::Conflict), "{text}");
        }
    }

    #[test]
    fn families_refuse_what_they_do_not_honour() {
        let unsuited =
            |text, allocator| GfpFlags::parse(text).map(|flags| flags.unsuited_to(allocator));
        assert_eq!(unsuited("kernel+thisnode", Allocator::Kmalloc), Ok(None));
        assert_eq!(
            unsuited("kernel+thisnode", Allocator::Vmalloc),
            Ok(Some(Modifier::Thisnode))
        );
        assert_eq!(
            unsuited("kernel+noretry", Allocator::Kvmalloc),
            Ok(Some(Modifier::Noretry))
        );
    }
}
