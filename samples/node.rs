// SPDX-License-Identifier: GPL-2.0

//! Memory of a NUMA node, such as the one that a device is on.

mod repeat;

use core::mem::MaybeUninit;
use kernel::{
    prelude::*,
    sizes::SZ_64K, //
};
use memalloc::{
    gfp::Gfp,
    inspect::Inspect,
    Bytes,
    KmallocBox,
    Node,
    VmallocBox, //
};

module! {
    type: Queues,
    name: "sample_node_rust",
    authors: ["The rust_memalloc authors"],
    description: "Memory of a node, in Rust",
    license: "GPL",
}

const QUEUE_BYTES: usize = 512;
const RING_BYTES: usize = SZ_64K;
/// The most nodes that any configuration of the kernel has.
const MAX_NODES: u32 = 1024;

struct Queues {
    queue: KmallocBox<MaybeUninit<[u8; QUEUE_BYTES]>>,
    ring: VmallocBox<[MaybeUninit<u8>]>,
    completions: VmallocBox<[u8]>,
}

impl Queues {
    fn create(node: Node) -> Result<Self> {
        let ring_size = Bytes::new(RING_BYTES)?;
        Ok(Self {
            queue: KmallocBox::new_uninit_on(Gfp::KERNEL, node)?,
            ring: VmallocBox::bytes_on(ring_size, Gfp::KERNEL, node)?,
            completions: VmallocBox::zeroed_bytes_on(ring_size, Gfp::KERNEL, node)?,
        })
    }
}

/// The node of the first page.
fn node_of(memory: &impl Inspect) -> Result<u32> {
    let first = memory.span().page_frames().next().ok_or(EINVAL)?;
    Ok(first.node)
}

impl kernel::Module for Queues {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        // C's `first_online_node`, which need not be 0.
        let node = (0..MAX_NODES).find_map(Node::online).ok_or(ENODEV)?;
        repeat::repeat(c"create", || Self::create(node).map(drop));
        let queues = Self::create(node)?;
        pr_info!(
            "the queue is on node {}, the rings on nodes {} and {}\n",
            node_of(&queues.queue)?,
            node_of(&queues.ring)?,
            node_of(&queues.completions)?
        );
        Ok(queues)
    }
}
