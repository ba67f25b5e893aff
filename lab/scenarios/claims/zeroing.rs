// SPDX-License-Identifier: GPL-2.0

//! Claims on what fresh memory contains, and on the node that it comes from.
//!
//! Memory that nobody wrote to reads as zero by chance. So objects of the same size are written to
//! and freed first.

use super::{
    ask::{
        allocate,
        allocate_all,
        request,
        zeroed,
        Spacing, //
    },
    claim::{
        Claim,
        Finding,
        Guide,
        Verdict, //
    },
};
use crate::{
    lab::{command::allocators::Allocator, memory::Request, run::Run, stop::Stop},
    platform::system,
};
use core::fmt;
use kernel::page::PAGE_SIZE;
use memalloc::{
    gfp::{
        Gfp,
        MaySleep, //
    },
    initialize,
    inspect::Inspect,
    AllocatesIn,
    Count,
    KmallocBox,
    KvmallocBox,
    Node,
    Owned, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-keeps-old-contents",
        guide: Guide::Comparison,
        text: "kmalloc does not clear memory: what stood there before still does.",
        check: kmalloc_keeps_old_contents,
    },
    Claim {
        id: "kzalloc-zeroes",
        guide: Guide::Both,
        text: "kzalloc memory is all zeroes.",
        check: |run| {
            flagged(
                run,
                Allocator::Kmalloc,
                &[96, 1000, PAGE_SIZE, 5 * PAGE_SIZE],
            )
        },
    },
    Claim {
        id: "kzalloc-is-kmalloc-with-gfp-zero",
        guide: Guide::Comparison,
        text: "kzalloc is kmalloc with __GFP_ZERO.",
        check: kzalloc_is_kmalloc_with_gfp_zero,
    },
    Claim {
        id: "kcalloc-zeroes",
        guide: Guide::Driver,
        text: "kcalloc gives an array of zeroes.",
        check: |run| array::<KmallocBox<[u64]>, _>(run, Allocator::Kmalloc),
    },
    Claim {
        id: "vzalloc-zeroes",
        guide: Guide::Driver,
        text: "vzalloc memory is all zeroes.",
        check: |run| flagged(run, Allocator::Vmalloc, &[100, PAGE_SIZE, 5 * PAGE_SIZE]),
    },
    Claim {
        id: "vmalloc-node-is-kept",
        guide: Guide::Driver,
        text: "vmalloc_node() takes memory of the node asked for.",
        check: vmalloc_node_is_kept,
    },
    Claim {
        id: "kvzalloc-zeroes",
        guide: Guide::Driver,
        text: "kvzalloc memory is all zeroes.",
        check: |run| flagged(run, Allocator::Kvmalloc, &[100, PAGE_SIZE, 5 << 20]),
    },
    Claim {
        id: "kvcalloc-zeroes",
        guide: Guide::Driver,
        text: "kvcalloc gives an array of zeroes.",
        check: |run| array::<KvmallocBox<[u64]>, _>(run, Allocator::Kvmalloc),
    },
    Claim {
        id: "get-zeroed-page-zeroes",
        guide: Guide::Driver,
        text: "get_zeroed_page() gives a page of zeroes.",
        check: |run| flagged(run, Allocator::Pages, &[PAGE_SIZE]),
    },
];

/// How many objects are written to, and how many are then looked at.
const OBJECTS: usize = 24;

/// No large memory is taken so many times.
fn objects_of(size_bytes: usize) -> usize {
    match size_bytes {
        0..=65536 => OBJECTS,
        _ => 2,
    }
}

/// Writes to all of some objects, and frees them.
fn leave_dirt(run: &mut Run<'_>, request: &Request) -> Result<(), Stop> {
    let objects = objects_of(request.size_bytes);
    for mut live in allocate_all(run, request, objects)? {
        run.checkpoint()?;
        initialize::with(live.memory.bytes_mut(), |_| 0xa5);
    }
    Ok(())
}

/// How many objects came zeroed, of how many, where others had been written to.
struct Zeroed {
    zeroed: usize,
    of: usize,
}

impl fmt::Display for Zeroed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { zeroed, of } = self;
        write!(
            f,
            "{zeroed} of {of} came zeroed where others had been written to"
        )
    }
}

impl Zeroed {
    /// Asks with `asked` for what was written to with `dirtied` before.
    fn of(run: &mut Run<'_>, dirtied: &Request, asked: &Request) -> Result<Self, Stop> {
        leave_dirt(run, dirtied)?;
        let mut zeroed = 0;
        let mut live = allocate_all(run, asked, objects_of(asked.size_bytes))?;
        for one in &mut live {
            run.checkpoint()?;
            let size_bytes = one.memory.span().size_bytes();
            zeroed += usize::from(one.memory.is_zeroed(0..size_bytes));
        }
        Ok(Self {
            zeroed,
            of: live.len(),
        })
    }

    fn add(&mut self, other: Self) {
        self.zeroed += other.zeroed;
        self.of += other.of;
    }
}

