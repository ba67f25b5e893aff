// SPDX-License-Identifier: GPL-2.0

//! Asking for blocks, and for memory that need not be a block.

use crate::lab::{
    command::{
        allocators::Allocator,
        flags::{
            GfpBase,
            GfpFlags, //
        },
    },
    measure::Held,
    memory::{
        Memory,
        Request, //
    },
    run::Run,
    stop::{
        Stop,
        Why, //
    },
};
use memalloc::{
    inspect::{
        Backend,
        Runs, //
    },
    Order, //
};

/// How many requests for blocks of one order were met, all held at once.
pub(super) struct Tries {
    /// Fewer than were wanted if a limit of the laboratory came first.
    pub(super) asked: u64,
    /// Those before the first that was not.
    pub(super) met: u64,
}

impl Tries {
    /// Asks without waiting.
    pub(super) fn nowait(run: &mut Run<'_>, order: Order, count: u64) -> Result<Self, Stop> {
        Self::ask(run, order, GfpFlags::plain(GfpBase::Nowait), count)
    }

    /// Asks with one round of reclaim and compaction at most.
    pub(super) fn noretry(run: &mut Run<'_>, order: Order, count: u64) -> Result<Self, Stop> {
        Self::ask(run, order, GfpFlags::patient(), count)
    }

    fn ask(run: &mut Run<'_>, order: Order, flags: GfpFlags, count: u64) -> Result<Self, Stop> {
        let request = Request::plain(Allocator::Pages, order.size_bytes(), flags);
        let asked = hold(run, &request, count, |_, _| Ok(()))?;
        Ok(Self {
            asked: match asked.is_limited {
                true => asked.met,
                false => count,
            },
            met: asked.met,
        })
    }
}

/// What came of requests that need no block.
pub(super) struct Large {
    pub(super) size_bytes: usize,
    /// How many requests to kvmalloc were met.
    pub(super) kvmalloc: u64,
    /// How many of these by vmalloc.
    pub(super) mapped: u64,
    /// The most physical runs that one vmalloc consisted of.
    pub(super) runs_max: Option<u64>,
}

impl Large {
    /// Asks kvmalloc, and vmalloc.
    pub(super) fn ask(run: &mut Run<'_>, size_bytes: usize, count: u64) -> Result<Self, Stop> {
        let mut large = Self {
            size_bytes,
            kvmalloc: 0,
            mapped: 0,
            runs_max: None,
        };
        let plain = GfpFlags::plain(GfpBase::Kernel);
        let kvmalloc = Request::plain(Allocator::Kvmalloc, size_bytes, plain);
        large.kvmalloc = hold(run, &kvmalloc, count, |_, memory| {
            large.mapped += u64::from(memory.span().backend() == Backend::Vmalloc);
            Ok(())
        })?
        .met;
        let vmalloc = Request::plain(Allocator::Vmalloc, size_bytes, GfpFlags::patient());
        hold(run, &vmalloc, count, |run, memory| {
            let mut runs = Runs::new();
            for frame in memory.span().page_frames() {
                runs.push(frame.pfn.as_u64());
            }
            run.checkpoint()?;
            large.runs_max = large.runs_max.max(Some(runs.count()));
            Ok(())
        })?;
        Ok(large)
    }
}

/// How requests were met.
struct Asked {
    met: u64,
    /// Whether a limit of the laboratory ended them.
    is_limited: bool,
}

/// Makes equal allocations until one fails, shows each, and frees them all.
fn hold(
    run: &mut Run<'_>,
    request: &Request,
    count: u64,
    mut show: impl FnMut(&Run<'_>, &Memory) -> Result<(), Stop>,
) -> Result<Asked, Stop> {
    let mut held = Held::new();
    let mut asked = Asked {
        met: 0,
        is_limited: false,
    };
    for _ in 0..count {
        run.checkpoint()?;
        match run.try_allocate(request)? {
            Ok(timed) => {
                show(run, &timed.live.memory)?;
                held.push(timed.live)?;
                asked.met += 1;
            }
            Err(unmet) => {
                asked.is_limited = unmet.why != Why::OutOfMemory;
                break;
            }
        }
        run.step_done();
    }
    Ok(asked)
}
