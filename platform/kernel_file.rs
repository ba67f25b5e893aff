// SPDX-License-Identifier: GPL-2.0

//! Small files in which the kernel tells its settings, for those that are not exported to modules.

use super::ffi;
use core::{
    ffi::CStr,
    str, //
};
use kernel::{
    error::to_result,
    prelude::*, //
};

/// The most that is read of a file, in bytes: that of a command line on x86 is 2048.
const MAX_BYTES: usize = 4096;

/// The text of one of the kernel's files.
///
/// # Invariants
///
/// It is UTF-8.
pub(crate) struct Words(KVec<u8>);

impl Words {
    /// The words, separated by white space.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        // By the type invariants there is no other case.
        str::from_utf8(&self.0)
            .unwrap_or_default()
            .split_ascii_whitespace()
    }
}

/// The words in a file, as far as the current task may read it; `None` if it cannot, or if the file is
/// too long or no text.
///
/// Context: may sleep.
pub(crate) fn words_in(path: &CStr) -> Option<Words> {
    let mut bytes = KVec::from_elem(0_u8, MAX_BYTES, GFP_KERNEL).ok()?;
    // SAFETY: The path ends in a NUL, and the buffer has this many bytes.
    let read_bytes = unsafe {
        ffi::platform_read_file(path.as_char_ptr(), bytes.as_mut_ptr().cast(), bytes.len())
    };
    let read_bytes = usize::try_from(read_bytes).ok()?;
    if read_bytes == MAX_BYTES {
        return None;
    }
    bytes.truncate(read_bytes);
    str::from_utf8(&bytes).ok()?;
    // INVARIANT: It was just looked at.
    Some(Words(bytes))
}

/// The number that a file begins with; `None` if it cannot be read, or begins otherwise.
///
/// Context: may sleep.
pub(crate) fn number_in(path: &CStr) -> Option<i64> {
    words_in(path)?.iter().next()?.parse().ok()
}

/// Writes to a file, as far as the current task may.
///
/// # Errors
///
/// Those of opening and of writing the file.
///
/// Context: may sleep.
pub(crate) fn write_to(path: &CStr, text: &str) -> Result {
    // SAFETY: The path ends in a NUL, and the text has this many bytes.
    to_result(unsafe {
        ffi::platform_write_file(path.as_char_ptr(), text.as_ptr().cast(), text.len())
    })
}
