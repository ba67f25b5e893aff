// SPDX-License-Identifier: GPL-2.0

//! The scenarios, one a file.

pub(super) mod compare;
pub(super) mod orders;
pub(super) mod probe;
mod row;
pub(super) mod sweep;
