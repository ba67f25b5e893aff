// SPDX-License-Identifier: GPL-2.0

//! Errnos that the kernel crate does not name in every release.

use kernel::{
    bindings,
    error::Error,
    ffi::c_int, //
};

/// `ECANCELED`.
pub(crate) fn canceled() -> Error {
    Error::from_errno(-(bindings::ECANCELED as c_int))
}

/// `EDQUOT`.
pub(crate) fn over_quota() -> Error {
    Error::from_errno(-(bindings::EDQUOT as c_int))
}
