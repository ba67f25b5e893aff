// SPDX-License-Identifier: GPL-2.0

//! NUMA nodes.

use crate::ffi;
use core::fmt;
use kernel::ffi::c_int;

/// The node that memory is asked from.
///
/// # Invariants
///
/// `id` is `NUMA_NO_NODE`, or was an online node when the value was made.
///
/// A node can go offline later. Its data stays (`NODE_DATA()` is never freed), so that to ask such a
/// node is safe, and prefers a node without memory. With `thisnode()` the page allocator logs a warning
/// about it where it otherwise warns of nothing: with `nowarn()`, or with `NOWAIT`, which contains that
/// (`warn_if_node_offline()`, `include/linux/gfp.h`).
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Bytes, KvmallocBox, Node};
///
/// // The node that somebody asks for by its number, if there is such a one.
/// let node = Node::online(0).unwrap_or(Node::ANY);
/// let table = KvmallocBox::zeroed_bytes_on(Bytes::new(100_000)?, Gfp::KERNEL, node)?;
///
/// assert_eq!(Node::online(u32::MAX), None);
/// assert!(Node::ANY.is_any());
/// # Ok::<(), kernel::error::Error>(())
/// ```
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

    /// The node's number; none for [`ANY`](Self::ANY).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::Node;
    ///
    /// assert_eq!(Node::ANY.number(), None);
    /// if let Some(node) = Node::online(0) {
    ///     assert_eq!(node.number(), Some(0));
    /// }
    /// ```
    pub fn number(self) -> Option<u32> {
        // By the type invariants other numbers than `NUMA_NO_NODE` are not negative.
        u32::try_from(self.id).ok()
    }

    /// The number as the kernel's functions take it.
    #[inline(always)]
    pub(crate) fn raw(self) -> c_int {
        self.id
    }

    /// This node, or for [`ANY`](Self::ANY) the one nearest to the current CPU that has memory, for
    /// functions that want a real node.
    pub(crate) fn or_nearest(self) -> Self {
        if !self.is_any() {
            return self;
        }
        // INVARIANT: A CPU's nearest node with memory is online.
        Self {
            // SAFETY: The helper reads a variable of the current CPU.
            id: unsafe { ffi::memalloc_numa_mem_id() },
        }
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
