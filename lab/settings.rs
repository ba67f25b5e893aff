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

/// The module's parameters, with their defaults settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The budget for all live allocations together, in bytes.
    pub(crate) max_live_bytes: u64,
    /// The longest that a run may take, in milliseconds.
    pub(crate) timeout_ms: u64,
    /// Whether answers contain raw addresses.
    pub(crate) addresses: Addresses,
}
