// SPDX-License-Identifier: GPL-2.0

//! Why a command was refused: what was given, and what is allowed.

use super::{
    super::quantity::BytesText,
    allocators::AllocatorSet,
    keys::{
        Key,
        Parameter, //
    },
    name::Name,
};
use core::fmt;

/// A refused command. Nothing was run, and nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Complaint<'a> {
    /// There is no word in it.
    Empty,
    /// It has more bytes than [`MAX_BYTES`](super::MAX_BYTES).
    TooLong { size_bytes: usize, max_bytes: usize },
    /// A byte that is not printable ASCII.
    NotPrintable { position: usize, byte: u8 },
    /// No scenario has this name.
    UnknownScenario { name: &'a str },
    /// A word without `=`.
    NotKeyValue { word: &'a str },
    /// A key that the scenario does not take.
    UnknownKey {
        key: &'a str,
        takes: &'static [Parameter],
    },
    /// A key that has to be given, and is not.
    MissingKey { key: Key },
    /// A key that stands twice.
    DoubledKey { key: Key },
    /// A value that is not of the key's form.
    Malformed { key: Key, value: &'a str },
    /// A value of the right form that is too small or too large.
    OutOfRange { key: Key, value: &'a str },
    /// A first size above the last one.
    FromAboveTo { from_bytes: u64, to_bytes: u64 },
    /// An order above that of the largest block.
    OrderTooLarge { order: u32, max: u32 },
    /// A NUMA node that is not online.
    NodeOffline { id: u32 },
    /// A word that is not `alloc` or `free`.
    UnknownVerb { verb: &'a str },
    /// The name of something that is held already.
    NameTaken { name: Name },
    /// The name of nothing that is held.
    NameUnknown { name: Name },
    /// Several allocators where one is wanted.
    OneAllocator { given: AllocatorSet },
    /// More names than can be held.
    TooManyNames { max: usize },
    /// Values that exclude each other.
    Conflict {
        key: Key,
        value: &'a str,
        because: &'static str,
    },
}

/// The kinds of complaint that have an errno of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Not a command, or not a value: `EINVAL`.
    Invalid,
    /// A number that is too small or too large: `ERANGE`.
    OutOfRange,
    /// Too many bytes: `E2BIG`.
    TooLong,
    /// A name that is there already: `EEXIST`.
    Taken,
    /// A name that is not there: `ENOENT`.
    Unknown,
    /// A name more than can be: `ENOSPC`.
    Full,
}

impl Complaint<'_> {
    /// What kind of complaint it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::TooLong { .. } => Kind::TooLong,
            Self::NameTaken { .. } => Kind::Taken,
            Self::NameUnknown { .. } => Kind::Unknown,
            Self::TooManyNames { .. } => Kind::Full,
            Self::OutOfRange { .. } | Self::OrderTooLarge { .. } | Self::NodeOffline { .. } => {
                Kind::OutOfRange
            }
            _ => Kind::Invalid,
        }
    }
}

/// The start of a text that a user gave, short enough for one line.
struct Excerpt<'a>(&'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_CHARACTERS: usize = 40;
        match self.0.char_indices().nth(MAX_CHARACTERS) {
            None => f.write_str(self.0),
            Some((end, _)) => write!(f, "{}...", self.0.get(..end).unwrap_or_default()),
        }
    }
}

impl fmt::Display for Complaint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => {
                f.write_str("empty command; open the file and read it for what to write")
            }
            Self::TooLong {
                size_bytes,
                max_bytes,
            } => write!(
                f,
                "command of {size_bytes} bytes; one write(2) is one command of at most {max_bytes}"
            ),
            Self::NotPrintable { position, byte } => write!(
                f,
                "byte {position} is {byte:#04x}; a command is one line of printable ASCII"
            ),
            Self::UnknownScenario { name } => write!(
                f,
                "unknown scenario '{}'; the file 'scenarios' lists them",
                Excerpt(name)
            ),
            Self::NotKeyValue { word } => {
                write!(f, "'{}' is not key=value", Excerpt(word))
            }
            Self::UnknownKey { key, takes } => {
                write!(f, "unknown key '{}'; this command takes", Excerpt(key))?;
                for parameter in takes {
                    write!(f, " {}", parameter.key.name())?;
                }
                Ok(())
            }
            Self::MissingKey { key } => {
                write!(f, "{} is missing; give {}", key.name(), key.accepts())
            }
            Self::UnknownVerb { verb } => write!(
                f,
                "unknown word '{}'; write alloc name=N [key=value ...], free name=N, or free all",
                Excerpt(verb)
            ),
            Self::NameTaken { name } => {
                write!(
                    f,
                    "name={}: is held already; free it, or give another",
                    name.as_str()
                )
            }
            Self::NameUnknown { name } => {
                write!(
                    f,
                    "name={}: is not held; the file 'held' lists what is",
                    name.as_str()
                )
            }
            Self::OneAllocator { given } => write!(f, "allocator={given}: give one of them"),
            Self::TooManyNames { max } => {
                write!(
                    f,
                    "{max} names are held, and no more can be; free one first"
                )
            }
            Self::DoubledKey { key } => {
                write!(f, "{} is given twice; give it once", key.name())
            }
            Self::Malformed { key, value } => write!(
                f,
                "{}={}: give {}",
                key.name(),
                Excerpt(value),
                key.accepts()
            ),
            Self::OutOfRange { key, value } => write!(
                f,
                "{}={}: out of range; give {}",
                key.name(),
                Excerpt(value),
                key.accepts()
            ),
            Self::FromAboveTo {
                from_bytes,
                to_bytes,
            } => write!(
                f,
                "from={}: is above to={}; give from <= to",
                BytesText(from_bytes),
                BytesText(to_bytes)
            ),
            Self::OrderTooLarge { order, max } => {
                write!(
                    f,
                    "order={order}: out of range; the largest block has order {max}"
                )
            }
            Self::NodeOffline { id } => {
                write!(
                    f,
                    "node={id}: that node is not online; give any, or an online one"
                )
            }
            Self::Conflict {
                key,
                value,
                because,
            } => write!(f, "{}={}: {because}", key.name(), Excerpt(value)),
        }
    }
}
