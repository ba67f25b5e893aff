// SPDX-License-Identifier: GPL-2.0

//! Claims on where an allocation may be made.
//!
//! What may not sleep is called where sleeping is a bug: with a spinlock held.

use super::{
    ask::{
        atomic,
        attempt,
        request, //
    },
    claim::{
        Claim,
        Finding,
        Guide,
        Verdict, //
    },
};
use crate::lab::{
    booked::Live,
    command::{
        allocators::Allocator,
        flags::{
            GfpBase,
            GfpFlags, //
        },
    },
    memory::Request,
    run::Run,
    stop::{
        Stop,
        Unmet, //
    },
};
use kernel::{
    new_spinlock,
    page::PAGE_SIZE,
    prelude::*, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-atomic-with-gfp-atomic",
        guide: Guide::Driver,
        text: "With GFP_ATOMIC, kmalloc works where sleeping is forbidden.",
        check: |run| where_sleeping_is_forbidden(run, kmalloc_atomic),
    },
    Claim {
        id: "gfp-atomic-never-sleeps",
        guide: Guide::Comparison,
        text: "An allocation with GFP_ATOMIC does not sleep.",
        check: |run| where_sleeping_is_forbidden(run, gfp_atomic_never_sleeps),
    },
    Claim {
        id: "gfp-names-are-accepted",
        guide: Guide::Comparison,
        text: "kmalloc takes GFP_KERNEL, GFP_USER and GFP_ATOMIC.",
        check: gfp_names_are_accepted,
    },
    Claim {
        id: "vmalloc-takes-no-flags",
        guide: Guide::Comparison,
        text: "vmalloc takes no allocation flags.",
        check: vmalloc_takes_no_flags,
    },
    Claim {
        id: "vmalloc-always-sleeps",
        guide: Guide::Both,
        text: "vmalloc may always sleep.",
        check: |run| where_sleeping_is_forbidden(run, vmalloc_always_sleeps),
    },
    Claim {
        id: "vmalloc-not-in-atomic",
        guide: Guide::Driver,
        text: "There is no vmalloc where sleeping is forbidden.",
        check: |run| where_sleeping_is_forbidden(run, |run| not_in_atomic(run, Allocator::Vmalloc)),
    },
    Claim {
        id: "kvmalloc-not-in-atomic",
        guide: Guide::Driver,
        text: "There is no kvmalloc where sleeping is forbidden.",
        check: |run| {
            where_sleeping_is_forbidden(run, |run| not_in_atomic(run, Allocator::Kvmalloc))
        },
    },
];

/// How many of each size are asked for.
const OF_EACH: usize = 4;

