// SPDX-License-Identifier: GPL-2.0

//! What a run says: a table for people, and JSON Lines for programs, from the same cells.

pub(crate) mod cell;
pub(crate) mod json;
pub(crate) mod recorder;
pub(crate) mod table;
pub(crate) mod text;
