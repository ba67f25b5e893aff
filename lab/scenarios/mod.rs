// SPDX-License-Identifier: GPL-2.0

//! The scenarios, one a file.

pub(super) mod cache;
pub(super) mod claims;
pub(super) mod classes;
pub(super) mod compare;
pub(super) mod context;
pub(super) mod duplicate;
pub(super) mod fragment;
pub(super) mod gfp;
pub(super) mod latency;
pub(super) mod limits;
pub(super) mod misuse;
pub(super) mod numa;
pub(super) mod orders;
pub(super) mod overflow;
pub(super) mod probe;
pub(super) mod resize;
mod row;
pub(super) mod scale;
pub(super) mod sweep;
mod timed;
pub(super) mod unwind;
