// SPDX-License-Identifier: GPL-2.0

//! Numbers as people write them: `4096`, `4k`, `2M`.

use core::fmt;

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotANumber {
    /// Something other than digits and one suffix.
    Malformed,
    /// More than 64 bits.
    Overflow,
}

/// Parses a decimal number without sign.
pub(crate) fn parse_count(text: &str) -> Result<u64, NotANumber> {
    if text.is_empty() {
        return Err(NotANumber::Malformed);
    }
    let mut number: u64 = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return Err(NotANumber::Malformed);
        }
        number = number
            .checked_mul(10)
            .and_then(|number| number.checked_add(u64::from(byte - b'0')))
            .ok_or(NotANumber::Overflow)?;
    }
    Ok(number)
}

/// Parses a number of bytes: a decimal number, with an optional suffix `k`, `M` or `G` in either
/// case, which stand for powers of 1024.
pub(crate) fn parse_bytes(text: &str) -> Result<u64, NotANumber> {
    let shift = match text.bytes().last() {
        Some(b'k' | b'K') => 10,
        Some(b'm' | b'M') => 20,
        Some(b'g' | b'G') => 30,
        _ => return parse_count(text),
    };
    let digits = text.get(..text.len() - 1).ok_or(NotANumber::Malformed)?;
    parse_count(digits)?
        .checked_mul(1 << shift)
        .ok_or(NotANumber::Overflow)
}

/// Writes a number of bytes the way [`parse_bytes`] reads it, as short as is exact: `4K`, `4097`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BytesText(pub(crate) u64);

impl fmt::Display for BytesText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (shift, suffix) in [(30, "G"), (20, "M"), (10, "K")] {
            let unit: u64 = 1 << shift;
            if self.0 >= unit && self.0 % unit == 0 {
                return write!(f, "{}{suffix}", self.0 >> shift);
            }
        }
        write!(f, "{}", self.0)
    }
}

/// A share in tenths of a percent, for there is no floating point in the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PerMille(u64);

impl PerMille {
    /// `part` of `whole`, rounded to the nearest tenth of a percent; zero of nothing is zero.
    pub(crate) fn of(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self(0);
        }
        // Shifted until a thousand times as much fits; what is lost is far below a tenth.
        let excess_bits = (u64::BITS - part.leading_zeros()).saturating_sub(53);
        let part = part >> excess_bits;
        let whole = (whole >> excess_bits).max(1);
        Self((part * 1000 + whole / 2) / whole)
    }
}

impl fmt::Display for PerMille {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_suffixes_in_either_case() {
        for (text, expected) in [
            ("0", 0),
            ("1", 1),
            ("4096", 4096),
            ("4k", 4096),
            ("4K", 4096),
            ("2m", 2 << 20),
            ("2M", 2 << 20),
            ("1g", 1 << 30),
            ("0k", 0),
            ("18446744073709551615", u64::MAX),
            ("17179869183G", 17_179_869_183 << 30),
        ] {
            assert_eq!(parse_bytes(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn malformed_numbers_are_refused() {
        for text in [
            "", "k", "-1", "+1", " 1", "1 ", "0x10", "1e3", "1.5", "1kk", "1KiB", "1t", "１",
        ] {
            assert_eq!(parse_bytes(text), Err(NotANumber::Malformed), "{text}");
        }
    }

    #[test]
    fn overflowing_numbers_are_refused() {
        for text in [
            "18446744073709551616",
            "99999999999999999999999",
            "17179869184G",
            "18446744073709551615k",
        ] {
            assert_eq!(parse_bytes(text), Err(NotANumber::Overflow), "{text}");
        }
    }

    #[test]
    fn bytes_text_reads_back_exactly() {
        for bytes in (0..20_000).chain([1 << 20, (1 << 20) + 1, 3 << 30, u64::MAX]) {
            assert_eq!(parse_bytes(&BytesText(bytes).to_string()), Ok(bytes));
        }
    }

    #[test]
    fn shares_round_to_the_nearest_tenth() {
        for (part, whole, expected) in [
            (0, 0, "0.0"),
            (1, 0, "0.0"),
            (1, 3, "33.3"),
            (2, 3, "66.7"),
            (1, 1, "100.0"),
            (7, 8, "87.5"),
            (u64::MAX, u64::MAX, "100.0"),
            (3, 2, "150.0"),
            (u64::MAX / 2, u64::MAX, "50.0"),
            (1, u64::MAX, "0.0"),
        ] {
            assert_eq!(PerMille::of(part, whole).to_string(), expected);
        }
    }
}
