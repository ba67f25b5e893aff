// SPDX-License-Identifier: GPL-2.0

//! What one allocation is, and what a series of them has in common.

mod held;
mod observation;
mod series;

pub(crate) use held::Held;
pub(crate) use observation::Observation;
pub(crate) use series::{
    Room,
    Series, //
};