/// Measures a claim that is about holding a spinlock.
fn where_sleeping_is_forbidden(
    run: &mut Run<'_>,
    check: fn(&mut Run<'_>) -> Result<Finding, Stop>,
) -> Result<Finding, Stop> {
    if cfg!(CONFIG_PREEMPT_RT) {
        return Finding::new(
            Verdict::NotMeasured,
            format_args!("with CONFIG_PREEMPT_RT, who holds a spinlock may sleep"),
        );
    }
    check(run)
}

/// What became of requests that were made with a spinlock held.
struct Met {
    given: usize,
    /// One for which there was no memory.
    unmet: Option<Unmet>,
}

/// Makes each request several times with a spinlock held, and frees what was given without it.
fn under_spinlock(run: &mut Run<'_>, requests: &[Request]) -> Result<Met, Stop> {
    run.checkpoint()?;
    let mut live: KVVec<Live> = KVVec::with_capacity(requests.len() * OF_EACH, GFP_KERNEL)?;
    let lock =
        KBox::pin_init(new_spinlock!((), "claims"), GFP_KERNEL).map_err(|_| Stop::AnswerFailed)?;
    let mut ended = Ok(());
    let mut unmet = None;
    let guard = lock.lock();
    for request in requests.iter().flat_map(|request| [request; OF_EACH]) {
        match run.try_allocate(request) {
            Ok(Ok(timed)) => {
                // There is room, so that nothing is allocated or dropped here.
                if let Err(full) = live.push_within_capacity(timed.live) {
                    core::mem::forget(full);
                }
            }
            Ok(Err(why)) => unmet = Some(why),
            Err(stop) => {
                ended = Err(stop);
                break;
            }
        }
    }
    drop(guard);
    ended.map(|()| Met {
        given: live.len(),
        unmet,
    })
}

/// The sizes that are tried, of a family.
fn atomic_requests(allocator: Allocator) -> [Request; 3] {
    [64, 3 * PAGE_SIZE, 256 << 10].map(|size_bytes| atomic(allocator, size_bytes))
}

fn kmalloc_atomic(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let requests = [8, 100, 1000, PAGE_SIZE].map(|size| atomic(Allocator::Kmalloc, size));
    let Met { given, unmet } = under_spinlock(run, &requests)?;
    if let Some(unmet) = unmet {
        return Err(Stop::Unmet(unmet));
    }
    let asked = requests.len() * OF_EACH;
    Finding::whether(
        given == asked,
        format_args!("{given} of {asked} requests up to a page were met with a spinlock held"),
    )
}

fn gfp_atomic_never_sleeps(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut asked, mut given) = (0, 0);
    let mut last_unmet = None;
    for allocator in Allocator::ALL {
        let requests = atomic_requests(allocator);
        asked += requests.len() * OF_EACH;
        let met = under_spinlock(run, &requests)?;
        given += met.given;
        last_unmet = met.unmet.or(last_unmet);
    }
    if let (0, Some(unmet)) = (given, last_unmet) {
        return Err(Stop::Unmet(unmet));
    }
    // Had one slept, the kernel would say so: "scheduling while atomic".
    Finding::whether(
        given > 0,
        format_args!(
            "all of {asked} requests came back with a spinlock held, {given} of them met, by all \
             four allocators"
        ),
    )
}

fn gfp_names_are_accepted(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let bases = [GfpBase::Kernel, GfpBase::User, GfpBase::Atomic];
    let met = met_with(run, Allocator::Kmalloc, &bases)?;
    Finding::whether(
        met == bases.len(),
        format_args!("{met} of {} were met", bases.len()),
    )
}

fn vmalloc_takes_no_flags(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let bases = [
        GfpBase::Kernel,
        GfpBase::User,
        GfpBase::Noio,
        GfpBase::Nofs,
        GfpBase::Nowait,
        GfpBase::Atomic,
    ];
    let met = met_with(run, Allocator::Vmalloc, &bases)?;
    Finding::new(
        Verdict::Depends("the function: vmalloc() takes none, __vmalloc() does"),
        format_args!("{met} of {} masks were met by __vmalloc()", bases.len()),
    )
}

/// How many of these masks a family meets.
fn met_with(run: &mut Run<'_>, allocator: Allocator, bases: &[GfpBase]) -> Result<usize, Stop> {
    let mut met = 0;
    for base in bases {
        let request = Request {
            flags: GfpFlags::plain(*base),
            ..request(allocator, 1000)
        };
        met += usize::from(attempt(run, &request)?.is_some());
    }
    Ok(met)
}

fn vmalloc_always_sleeps(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let requests = atomic_requests(Allocator::Vmalloc);
    let Met { given, unmet } = under_spinlock(run, &requests)?;
    let verdict = match (given, unmet) {
        (0, Some(unmet)) => return Err(Stop::Unmet(unmet)),
        (0, None) => Verdict::Holds,
        _ => Verdict::Depends("the function: vmalloc() may, __vmalloc() does as its flags say"),
    };
    Finding::new(
        verdict,
        format_args!(
            "with a spinlock held, {given} of {} requests were met by __vmalloc() with GFP_ATOMIC",
            requests.len() * OF_EACH
        ),
    )
}

fn not_in_atomic(run: &mut Run<'_>, allocator: Allocator) -> Result<Finding, Stop> {
    let requests = atomic_requests(allocator);
    let Met { given, unmet } = under_spinlock(run, &requests)?;
    if let (0, Some(unmet)) = (given, unmet) {
        return Err(Stop::Unmet(unmet));
    }
    Finding::whether(
        given == 0,
        format_args!(
            "with GFP_ATOMIC and a spinlock held, {given} of {} requests were met",
            requests.len() * OF_EACH
        ),
    )
}
