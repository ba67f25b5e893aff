// SPDX-License-Identifier: GPL-2.0

//! Whether several got the same.

use super::super::quantity::PerMille;

/// Jain's index of `shares`: 100 % if all are the same, and one in as many if one has all.
///
/// (Σx)² ÷ (n · Σx²), of Jain, Chiu and Hawe, 1984.
pub(crate) fn jain(shares: &[u64]) -> PerMille {
    // So small that sums and squares fit.
    let most = shares.iter().copied().max().unwrap_or(0);
    let excess_bits = (u64::BITS - most.leading_zeros()).saturating_sub(24);
    let scaled = || shares.iter().map(|share| share >> excess_bits);
    let sum: u64 = scaled().sum();
    let of_squares: u128 = scaled()
        .map(|share| u128::from(share) * u128::from(share))
        .sum();
    let whole = of_squares * shares.len() as u128;
    let part = u128::from(sum) * u128::from(sum);
    let excess_bits = (u128::BITS - whole.leading_zeros()).saturating_sub(u64::BITS);
    PerMille::of((part >> excess_bits) as u64, (whole >> excess_bits) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_jains() {
        for (shares, expected) in [
            (&[][..], "0.0"),
            (&[5], "100.0"),
            (&[7, 7, 7, 7], "100.0"),
            (&[1, 0, 0, 0], "25.0"),
            (&[2, 1], "90.0"),
            (&[1, 2, 3, 4, 5], "81.8"),
            (&[0, 0], "0.0"),
            (&[u64::MAX, u64::MAX], "100.0"),
            (&[u64::MAX, 0], "50.0"),
            (&[3_000_000_000, 1_000_000_000], "80.0"),
        ] {
            assert_eq!(jain(shares).to_string(), expected, "{shares:?}");
        }
    }
}
