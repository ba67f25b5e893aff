// SPDX-License-Identifier: GPL-2.0

//! Filling a node, within bounds.

use crate::{
    lab::{
        command::{
            allocators::Allocator,
            flags::{
                GfpBase,
                GfpFlags,
                Modifier, //
            },
        },
        measure::Held,
        memory::Request,
        run::Run,
        stop::{
            Stop,
            Why, //
        },
    },
    platform::system,
};
use memalloc::{
    machine_memory_bytes,
    Node,
    Order, //
};

/// How the filling of a node ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    /// The node has no page left for a request that does not wait.
    Full,
    /// The budget was used up.
    Budget,
    /// A block would take too much of what is available now.
    Available,
    /// The other nodes have too little for all else that runs here.
    Others,
    /// There is no other node.
    OnlyNode,
}

impl Filling {
    /// The node's state, for the column of a table.
    pub(super) const fn state(self) -> &'static str {
        match self {
            Self::Full => "full",
            _ => "filled",
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Full => "full: not a page for a request that does not wait",
            Self::Budget => "not full: the budget is used up (module parameter max_live_bytes)",
            Self::Available => "not full: a block more is over half of what is available now",
            Self::Others => "not full: the other nodes have too little for all else that runs",
            Self::OnlyNode => "not tried: to fill the only node would starve the machine",
        }
    }
}

/// What was taken from a node.
pub(super) struct Filled {
    node: Node,
    held: Held,
    size_bytes: u64,
}

impl Filled {
    /// Nothing yet.
    pub(super) fn new(node: Node) -> Self {
        Self {
            node,
            held: Held::new(),
            size_bytes: 0,
        }
    }

    /// How many bytes were taken.
    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Takes the node's blocks, the largest first, until there is none, or none may be taken.
    ///
    /// It does not wait, so that nothing is reclaimed for it but what the node's own thread finds.
    pub(super) fn fill(&mut self, run: &mut Run<'_>) -> Result<Filling, Stop> {
        let kept_bytes = machine_memory_bytes() as u64 / 4;
        let flags = GfpFlags::plain(GfpBase::Nowait).with(Modifier::Thisnode);
        for order in (0..=Order::MAX.get()).rev() {
            let Ok(order) = Order::new(order) else {
                continue;
            };
            let request = Request {
                node: self.node,
                ..Request::plain(Allocator::Pages, order.size_bytes(), flags)
            };
            loop {
                run.checkpoint()?;
                if system::available_memory_bytes() < kept_bytes {
                    return Ok(Filling::Others);
                }
                match run.try_allocate(&request)? {
                    Ok(timed) => {
                        self.size_bytes += order.size_bytes() as u64;
                        self.held.push(timed.live)?;
                    }
                    Err(unmet) if unmet.why == Why::OutOfMemory => break,
                    Err(unmet) => {
                        return Ok(match unmet.why {
                            Why::OverLimit(over) if over.is_budget() => Filling::Budget,
                            _ => Filling::Available,
                        })
                    }
                }
            }
        }
        Ok(Filling::Full)
    }
}
