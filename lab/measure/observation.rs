// SPDX-License-Identifier: GPL-2.0

//! What there is to know about one allocation.

use crate::lab::{
    frames,
    memory::Memory,
    pattern,
    run::Run,
    stop::Stop, //
};
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

/// The most runs that are told one by one.
const MAX_LISTED_RUNS: usize = 16;

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
    pub(super) fn boxed() -> Result<KBox<Self>, Stop> {
        Ok(KBox::new(Self::NOTHING, GFP_KERNEL)?)
    }

    /// Looks at fresh memory, and then writes all of it and reads it back.
    ///
    /// It is filled in place: a kernel stack is small.
    pub(super) fn observe(&mut self, run: &Run<'_>, memory: &mut Memory) -> Result<(), Stop> {
        self.is_zeroed = is_zeroed(run, memory)?;
        self.look_at(run, memory.span())?;
        pattern::write_and_verify(run, memory.bytes_mut())
    }

    fn look_at(&mut self, run: &Run<'_>, span: Span<'_>) -> Result<(), Stop> {
        self.usable = span.usable_size();
        self.alignment_bytes = span.alignment_bytes();
        self.backend = span.backend();
        self.runs = Runs::new();
        self.first_runs.fill(PhysicalRun::default());
        self.pages_elsewhere = 0;
        frames::for_each(run, span, |frame| self.add(frame))
    }

    fn add(&mut self, frame: PageFrame) {
        if self.runs.count() == 0 {
            self.first_pfn = frame.pfn;
            self.first_node = frame.node;
        }
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

fn is_zeroed(run: &Run<'_>, memory: &mut Memory) -> Result<bool, Stop> {
    for start in (0..memory.span().size_bytes()).step_by(BYTES_PER_CHECKPOINT) {
        run.checkpoint()?;
        if !memory.is_zeroed(start..start + BYTES_PER_CHECKPOINT) {
            return Ok(false);
        }
    }
    Ok(true)
}
