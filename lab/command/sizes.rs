// SPDX-License-Identifier: GPL-2.0

//! Which sizes are asked for, where one allocation follows the other.

use super::{
    super::quantity::{
        parse_bytes,
        parse_count,
        BytesText, //
    },
    workload::Unfit,
};
use core::fmt;

/// The most sizes that a list has.
const MAX_LISTED: usize = 8;

/// What the weights of a list add up to at most: so many sizes are asked for, and then again.
const MAX_WEIGHT: u32 = 1024;

/// Which sizes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sizes {
    /// One size, `size` or `order`.
    Fixed,
    /// Each size from `from` to `to`, in a series of its own.
    Sweep,
    /// At random: each number of bytes from `from` to `to` is as likely as any other.
    Uniform,
    /// At random: each power of two from `from` to `to` is as likely as any other.
    Powers,
    /// At random, by the weights of a list.
    Listed(List),
}

/// A size, and how often it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weighted {
    pub(crate) size_bytes: u64,
    pub(crate) weight: u32,
}

/// Sizes with weights, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct List {
    /// Those that are not used have no weight.
    sizes: [Weighted; MAX_LISTED],
}

impl List {
    fn parse(text: &str) -> Result<Self, Unfit> {
        let unused = Weighted {
            size_bytes: 0,
            weight: 0,
        };
        let mut sizes = [unused; MAX_LISTED];
        for (index, word) in text.split(',').enumerate() {
            let (size, weight) = word.split_once(':').ok_or(Unfit::Malformed)?;
            let (size_bytes, weight) = (parse_bytes(size)?, parse_count(weight)?);
            let weight = u32::try_from(weight).unwrap_or(u32::MAX);
            if size_bytes == 0 || size_bytes > i64::MAX as u64 {
                return Err(Unfit::OutOfRange);
            }
            if !(1..=MAX_WEIGHT).contains(&weight) {
                return Err(Unfit::OutOfRange);
            }
            *sizes.get_mut(index).ok_or(Unfit::OutOfRange)? = Weighted { size_bytes, weight };
        }
        let list = Self { sizes };
        if list.iter().map(|size| size.weight).sum::<u32>() > MAX_WEIGHT {
            return Err(Unfit::OutOfRange);
        }
        Ok(list)
    }

    /// The sizes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Weighted> + '_ {
        self.sizes.iter().copied().filter(|size| size.weight > 0)
    }

    /// The largest of the sizes.
    pub(crate) fn largest_bytes(&self) -> u64 {
        self.iter().map(|size| size.size_bytes).max().unwrap_or(0)
    }
}

impl Sizes {
    pub(super) fn parse(text: &str) -> Result<Self, Unfit> {
        Ok(match text {
            "fixed" => Self::Fixed,
            "sweep" => Self::Sweep,
            "uniform" => Self::Uniform,
            "powers" => Self::Powers,
            list => Self::Listed(List::parse(list)?),
        })
    }

    /// Whether a series asks for several sizes.
    pub(crate) const fn are_mixed(&self) -> bool {
        !matches!(self, Self::Fixed | Self::Sweep)
    }

    /// A word for the kind of sizes, for programs.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Fixed | Self::Sweep => "fixed",
            Self::Uniform => "uniform",
            Self::Powers => "powers",
            Self::Listed(_) => "given",
        }
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed => f.write_str("fixed"),
            Self::Sweep => f.write_str("sweep"),
            Self::Uniform => f.write_str("uniform"),
            Self::Powers => f.write_str("powers"),
            Self::Listed(list) => {
                for (index, size) in list.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "," };
                    let Weighted { size_bytes, weight } = size;
                    write!(f, "{separator}{}:{weight}", BytesText(size_bytes))?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_sizes_and_weights() {
        let Ok(Sizes::Listed(list)) = Sizes::parse("64:3,4k:1,1M:6") else {
            panic!();
        };
        let sizes: Vec<_> = list
            .iter()
            .map(|one| (one.size_bytes, one.weight))
            .collect();
        assert_eq!(sizes, [(64, 3), (4096, 1), (1 << 20, 6)]);
        assert_eq!(list.largest_bytes(), 1 << 20);
        assert!(Sizes::parse("64:1000,4k:24").is_ok());
    }

    #[test]
    fn other_lists_are_refused() {
        for (text, unfit) in [
            ("", Unfit::Malformed),
            ("64", Unfit::Malformed),
            ("64:", Unfit::Malformed),
            (":1", Unfit::Malformed),
            ("64:1,", Unfit::Malformed),
            ("64:1:1", Unfit::Malformed),
            ("64:0", Unfit::OutOfRange),
            ("0:1", Unfit::OutOfRange),
            ("64:1025", Unfit::OutOfRange),
            ("64:1000,4k:25", Unfit::OutOfRange),
            ("64:99999999999", Unfit::OutOfRange),
            ("9223372036854775808:1", Unfit::OutOfRange),
            ("1:1,2:1,3:1,4:1,5:1,6:1,7:1,8:1,9:1", Unfit::OutOfRange),
        ] {
            assert_eq!(Sizes::parse(text), Err(unfit), "{text}");
        }
    }
}
