// SPDX-License-Identifier: GPL-2.0

//! Claims on where the pages lie in physical memory.

use super::{
    ask::{
        allocate,
        request,
        runs_of,
        Contiguous, //
    },
    claim::{
        Claim,
        Finding,
        Guide,
        Verdict, //
    },
};
use crate::lab::{
    command::allocators::Allocator,
    pattern,
    run::Run,
    stop::Stop, //
};
use kernel::page::PAGE_SIZE;
use memalloc::{
    gfp,
    inspect::Backend,
    TakesBytes, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-contiguous",
        guide: Guide::Both,
        text: "kmalloc memory is physically contiguous.",
        check: kmalloc_contiguous,
    },
    Claim {
        id: "vmalloc-never-contiguous",
        guide: Guide::Driver,
        text: "vmalloc memory is not physically contiguous.",
        check: vmalloc_never_contiguous,
    },
    Claim {
        id: "vmalloc-promises-virtual-only",
        guide: Guide::Comparison,
        text: "vmalloc promises virtual contiguity only.",
        check: vmalloc_promises_virtual_only,
    },
    Claim {
        id: "vmalloc-virtually-contiguous",
        guide: Guide::Both,
        text: "vmalloc memory is one range of virtual addresses.",
        check: vmalloc_virtually_contiguous,
    },
    Claim {
        id: "kvmalloc-maybe-contiguous",
        guide: Guide::Driver,
        text: "kvmalloc memory may be physically contiguous, or not.",
        check: kvmalloc_maybe_contiguous,
    },
    Claim {
        id: "kvmalloc-tries-kmalloc-first",
        guide: Guide::Driver,
        text: "kvmalloc tries kmalloc first.",
        check: kvmalloc_tries_kmalloc_first,
    },
    Claim {
        id: "kvmalloc-falls-back-to-vmalloc",
        guide: Guide::Driver,
        text: "Where kmalloc has nothing, kvmalloc falls back to vmalloc.",
        check: kvmalloc_falls_back_to_vmalloc,
    },
];

/// Sizes of several pages, not all of them powers of two.
const SIZES_BYTES: &[usize] = &[
    2 * PAGE_SIZE,
    3 * PAGE_SIZE,
    4 * PAGE_SIZE,
    7 * PAGE_SIZE,
    128 << 10,
    1 << 20,
    4 << 20,
];

fn kmalloc_contiguous(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let all = Contiguous::of(run, Allocator::Kmalloc, SIZES_BYTES)?;
    Finding::whether(
        all.single == all.given,
        format_args!(
            "{} of {} sizes in one run, the longest of {} pages",
            all.single, all.given, all.longest_pages
        ),
    )
}

fn vmalloc_never_contiguous(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let all = Contiguous::of(run, Allocator::Vmalloc, SIZES_BYTES)?;
    Finding::whether(
        all.single == 0,
        format_args!(
            "{} of {} sizes in one run, the longest of {} pages",
            all.single, all.given, all.longest_pages
        ),
    )
}

fn vmalloc_promises_virtual_only(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let sizes_bytes = [
        3 * PAGE_SIZE,
        7 * PAGE_SIZE,
        15 * PAGE_SIZE,
        31 * PAGE_SIZE,
        8 << 20,
        12 << 20,
    ];
    let all = Contiguous::of(run, Allocator::Vmalloc, &sizes_bytes)?;
    let verdict = if all.single < all.given {
        Verdict::Holds
    } else {
        Verdict::Depends("what is free: all were contiguous, which nothing promises")
    };
    Finding::new(
        verdict,
        format_args!(
            "{} of {} sizes in one run, others in up to {}; the owner's type has no physical \
             address",
            all.single, all.given, all.runs_max
        ),
    )
}

fn vmalloc_virtually_contiguous(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let mut live = allocate(run, &request(Allocator::Vmalloc, (1 << 20) + PAGE_SIZE))?;
    let runs = runs_of(run, live.memory.span())?;
    let bytes = live.memory.bytes_mut();
    pattern::write_and_verify(run, bytes)?;
    Finding::whether(
        true,
        format_args!(
            "{} bytes written and read back in a row, over {} physical runs",
            bytes.len(),
            runs.count()
        ),
    )
}

fn kvmalloc_maybe_contiguous(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let small = Contiguous::of(run, Allocator::Kvmalloc, &[2 * PAGE_SIZE, 16 * PAGE_SIZE])?;
    let large_bytes = gfp::Kmalloc::MAX_BYTES;
    let large = Contiguous::of(
        run,
        Allocator::Kvmalloc,
        &[
            large_bytes + 3 * PAGE_SIZE,
            2 * large_bytes,
            3 * large_bytes,
        ],
    )?;
    let given = small.given + large.given;
    let single = small.single + large.single;
    let verdict = if single > 0 && single < given {
        Verdict::Holds
    } else {
        Verdict::Depends("what is free: all were alike now")
    };
    Finding::new(
        verdict,
        format_args!(
            "in one run: {} of {} sizes that kmalloc can give, {} of {} larger ones",
            small.single, small.given, large.single, large.given
        ),
    )
}

fn kvmalloc_tries_kmalloc_first(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let sizes_bytes = [
        1,
        100,
        PAGE_SIZE,
        2 * PAGE_SIZE,
        4 * PAGE_SIZE,
        8 * PAGE_SIZE,
    ];
    let mut from_kmalloc = 0;
    for size_bytes in sizes_bytes {
        let live = allocate(run, &request(Allocator::Kvmalloc, size_bytes))?;
        from_kmalloc += usize::from(live.memory.span().backend() != Backend::Vmalloc);
    }
    let verdict = match from_kmalloc {
        0 => Verdict::DoesNotHold,
        _ if from_kmalloc == sizes_bytes.len() => Verdict::Holds,
        _ => Verdict::Depends("what is free: kmalloc's attempt gives up early"),
    };
    Finding::new(
        verdict,
        format_args!(
            "{from_kmalloc} of {} sizes up to 8 pages came from kmalloc",
            sizes_bytes.len()
        ),
    )
}

fn kvmalloc_falls_back_to_vmalloc(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let size_bytes = 2 * gfp::Kmalloc::MAX_BYTES;
    let live = allocate(run, &request(Allocator::Kvmalloc, size_bytes))?;
    let backend = live.memory.span().backend();
    Finding::whether(
        backend == Backend::Vmalloc,
        format_args!("{size_bytes} bytes came from {}", backend.name()),
    )
}
