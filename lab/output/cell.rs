// SPDX-License-Identifier: GPL-2.0

//! Columns and cells: what a figure is called, and the figure.

use super::super::quantity::PerMille;
use core::fmt;

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A column of a table, and a member of a JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    /// The member's name, with its unit.
    pub(crate) key: &'static str,
    /// The column's heading.
    pub(crate) title: &'static str,
    /// The column's width, in characters; a longer cell pushes the rest to the right.
    pub(crate) width: usize,
    /// Where the cells stand.
    pub(crate) side: Side,
}

impl Column {
    /// A column of words.
    pub(crate) const fn left(key: &'static str, title: &'static str, width: usize) -> Self {
        Self {
            key,
            title,
            width,
            side: Side::Left,
        }
    }

    /// A column of numbers.
    pub(crate) const fn right(key: &'static str, title: &'static str, width: usize) -> Self {
        Self {
            key,
            title,
            width,
            side: Side::Right,
        }
    }
}

/// A figure.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'a> {
    /// There is none: `-` for people, `null` for programs.
    Nothing,
    /// A number.
    Number(u64),
    /// A number of bytes, written `4K` for people.
    Bytes(u64),
    /// The largest of several numbers of bytes, written `<=4K` for people.
    BytesAtMost(u64),
    /// A share, in percent.
    Percent(PerMille),
    /// How many of how many; for programs two numbers, of which the second is called `…_of`.
    OutOf(u64, u64),
    /// `yes` or `no`, for programs `true` or `false`.
    Truth(bool),
    /// A number in hexadecimal; for programs a string.
    Hex(u64),
    /// A difference.
    Signed(i64),
    /// Words.
    Words(&'a str),
    /// Something that writes itself.
    Shown(&'a dyn fmt::Display),
}

impl From<Option<u64>> for Cell<'_> {
    /// A number, if there is one.
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}
