// SPDX-License-Identifier: GPL-2.0

//! Lines of the kernel's log are headlines or are not; no line is too strange to be looked at, and no
//! address gets through.

use crate::headline::Headline;

pub(super) fn check(input: &[u8]) {
    let line = String::from_utf8_lossy(input);
    let Some(headline) = Headline::in_line(&line) else {
        return;
    };
    assert!(!headline.detector.name().is_empty());
    assert!(line.contains(headline.text));
    // Where an address of the kernel's may stand.
    for place in [" in ", " at ", " for "] {
        assert!(!headline.text.contains(place), "{line}");
    }
    // Stamps do not matter.
    let stamped = format!("[  123.456789][  T42] {line}");
    let again = Headline::in_line(&stamped).map(|again| (again.detector, again.text.to_owned()));
    assert_eq!(again, Some((headline.detector, headline.text.to_owned())));
}
