// SPDX-License-Identifier: GPL-2.0

//! What the module was loaded with, as settings of the laboratory.

use crate::lab::settings::{
    Addresses,
    Misuse,
    Settings, //
};
use kernel::prelude::*;

/// The module's parameters, as they were given.
pub(crate) struct Parameters {
    pub(crate) max_live_bytes: u64,
    pub(crate) timeout_ms: u64,
    pub(crate) show_addresses: u8,
    pub(crate) allow_misuse: u8,
}

impl Parameters {
    /// What they mean.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a value that has no meaning; the log says which.
    pub(crate) fn settings(&self) -> Result<Settings> {
        if self.timeout_ms == 0 {
            pr_err!("timeout_ms=0: no run could be done in that time; give at least 1\n");
            return Err(EINVAL);
        }
        Ok(Settings {
            max_live_bytes: match self.max_live_bytes {
                0 => memalloc::machine_memory_bytes() as u64 / 4,
                bytes => bytes,
            },
            timeout_ms: self.timeout_ms,
            addresses: Addresses::shown_if(is_set("show_addresses", self.show_addresses)?),
            misuse: Misuse::allowed_if(is_set("allow_misuse", self.allow_misuse)?),
        })
    }
}

/// Parameters of type `bool` are not in every release.
fn is_set(name: &str, value: u8) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => {
            pr_err!("{name}={other}: give 0 or 1\n");
            Err(EINVAL)
        }
    }
}
