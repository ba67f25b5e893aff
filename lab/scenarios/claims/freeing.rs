// SPDX-License-Identifier: GPL-2.0

//! Claims on giving memory back, with the kernel's count of available memory as the witness.

use super::{
    ask::{
        allocate,
        request, //
    },
    claim::{
        Claim,
        Finding,
        Guide,
        Verdict, //
    },
};
use crate::{
    lab::{
        command::allocators::Allocator,
        memory::Request,
        run::Run,
        stop::Stop, //
    },
    platform::system,
};
use kernel::prelude::*;
use memalloc::inspect::Backend;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kfree-frees-kmalloc",
        guide: Guide::Both,
        text: "kfree() releases kmalloc memory.",
        check: |run| comes_back(run, &[(request(Allocator::Kmalloc, 1 << 20), 16)]),
    },
    Claim {
        id: "vfree-frees-vmalloc",
        guide: Guide::Both,
        text: "vfree() releases vmalloc memory.",
        check: |run| comes_back(run, &[(request(Allocator::Vmalloc, 8 << 20), 2)]),
    },
    Claim {
        id: "kvfree-frees-either",
        guide: Guide::Driver,
        text: "kvfree() releases memory of kmalloc and of vmalloc.",
        check: |run| {
            comes_back(
                run,
                &[
                    (request(Allocator::Kvmalloc, 1 << 20), 8),
                    (request(Allocator::Kvmalloc, 8 << 20), 1),
                ],
            )
        },
    },
    Claim {
        id: "free-pages-frees-pages",
        guide: Guide::Driver,
        text: "__free_pages() with the order releases pages.",
        check: |run| comes_back(run, &[(request(Allocator::Pages, 1 << 20), 16)]),
    },
];

/// How often to try: all of the machine allocates and frees meanwhile.
const TRIES: u32 = 5;

/// Allocates so many times, frees all, and looks how much memory went and came; again where others
/// may have hidden it.
///
/// The blocks are larger than those that each CPU keeps for itself when they are freed.
fn comes_back(run: &mut Run<'_>, requests: &[(Request, usize)]) -> Result<Finding, Stop> {
    let mut tries = 1;
    let mut found = observe(run, requests)?;
    while found.verdict() != Verdict::Holds && tries < TRIES {
        tries += 1;
        found = observe(run, requests)?;
    }
    let Observation {
        asked_bytes,
        objects,
        from_vmalloc,
        taken_bytes,
        back_bytes,
    } = found;
    Finding::new(
        found.verdict(),
        format_args!(
            "{asked_bytes} bytes in {objects} objects, {from_vmalloc} of them from vmalloc: \
             available memory fell by {taken_bytes} and rose by {back_bytes}"
        ),
    )
}

/// What became of the kernel's available memory.
struct Observation {
    asked_bytes: u64,
    objects: usize,
    from_vmalloc: usize,
    taken_bytes: u64,
    back_bytes: u64,
}

impl Observation {
    fn verdict(&self) -> Verdict {
        if self.taken_bytes < self.asked_bytes / 2 {
            Verdict::NotMeasured
        } else {
            Verdict::whether(self.back_bytes >= self.taken_bytes / 2)
        }
    }
}

fn observe(run: &mut Run<'_>, requests: &[(Request, usize)]) -> Result<Observation, Stop> {
    let before_bytes = system::available_memory_bytes();
    let mut live = KVVec::new();
    for (request, count) in requests {
        for _ in 0..*count {
            live.push(allocate(run, request)?, GFP_KERNEL)?;
        }
    }
    let held_bytes = system::available_memory_bytes();
    let asked_bytes: usize = live.iter().map(|one| one.memory.span().size_bytes()).sum();
    let objects = live.len();
    let from_vmalloc = live
        .iter()
        .filter(|one| one.memory.span().backend() == Backend::Vmalloc)
        .count();
    drop(live);
    Ok(Observation {
        asked_bytes: asked_bytes as u64,
        objects,
        from_vmalloc,
        taken_bytes: before_bytes.saturating_sub(held_bytes),
        back_bytes: system::available_memory_bytes().saturating_sub(held_bytes),
    })
}
