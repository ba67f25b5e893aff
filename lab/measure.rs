// SPDX-License-Identifier: GPL-2.0

//! What one allocation is, and what a series of them has in common.

use super::{
    booked::Live,
    memory::{
        Memory,
        Request, //
    },
    pattern,
    run::Run,
    stop::{
        Stop,
        Unmet, //
    },
};
use crate::platform::task;
use core::fmt;
use kernel::prelude::*;
use memalloc::inspect::{
    Backend,
    PageFrame,
    Pfn,
    Runs,
    Span,
    UsableSize,
    Witness, //
};

/// How many pages are looked at between two checkpoints.
const PAGES_PER_CHECKPOINT: usize = 4096;

/// The most runs that are told one by one.
pub(crate) const MAX_LISTED_RUNS: usize = 16;

/// Pages that are neighbours in physical memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PhysicalRun {
    /// How many pages.
    pub(crate) pages: u64,
    /// From the first page of the allocation to the first of the run, in physical memory.
    pub(crate) offset_pages: i64,
}

/// How many bytes are looked at between two checkpoints.
const BYTES_PER_CHECKPOINT: usize = 1 << 20;

/// What there is to know about one allocation.
pub(crate) struct Observation {
    pub(crate) usable: UsableSize,
    pub(crate) alignment_bytes: usize,
    pub(crate) backend: Backend,
    /// Before anything was written.
    pub(crate) is_zeroed: bool,
    pub(crate) runs: Runs,
    /// The first runs, one by one; those that there are not have no pages.
    pub(crate) first_runs: [PhysicalRun; MAX_LISTED_RUNS],
    /// The page frame of the first page.
    pub(crate) first_pfn: Pfn,
    /// The node of the first page.
    pub(crate) first_node: u32,
    /// Pages on another node than the first.
    pub(crate) pages_elsewhere: u64,
}

impl Observation {
    const NOTHING: Self = Self {
        usable: UsableSize {
            size_bytes: 0,
            witness: Witness::Pages,
        },
        alignment_bytes: 0,
        backend: Backend::Pages,
        is_zeroed: false,
        runs: Runs::new(),
        first_runs: [PhysicalRun {
            pages: 0,
            offset_pages: 0,
        }; MAX_LISTED_RUNS],
        first_pfn: Pfn::new(0),
        first_node: 0,
        pages_elsewhere: 0,
    };

    /// An observation of nothing. It lies on the stack of this function only.
    #[inline(never)]
    fn boxed() -> Result<KBox<Self>, Stop> {
        Ok(KBox::new(Self::NOTHING, GFP_KERNEL)?)
    }

    /// Looks at fresh memory, and then writes all of it and reads it back.
    ///
    /// It is filled in place: a kernel stack is small.
    fn observe(&mut self, run: &Run<'_>, memory: &mut Memory) -> Result<(), Stop> {
        self.look_at(run, memory.span())?;
        pattern::write_and_verify(run, memory.bytes_mut())
    }

    fn look_at(&mut self, run: &Run<'_>, span: Span<'_>) -> Result<(), Stop> {
        self.usable = span.usable_size();
        self.alignment_bytes = span.alignment_bytes();
        self.backend = span.backend();
        self.is_zeroed = is_zeroed(run, span)?;
        self.runs = Runs::new();
        self.first_runs.fill(PhysicalRun::default());
        self.pages_elsewhere = 0;
        for (index, frame) in span.page_frames().enumerate() {
            if index % PAGES_PER_CHECKPOINT == 0 {
                run.checkpoint()?;
            }
            if index == 0 {
                self.first_pfn = frame.pfn;
                self.first_node = frame.node;
            }
            self.add(frame);
        }
        Ok(())
    }

    fn add(&mut self, frame: PageFrame) {
        self.pages_elsewhere += u64::from(frame.node != self.first_node);
        let pfn = frame.pfn.as_u64();
        self.runs.push(pfn);
        let index = usize::try_from(self.runs.count() - 1).unwrap_or(usize::MAX);
        if let Some(run) = self.first_runs.get_mut(index) {
            if run.pages == 0 {
                run.offset_pages = pfn.wrapping_sub(self.first_pfn.as_u64()) as i64;
            }
            run.pages += 1;
        }
    }
}

