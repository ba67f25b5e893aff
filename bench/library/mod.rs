// SPDX-License-Identifier: GPL-2.0

//! The paths through the library.
//!
//! A block of pages does not escape: it is larger than a pointer, and would be written to the stack
//! for it. The compiler knows nothing of the functions that it calls with it, and drops none of them.

pub(crate) mod changing;
pub(crate) mod constant;
pub(crate) mod variable;

/// What kmemdup copies: nothing that the compiler knows, but for the size.
pub(crate) static SOURCE: [u8; 65536] = [0; 65536];
