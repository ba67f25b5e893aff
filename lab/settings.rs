// SPDX-License-Identifier: GPL-2.0

//! What the module was loaded with.

/// Whether answers contain raw addresses and page frame numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addresses {
    /// Offsets and lengths only.
    Hidden,
    /// Raw.
    Shown,
}

impl Addresses {
    /// As the module parameter `show_addresses` says.
    pub(crate) fn shown_if(is_asked_for: bool) -> Self {
        match is_asked_for {
            true => Self::Shown,
            false => Self::Hidden,
        }
    }
}

/// Whether the rules of memory allocation may be broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misuse {
    /// No.
    Refused,
    /// By the scenario `misuse`.
    Allowed,
}

impl Misuse {
    /// As the module parameter `allow_misuse` says.
    pub(crate) fn allowed_if(is_asked_for: bool) -> Self {
        match is_asked_for {
            true => Self::Allowed,
            false => Self::Refused,
        }
    }
}

/// The module's parameters, with their defaults settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The budget for all live allocations together, in bytes.
    pub(crate) max_live_bytes: u64,
    /// The longest that a run may take, in milliseconds.
    pub(crate) timeout_ms: u64,
    /// Whether answers contain raw addresses.
    pub(crate) addresses: Addresses,
    /// Whether rules may be broken on purpose.
    pub(crate) misuse: Misuse,
}
