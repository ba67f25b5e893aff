// SPDX-License-Identifier: GPL-2.0

//! How long allocations and frees take: every one timed on its own.
//!
//! ```text
//! operation     one way to allocate, of one family, through the library or through C
//! plan          which sizes, how many
//! patterns      the loops
//! recording     what was timed, and what came between
//! parallel      the same on several CPUs at once
//! ```
//!
//! In a loop, an operation has two looks at the clock and one count in a histogram beside it. All
//! else is done between operations.

pub(super) mod fairness;
pub(super) mod halt;
pub(super) mod histogram;
pub(super) mod operation;
pub(super) mod parallel;
pub(super) mod patterns;
pub(super) mod plan;
pub(super) mod random;
pub(super) mod recording;
pub(super) mod sampler;
pub(super) mod shares;
pub(super) mod slots;