fn is_zeroed(run: &Run<'_>, span: Span<'_>) -> Result<bool, Stop> {
    for start in (0..span.size_bytes()).step_by(BYTES_PER_CHECKPOINT) {
        run.checkpoint()?;
        if !span.is_zeroed(start..start + BYTES_PER_CHECKPOINT) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Live allocations, which are freed one by one, giving way to other tasks in between.
pub(crate) struct Held(KVVec<Live>);

impl Held {
    /// None.
    pub(crate) fn new() -> Self {
        Self(KVVec::new())
    }

    /// Holds one more.
    pub(crate) fn push(&mut self, live: Live) -> Result<(), Stop> {
        Ok(self.0.push(live, GFP_KERNEL | __GFP_NOWARN)?)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        while let Some(live) = self.0.pop() {
            drop(live);
            task::yield_if_needed();
        }
    }
}

/// What a series of equal allocations has in common: the worst, or the best, of each figure.
pub(crate) struct Series {
    /// How many were asked for before the series ended.
    pub(crate) asked: u64,
    /// How many there were.
    pub(crate) allocated: u64,
    /// Why the last request was not met; the series ends there.
    pub(crate) unmet: Option<Unmet>,
    pub(crate) usable_min_bytes: usize,
    pub(crate) usable_max_bytes: usize,
    pub(crate) alignment_min_bytes: usize,
    /// How many each backend served, in the order of [`BACKENDS`].
    pub(crate) by_backend: [u64; BACKENDS.len()],
    pub(crate) zeroed: u64,
    pub(crate) contiguous: u64,
    pub(crate) runs_max: u64,
    pub(crate) longest_run_min_pages: u64,
    /// The node of the first allocation's first page.
    pub(crate) first_node: u32,
    /// Whether all pages lie on that node.
    pub(crate) is_on_one_node: bool,
    pub(crate) allocate_min_ns: u64,
    pub(crate) free_min_ns: u64,
}

/// The backends, in the order of [`Series::by_backend`].
pub(crate) const BACKENDS: [Backend; 4] = [
    Backend::Slab,
    Backend::LargeKmalloc,
    Backend::Vmalloc,
    Backend::Pages,
];

impl Series {
    const EMPTY: Self = Self {
        asked: 0,
        allocated: 0,
        unmet: None,
        usable_min_bytes: usize::MAX,
        usable_max_bytes: 0,
        alignment_min_bytes: usize::MAX,
        by_backend: [0; BACKENDS.len()],
        zeroed: 0,
        contiguous: 0,
        runs_max: 0,
        longest_run_min_pages: u64::MAX,
        first_node: 0,
        is_on_one_node: true,
        allocate_min_ns: u64::MAX,
        free_min_ns: u64::MAX,
    };

    /// Makes `count` allocations, looks at each, frees them all, and does so `repeat` times.
    ///
    /// A request that is not met ends the series, and is no error.
    pub(crate) fn measure(
        run: &mut Run<'_>,
        request: &Request,
        count: u64,
        repeat: u64,
    ) -> Result<Self, Stop> {
        Self::measure_showing(run, request, count, repeat, |_, _, _| Ok(()))
    }

    /// The same, with the first allocation shown to `show` while it is live.
    pub(crate) fn measure_showing(
        run: &mut Run<'_>,
        request: &Request,
        count: u64,
        repeat: u64,
        mut show: impl FnMut(&mut Run<'_>, &Memory, &Observation) -> Result<(), Stop>,
    ) -> Result<Self, Stop> {
        let mut series = Self::EMPTY;
        let mut observation = Observation::boxed()?;
        let mut held = Held::new();
        for _ in 0..repeat {
            for _ in 0..count {
                run.checkpoint()?;
                series.asked += 1;
                let mut timed = match run.allocate(request) {
                    Ok(timed) => timed,
                    Err(Stop::Unmet(unmet)) => {
                        series.unmet = Some(unmet);
                        break;
                    }
                    Err(stop) => return Err(stop),
                };
                observation.observe(run, &mut timed.live.memory)?;
                series.add(&observation, timed.elapsed_ns);
                if series.allocated == 1 {
                    show(run, &timed.live.memory, &observation)?;
                }
                held.push(timed.live)?;
                run.step_done();
            }
            while let Some(live) = held.0.pop() {
                run.checkpoint()?;
                series.free_min_ns = series.free_min_ns.min(run.free(live));
            }
            if series.unmet.is_some() {
                break;
            }
        }
        Ok(series)
    }

    fn add(&mut self, observation: &Observation, allocate_ns: u64) {
        if self.allocated == 0 {
            self.first_node = observation.first_node;
        }
        self.allocated += 1;
        self.usable_min_bytes = self.usable_min_bytes.min(observation.usable.size_bytes);
        self.usable_max_bytes = self.usable_max_bytes.max(observation.usable.size_bytes);
        self.alignment_min_bytes = self.alignment_min_bytes.min(observation.alignment_bytes);
        for (served, backend) in self.by_backend.iter_mut().zip(BACKENDS) {
            *served += u64::from(backend == observation.backend);
        }
        self.zeroed += u64::from(observation.is_zeroed);
        self.contiguous += u64::from(observation.runs.is_contiguous());
        self.runs_max = self.runs_max.max(observation.runs.count());
        self.longest_run_min_pages = self
            .longest_run_min_pages
            .min(observation.runs.longest_pages());
        self.is_on_one_node &=
            observation.first_node == self.first_node && observation.pages_elsewhere == 0;
        self.allocate_min_ns = self.allocate_min_ns.min(allocate_ns);
    }

    /// The backend that served them all; none if there were several, or no allocations.
    pub(crate) fn single_backend(&self) -> Option<Backend> {
        BACKENDS
            .into_iter()
            .zip(self.by_backend)
            .find(|(_, served)| *served > 0 && *served == self.allocated)
            .map(|(backend, _)| backend)
    }

    /// How the series ended, in words.
    pub(crate) fn outcome(&self) -> impl fmt::Display + use<'_> {
        Outcome(self)
    }
}

/// How a series ended, in words.
struct Outcome<'a>(&'a Series);

impl fmt::Display for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(unmet) = &self.0.unmet else {
            return f.write_str("ok");
        };
        if self.0.allocated > 0 {
            write!(f, "after {}: ", self.0.allocated)?;
        }
        write!(f, "{}", unmet.why.as_outcome())
    }
}
