// SPDX-License-Identifier: GPL-2.0

//! Numbers are what they would be with twice as many bits; and a number that is shown reads back.

use super::input::Input;
use crate::quantity::{parse_bytes, parse_count, BytesText, NotANumber, PerMille};

pub(super) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    assert_eq!(parse_count(&text), model(&text, &[]));
    let suffixes = [
        ("k", 10),
        ("K", 10),
        ("m", 20),
        ("M", 20),
        ("g", 30),
        ("G", 30),
    ];
    assert_eq!(parse_bytes(&text), model(&text, &suffixes));

    let mut input = Input(input);
    let (part, whole) = (input.number(), input.number());
    for number in [
        part,
        part & part.wrapping_neg(),
        part >> 20 << 20,
        part >> 30 << 30,
    ] {
        let shown = BytesText(number).to_string();
        assert_eq!(parse_bytes(&shown), Ok(number), "{shown}");
        // No shorter text is exact.
        assert!(shown.len() <= number.to_string().len());
    }
    check_share(part, whole);
}

/// What a number is, by its definition.
fn model(text: &str, suffixes: &[(&str, u32)]) -> Result<u64, NotANumber> {
    let found = suffixes
        .iter()
        .find_map(|(suffix, shift)| Some((text.strip_suffix(suffix)?, *shift)));
    let (digits, shift) = found.unwrap_or((text, 0));
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
        // What has too many digits before it is found wanting is too large already.
        let start = digits
            .chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>();
        return Err(match too_large(&start) {
            true => NotANumber::Overflow,
            false => NotANumber::Malformed,
        });
    }
    if too_large(digits) {
        return Err(NotANumber::Overflow);
    }
    let number = digits.trim_start_matches('0').parse::<u128>().unwrap_or(0);
    u64::try_from(number << shift).map_err(|_| NotANumber::Overflow)
}

fn too_large(digits: &str) -> bool {
    let digits = digits.trim_start_matches('0');
    digits.len() > 20
        || digits
            .parse::<u128>()
            .is_ok_and(|number| number > u128::from(u64::MAX))
}

/// A share is right to a tenth of a percent, also of numbers whose product overflows.
fn check_share(part: u64, whole: u64) {
    let shown = PerMille::of(part, whole).to_string();
    let (percents, tenths) = shown.split_once('.').expect("a number with one decimal");
    let found = format!("{percents}{tenths}")
        .parse::<u128>()
        .expect("digits");
    if whole == 0 {
        assert_eq!(found, 0);
        return;
    }
    // Those that are far more than a hundred percent lose their last digits.
    if part <= whole {
        let exact = u128::from(part) * 1000 * 10 / u128::from(whole);
        assert!(
            (found * 10).abs_diff(exact) <= 6,
            "{part} of {whole}: {shown}"
        );
    }
}
