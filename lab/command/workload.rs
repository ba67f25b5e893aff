// SPDX-License-Identifier: GPL-2.0

//! What is timed: in which pattern, through which path, how often.

use super::{
    super::quantity::{
        parse_count,
        NotANumber, //
    },
    keys::Key,
    sizes::Sizes,
    words::{
        FreeOrder,
        Pattern,
        ViaSet,
        Word, //
    },
};
use core::fmt::{
    self,
    Display, //
};

/// The most allocations that are held at once when all are made before the first is freed.
pub(crate) const MAX_HELD: u64 = 1 << 20;

/// Allocations that lie about while others are timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Background {
    /// How many.
    pub(crate) count: u64,
    /// Whether as many again lay between them, and were freed.
    pub(crate) gaps: Gaps,
}

/// Whether there are gaps between allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaps {
    /// One was made after the other.
    None,
    /// As many again were made in turn with them, and freed.
    Freed,
}

impl Background {
    /// Nothing lies about.
    const NONE: Self = Self {
        count: 0,
        gaps: Gaps::None,
    };

    fn parse(text: &str) -> Result<Self, NotANumber> {
        let (count, gaps) = match text.strip_suffix("+gaps") {
            Some(count) => (count, Gaps::Freed),
            None => (text, Gaps::None),
        };
        let count = parse_count(count)?;
        Ok(Self { count, gaps })
    }
}

impl fmt::Display for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gaps = match self.gaps {
            Gaps::None => "",
            Gaps::Freed => "+gaps",
        };
        write!(f, "{}{gaps}", self.count)
    }
}

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Workload {
    pub(crate) pattern: Pattern,
    pub(crate) free_order: FreeOrder,
    pub(crate) sizes: Sizes,
    /// How many allocations are timed.
    pub(crate) operations: u64,
    /// How many come before, and do not count.
    pub(crate) warmup: u64,
    pub(crate) via: ViaSet,
    /// On how many CPUs at most; none for all.
    pub(crate) cpus: Option<u32>,
    pub(crate) seed: u64,
    pub(crate) background: Background,
}

/// Why a value does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is not of the key's form.
    Malformed,
    /// It is too small or too large.
    OutOfRange,
}

impl From<NotANumber> for Unfit {
    fn from(reason: NotANumber) -> Self {
        match reason {
            NotANumber::Malformed => Self::Malformed,
            NotANumber::Overflow => Self::OutOfRange,
        }
    }
}

impl Workload {
    /// Before anything is set.
    pub(super) const EMPTY: Self = Self {
        pattern: Pattern::Pair,
        free_order: FreeOrder::Lifo,
        sizes: Sizes::Fixed,
        operations: 1,
        warmup: 0,
        via: ViaSet::BOTH,
        cpus: None,
        seed: 0,
        background: Background::NONE,
    };

    /// Sets one of the values that this has.
    pub(super) fn set(&mut self, key: Key, text: &str) -> Result<(), Unfit> {
        let number = |min: u64, max: u64| match parse_count(text)? {
            number if (min..=max).contains(&number) => Ok(number),
            _ => Err(Unfit::OutOfRange),
        };
        match key {
            Key::Pattern => self.pattern = Pattern::parse(text).ok_or(Unfit::Malformed)?,
            Key::FreeOrder => self.free_order = FreeOrder::parse(text).ok_or(Unfit::Malformed)?,
            Key::Sizes => self.sizes = Sizes::parse(text)?,
            Key::Operations => self.operations = number(1, 1_000_000_000)?,
            Key::Warmup => self.warmup = number(0, 1_000_000_000)?,
            Key::Via => self.via = ViaSet::parse(text).ok_or(Unfit::Malformed)?,
            Key::Cpus => {
                self.cpus = match text {
                    "all" => None,
                    _ => u32::try_from(number(1, 65_536)?).ok(),
                }
            }
            Key::Seed => self.seed = number(0, u64::MAX)?,
            Key::Background => {
                let background = Background::parse(text)?;
                if background.count > 65_536 {
                    return Err(Unfit::OutOfRange);
                }
                self.background = background;
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes one of the values that this has, as a command would give it.
    pub(super) fn write_value(&self, key: Key, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match key {
            Key::Pattern => f.write_str(self.pattern.name()),
            Key::FreeOrder => f.write_str(self.free_order.name()),
            Key::Sizes => self.sizes.fmt(f),
            Key::Operations => self.operations.fmt(f),
            Key::Warmup => self.warmup.fmt(f),
            Key::Via => self.via.fmt(f),
            Key::Cpus => match self.cpus {
                Some(cpus) => cpus.fmt(f),
                None => f.write_str("all"),
            },
            Key::Seed => self.seed.fmt(f),
            Key::Background => self.background.fmt(f),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets a value, and writes it again.
    fn again(key: Key, text: &str) -> Result<String, Unfit> {
        struct Shown(Workload, Key);
        impl fmt::Display for Shown {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write_value(self.1, f)
            }
        }
        let mut workload = Workload::EMPTY;
        workload.set(key, text)?;
        Ok(Shown(workload, key).to_string())
    }

    #[test]
    fn values_read_as_they_are_given() {
        for (key, texts) in [
            (
                Key::Pattern,
                &["pair", "batch", "all", "remote", "steady"][..],
            ),
            (Key::FreeOrder, &["lifo", "fifo", "shuffled"]),
            (
                Key::Sizes,
                &["fixed", "sweep", "uniform", "powers", "64:3,4K:1"],
            ),
            (Key::Operations, &["1", "1000000000"]),
            (Key::Warmup, &["0", "1000"]),
            (Key::Via, &["library", "c", "library,c"]),
            (Key::Cpus, &["1", "65536", "all"]),
            (Key::Seed, &["0", "18446744073709551615"]),
            (Key::Background, &["0", "15000", "100+gaps"]),
        ] {
            for text in texts {
                assert_eq!(again(key, text).as_deref(), Ok(*text), "{key:?}");
            }
        }
        assert_eq!(again(Key::Via, "all").as_deref(), Ok("library,c"));
    }

    #[test]
    fn other_values_are_refused() {
        for (key, text, unfit) in [
            (Key::Pattern, "pairs", Unfit::Malformed),
            (Key::FreeOrder, "", Unfit::Malformed),
            (Key::Operations, "0", Unfit::OutOfRange),
            (Key::Operations, "1000000001", Unfit::OutOfRange),
            (Key::Operations, "1k", Unfit::Malformed),
            (Key::Warmup, "-1", Unfit::Malformed),
            (Key::Via, "c,c", Unfit::Malformed),
            (Key::Cpus, "0", Unfit::OutOfRange),
            (Key::Cpus, "65537", Unfit::OutOfRange),
            (Key::Cpus, "0-3", Unfit::Malformed),
            (Key::Seed, "18446744073709551616", Unfit::OutOfRange),
            (Key::Background, "65537", Unfit::OutOfRange),
            (Key::Background, "5+holes", Unfit::Malformed),
        ] {
            assert_eq!(again(key, text), Err(unfit), "{key:?}={text}");
        }
    }
}
