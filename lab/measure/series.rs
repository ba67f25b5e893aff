// SPDX-License-Identifier: GPL-2.0

//! What a series of allocations has in common.

use super::{
    held::Held,
    observation::Observation, //
};
use crate::lab::{
    memory::{
        Memory,
        Request, //
    },
    run::Run,
    stop::{
        Stop,
        Unmet, //
    },
};
use core::fmt;
use memalloc::inspect::{
    Backend,
    Witness, //
};

/// The room that allocations have, of those that KFENCE does not guard: it makes an object exactly as
/// large as was asked for, in a page of its own, whatever the size class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    pub(crate) usable_min_bytes: usize,
    pub(crate) usable_max_bytes: usize,
    pub(crate) alignment_min_bytes: usize,
}

impl Room {
    fn of(observation: &Observation) -> Self {
        Self {
            usable_min_bytes: observation.usable.size_bytes,
            usable_max_bytes: observation.usable.size_bytes,
            alignment_min_bytes: observation.alignment_bytes,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            usable_min_bytes: self.usable_min_bytes.min(other.usable_min_bytes),
            usable_max_bytes: self.usable_max_bytes.max(other.usable_max_bytes),
            alignment_min_bytes: self.alignment_min_bytes.min(other.alignment_min_bytes),
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
    /// Nothing if KFENCE guarded all that there are.
    pub(crate) room: Option<Room>,
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
const BACKENDS: [Backend; 4] = [
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
        room: None,
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
                let mut timed = match run.try_allocate(request)? {
                    Ok(timed) => timed,
                    Err(unmet) => {
                        series.unmet = Some(unmet);
                        break;
                    }
                };
                observation.observe(run, &mut timed.live.memory)?;
                series.add(&observation, timed.elapsed_ns);
                if series.allocated == 1 {
                    show(run, &timed.live.memory, &observation)?;
                }
                held.push(timed.live)?;
                run.step_done();
            }
            while let Some(live) = held.pop() {
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
        if observation.usable.witness != Witness::Kfence {
            let room = Room::of(observation);
            self.room = Some(self.room.map_or(room, |others| others.and(room)));
        }
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
