// SPDX-License-Identifier: GPL-2.0

//! `__GFP_ACCOUNT`: which caches objects come from, and which pages are charged.

use super::row::{
    Row,
    Share,
    Verdict,
    NO_MEMORY, //
};
use crate::lab::{
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
    stop::Stop,
};
use kernel::prelude::*;
use memalloc::inspect::Pfn;

/// Many objects of this size fit a page, so that objects of one cache share pages.
const OBJECT_BYTES: usize = 64;

/// How many objects of each kind are looked at.
const OBJECTS: usize = 64;

/// More than the caches of kmalloc hold, so that the pages are the allocation's own.
const LARGE_BYTES: usize = 32 << 10;

/// Looks at objects of kmalloc: an accounted one never shares a page with one that is not, if they
/// come from different caches.
pub(super) fn objects(run: &mut Run<'_>) -> Result<(), Stop> {
    let (plain, accounted) = masks();
    let without = share_pages(run, plain, plain)?;
    let with = share_pages(run, plain, accounted)?;
    Row {
        flag: "account",
        looked_at: "share a page with a plain object",
        allocator: Some(Allocator::Kmalloc),
        without: Some(without),
        with: Some(with),
        verdict: match (without.part, with.part) {
            (1.., 0) if with.whole > 0 => Verdict::Observed,
            _ => Verdict::NotObserved,
        },
        note: match (without.part, with.part) {
            _ if with.whole == 0 => NO_MEMORY,
            (1.., 0) => "accounted objects have caches of their own, kmalloc-cg-*",
            (0, _) => "no two objects share a page here",
            _ => "the same caches: no CONFIG_MEMCG, or cgroup.memory=nokmem",
        },
    }
    .write(run)
}

/// Looks at whole pages.
pub(super) fn pages(run: &mut Run<'_>, allocator: Allocator, count: u64) -> Result<(), Stop> {
    let (plain, accounted) = masks();
    let without = charged(run, allocator, plain, count)?;
    let with = charged(run, allocator, accounted, count)?;
    Row {
        flag: "account",
        looked_at: "charged to a cgroup",
        allocator: Some(allocator),
        without: Some(without),
        with: Some(with),
        verdict: match (without.part, with.part) {
            (0, 1..) => Verdict::Observed,
            _ => Verdict::NotObserved,
        },
        note: match with.part {
            1.. => "",
            _ if with.whole == 0 => NO_MEMORY,
            _ => "the root cgroup is not charged, nor is any with cgroup.memory=nokmem",
        },
    }
    .write(run)
}

fn masks() -> (GfpFlags, GfpFlags) {
    let plain = GfpFlags::plain(GfpBase::Kernel);
    (plain, plain.with(Modifier::Account))
}

/// Allocates objects under two masks in turn, and counts those under the second that lie in a page
/// with one under the first.
fn share_pages(run: &mut Run<'_>, first: GfpFlags, second: GfpFlags) -> Result<Share, Stop> {
    let mut held = Held::new();
    let mut frames: [KVec<Pfn>; 2] = Default::default();
    for _ in 0..OBJECTS {
        run.checkpoint()?;
        for (flags, frames) in [first, second].into_iter().zip(&mut frames) {
            let request = Request::plain(Allocator::Kmalloc, OBJECT_BYTES, flags);
            let Ok(timed) = run.try_allocate(&request)? else {
                continue;
            };
            if let Some(frame) = timed.live.memory.span().page_frames().next() {
                frames.push(frame.pfn, GFP_KERNEL)?;
            }
            held.push(timed.live)?;
        }
    }
    let [first, second] = frames;
    let shared = second.iter().filter(|frame| first.contains(frame)).count();
    Ok(Share {
        part: shared as u64,
        whole: second.len() as u64,
    })
}

/// How many allocations are charged to a cgroup, of how many.
fn charged(
    run: &mut Run<'_>,
    allocator: Allocator,
    flags: GfpFlags,
    count: u64,
) -> Result<Share, Stop> {
    let (mut charged, mut met) = (0, 0);
    for _ in 0..count {
        run.checkpoint()?;
        let request = Request::plain(allocator, LARGE_BYTES, flags);
        let Ok(timed) = run.try_allocate(&request)? else {
            break;
        };
        met += 1;
        charged += u64::from(timed.live.memory.span().is_charged() == Some(true));
        run.free(timed.live);
        run.step_done();
    }
    Ok(Share {
        part: charged,
        whole: met,
    })
}
