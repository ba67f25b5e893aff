// SPDX-License-Identifier: GPL-2.0

//! NUMA nodes.

use crate::ffi;
use core::fmt;
use kernel::ffi::c_int;

/// The node that memory is asked from.
///
/// # Invariants
///
/// `id` is `NUMA_NO_NODE` or was an online node when the value was made. (A node's data outlives
/// its memory going offline, so that a stale value prefers an empty node and no more.)
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Node {
    id: c_int,
}

impl Node {
    /// No preference: the kernel takes the current CPU's node, or follows the task's policy.
    // INVARIANT: The constant that the invariant names.
    pub const ANY: Self = Self {
        id: ffi::RAW_NUMA_NO_NODE,
    };

    /// The node with number `id`, if it is online.
    pub fn online(id: u32) -> Option<Self> {
        let id = c_int::try_from(id).ok()?;
        // SAFETY: The helper compares `id` with the bounds of the node mask before it reads it.
        if !unsafe { ffi::memalloc_node_is_online(id) } {
            return None;
        }
        // INVARIANT: We just checked that the node is online.
        Some(Self { id })
    }

    /// The number as the kernel's functions take it.
    #[inline(always)]
    pub(crate) fn raw(self) -> c_int {
        self.id
    }

    /// Whether this is [`ANY`](Self::ANY).
    pub fn is_any(self) -> bool {
        self == Self::ANY
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            f.write_str("any")
        } else {
            write!(f, "{}", self.id)
        }
    }
}