/// Asks for zeroed memory of these sizes.
fn flagged(
    run: &mut Run<'_>,
    allocator: Allocator,
    sizes_bytes: &[usize],
) -> Result<Finding, Stop> {
    let mut all = Zeroed { zeroed: 0, of: 0 };
    for size_bytes in sizes_bytes {
        let dirtied = request(allocator, *size_bytes);
        all.add(Zeroed::of(run, &dirtied, &zeroed(allocator, *size_bytes))?);
    }
    Finding::whether(all.zeroed == all.of, format_args!("{all}"))
}

fn kmalloc_keeps_old_contents(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let mut all = Zeroed { zeroed: 0, of: 0 };
    for size_bytes in [96, 1000, PAGE_SIZE] {
        let plain = request(Allocator::Kmalloc, size_bytes);
        all.add(Zeroed::of(run, &plain, &plain)?);
    }
    let switch = |is_on| if is_on { "on" } else { "off" };
    let has_data_beside = Spacing::measure(run)?.has_data_beside();
    let verdict = match all.zeroed {
        zeroed if zeroed == all.of => Verdict::DoesNotHold,
        _ if has_data_beside => Verdict::Depends(
            "the kernel's checks: slab debugging overwrites what is freed, KASAN holds it back",
        ),
        0 => Verdict::Holds,
        _ => Verdict::Depends("what is given: an object that was used before, or fresh memory"),
    };
    Finding::new(
        verdict,
        format_args!(
            "{all}, not having been asked to; init_on_alloc is {}, init_on_free is {}",
            switch(system::init_on_alloc()),
            switch(system::init_on_free())
        ),
    )
}

fn kzalloc_is_kmalloc_with_gfp_zero(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let mut all = Zeroed { zeroed: 0, of: 0 };
    let (mut sizes, mut same) = (0_u64, 0_u64);
    for size_bytes in [33, 96, 2000, 3 * PAGE_SIZE] {
        let plain = request(Allocator::Kmalloc, size_bytes);
        let zeroed = zeroed(Allocator::Kmalloc, size_bytes);
        all.add(Zeroed::of(run, &plain, &zeroed)?);
        let (one, other) = (allocate(run, &plain)?, allocate(run, &zeroed)?);
        sizes += 1;
        same += u64::from(
            one.memory.span().backend() == other.memory.span().backend()
                && plain.predicted_bytes() == zeroed.predicted_bytes(),
        );
    }
    Finding::whether(
        all.zeroed == all.of && same == sizes,
        format_args!("with that flag {all}; {same} of {sizes} sizes have the same backend"),
    )
}

/// An owner of an array, which the laboratory makes by itself.
trait ZeroedArray<M>: Inspect + Sized {
    /// An array of this many zeroes.
    fn make(count: usize) -> Option<Self>;
}

impl<M> ZeroedArray<M> for Owned<[u64], M>
where
    M: AllocatesIn<MaySleep>,
    Self: Inspect,
{
    fn make(count: usize) -> Option<Self> {
        let count = Count::new(count).ok()?;
        Self::zeroed_array(count, Gfp::KERNEL.nowarn()).ok()
    }
}

/// Asks for arrays of zeroes.
fn array<A: ZeroedArray<M>, M>(run: &mut Run<'_>, allocator: Allocator) -> Result<Finding, Stop> {
    let mut all = Zeroed { zeroed: 0, of: 0 };
    for elements in [12, 500, 2500] {
        let plain = request(allocator, elements * size_of::<u64>());
        leave_dirt(run, &plain)?;
        for _ in 0..OBJECTS {
            run.checkpoint()?;
            let receipt = run.book(allocator, plain.charge_bytes())?;
            let mut array = A::make(elements).ok_or(Stop::out_of_memory(&plain))?;
            let size_bytes = array.span().size_bytes();
            all.of += 1;
            all.zeroed += usize::from(array.is_zeroed(0..size_bytes));
            drop(array);
            drop(receipt);
        }
    }
    Finding::whether(all.zeroed == all.of, format_args!("{all}"))
}

fn vmalloc_node_is_kept(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut pages, mut elsewhere, mut nodes) = (0_u64, 0_u64, 0_u64);
    for (id, node) in (0..64).filter_map(|id| Some((id, Node::online(id)?))) {
        let request = Request {
            node,
            ..request(Allocator::Vmalloc, 64 * PAGE_SIZE)
        };
        let live = allocate(run, &request)?;
        nodes += 1;
        for frame in live.memory.span().page_frames() {
            pages += 1;
            elsewhere += u64::from(frame.node != id);
        }
    }
    let verdict = if elsewhere == 0 {
        Verdict::Holds
    } else {
        Verdict::Depends("what the node has left: it is a preference")
    };
    Finding::new(
        verdict,
        format_args!(
            "{elsewhere} of {pages} pages lie elsewhere, with {nodes} nodes to choose from"
        ),
    )
}
