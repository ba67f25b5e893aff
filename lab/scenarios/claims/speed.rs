// SPDX-License-Identifier: GPL-2.0

//! Claims on speed. Each time is the least of several, for others use the machine too; what is said
//! of them are ratios, for the times are this machine's.

use super::{
    ask::request,
    claim::{
        Claim,
        Finding,
        Guide,
        Verdict, //
    },
};
use crate::lab::{
    command::allocators::Allocator,
    run::Run,
    stop::Stop, //
};
use core::fmt;
use kernel::page::PAGE_SIZE;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-faster-than-vmalloc",
        guide: Guide::Both,
        text: "kmalloc is faster than vmalloc.",
        check: kmalloc_faster_than_vmalloc,
    },
    Claim {
        id: "kmalloc-fast-when-small",
        guide: Guide::Driver,
        text: "kmalloc is fast for small sizes.",
        check: kmalloc_fast_when_small,
    },
    Claim {
        id: "kvmalloc-speed-depends",
        guide: Guide::Driver,
        text: "How fast kvmalloc is depends on who serves it.",
        check: kvmalloc_speed_depends,
    },
];

/// The times that one size takes to be allocated and freed.
#[derive(Clone, Copy)]
struct Times {
    size_bytes: usize,
    kmalloc_ns: u64,
    vmalloc_ns: u64,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            size_bytes,
            kmalloc_ns,
            vmalloc_ns,
        } = self;
        write!(f, "{size_bytes} bytes {kmalloc_ns}:{vmalloc_ns} ns")
    }
}

/// The least time that allocating and freeing takes together; never zero.
fn least_ns(run: &mut Run<'_>, allocator: Allocator, size_bytes: usize) -> Result<u64, Stop> {
    let rounds = match size_bytes {
        0..=65536 => 64,
        _ => 16,
    };
    let request = request(allocator, size_bytes);
    let mut least_ns = u64::MAX;
    for _ in 0..rounds {
        run.checkpoint()?;
        let timed = run.allocate(&request)?;
        let allocate_ns = timed.elapsed_ns;
        least_ns = least_ns.min(allocate_ns + run.free(timed.live));
    }
    Ok(least_ns.max(1))
}

fn kmalloc_faster_than_vmalloc(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let mut times = [64, PAGE_SIZE, 64 << 10, 1 << 20].map(|size_bytes| Times {
        size_bytes,
        kmalloc_ns: 0,
        vmalloc_ns: 0,
    });
    for times in &mut times {
        times.kmalloc_ns = least_ns(run, Allocator::Kmalloc, times.size_bytes)?;
        times.vmalloc_ns = least_ns(run, Allocator::Vmalloc, times.size_bytes)?;
    }
    let faster = times
        .iter()
        .filter(|times| times.kmalloc_ns < times.vmalloc_ns)
        .count();
    let [one, two, three, four] = times;
    let verdict = match faster {
        0 => Verdict::DoesNotHold,
        4 => Verdict::Holds,
        _ => Verdict::Depends("the size: zeroing and finding the pages takes most of the time"),
    };
    Finding::new(
        verdict,
        format_args!("kmalloc:vmalloc, {one}; {two}; {three}; {four}"),
    )
}

fn kmalloc_fast_when_small(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let small_ns = least_ns(run, Allocator::Kmalloc, 64)?;
    let large_ns = least_ns(run, Allocator::Kmalloc, 64 << 10)?;
    let page_ns = least_ns(run, Allocator::Pages, PAGE_SIZE)?;
    Finding::whether(
        small_ns < large_ns && small_ns < page_ns,
        format_args!(
            "64 bytes {small_ns} ns, 64 KiB {large_ns} ns; a page of the page allocator \
             {page_ns} ns"
        ),
    )
}

fn kvmalloc_speed_depends(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let kmalloc_ns = least_ns(run, Allocator::Kmalloc, PAGE_SIZE)?;
    let kvmalloc_ns = least_ns(run, Allocator::Kvmalloc, PAGE_SIZE)?;
    let vmalloc_ns = least_ns(run, Allocator::Vmalloc, PAGE_SIZE)?;
    let is_between = kvmalloc_ns.abs_diff(kmalloc_ns) < kvmalloc_ns.abs_diff(vmalloc_ns);
    let large_bytes = 8 << 20;
    let large_ns = least_ns(run, Allocator::Kvmalloc, large_bytes)?;
    Finding::whether(
        is_between && large_ns > vmalloc_ns,
        format_args!(
            "a page: kmalloc {kmalloc_ns} ns, kvmalloc {kvmalloc_ns} ns, vmalloc {vmalloc_ns} ns; \
             8 MiB: kvmalloc {large_ns} ns"
        ),
    )
}
