// SPDX-License-Identifier: GPL-2.0

//! Asking the kernel, as the claims have in common.

use crate::lab::{
    booked::Live,
    command::{
        allocators::Allocator,
        flags::{
            GfpBase,
            GfpFlags,
            Modifier, //
        },
    },
    frames,
    memory::Request,
    run::Run,
    stop::Stop,
};
use kernel::prelude::*;
use memalloc::inspect::{
    Runs,
    Span,
    Witness, //
};

/// A plain request, with `GFP_KERNEL`.
pub(super) fn request(allocator: Allocator, size_bytes: usize) -> Request {
    Request::plain(allocator, size_bytes, GfpFlags::plain(GfpBase::Kernel))
}

/// The same for zeroed memory.
pub(super) fn zeroed(allocator: Allocator, size_bytes: usize) -> Request {
    let flags = GfpFlags::plain(GfpBase::Kernel).with(Modifier::Zero);
    Request::plain(allocator, size_bytes, flags)
}

/// The same without sleeping.
pub(super) fn atomic(allocator: Allocator, size_bytes: usize) -> Request {
    Request::plain(allocator, size_bytes, GfpFlags::plain(GfpBase::Atomic))
}

/// Allocates, if the kernel can give it now. That a limit of the laboratory does not allow it says
/// nothing about the kernel, and ends the measurement.
pub(super) fn take_if_there(run: &mut Run<'_>, request: &Request) -> Result<Option<Live>, Stop> {
    run.checkpoint()?;
    match run.try_allocate(request)? {
        Ok(timed) => Ok(Some(timed.live)),
        Err(unmet) if unmet.is_over_limit() => Err(Stop::Unmet(unmet)),
        Err(_) => Ok(None),
    }
}

/// Allocates, unless it is refused. That there is no memory now, or that the budget is used up, says
/// nothing about what is refused, and ends the measurement.
pub(super) fn attempt(run: &mut Run<'_>, request: &Request) -> Result<Option<Live>, Stop> {
    run.checkpoint()?;
    Ok(run
        .allocate_unless_refused(request)?
        .map(|timed| timed.live))
}

/// Allocates, or ends the measurement.
pub(super) fn allocate(run: &mut Run<'_>, request: &Request) -> Result<Live, Stop> {
    run.checkpoint()?;
    Ok(run.allocate(request)?.live)
}

/// Allocates `count` times, all held at once.
pub(super) fn allocate_all(
    run: &mut Run<'_>,
    request: &Request,
    count: usize,
) -> Result<KVVec<Live>, Stop> {
    let mut live = KVVec::with_capacity(count, GFP_KERNEL)?;
    for _ in 0..count {
        live.push(allocate(run, request)?, GFP_KERNEL)?;
    }
    Ok(live)
}

/// What kmalloc makes usable for a request of this size. Objects that KFENCE guards do not count:
/// they are as large as was asked for.
pub(super) fn kmalloc_usable_bytes(run: &mut Run<'_>, size_bytes: usize) -> Result<usize, Stop> {
    let mut usable_bytes = size_bytes;
    for _ in 0..16 {
        let live = allocate(run, &request(Allocator::Kmalloc, size_bytes))?;
        let usable = live.memory.span().usable_size();
        usable_bytes = usable.size_bytes;
        if usable.witness != Witness::Kfence {
            break;
        }
    }
    Ok(usable_bytes)
}

/// The physical runs of memory.
pub(super) fn runs_of(run: &Run<'_>, span: Span<'_>) -> Result<Runs, Stop> {
    let mut runs = Runs::new();
    frames::for_each(run, span, |frame| runs.push(frame.pfn.as_u64()))?;
    Ok(runs)
}

/// How many sizes were given, and how many of them in one physical run.
#[derive(Default)]
pub(super) struct Contiguous {
    /// Sizes that were given.
    pub(super) given: u64,
    /// Those that are a single run.
    pub(super) single: u64,
    /// The longest run of all, in pages.
    pub(super) longest_pages: u64,
    /// The most runs of one allocation.
    pub(super) runs_max: u64,
}

impl Contiguous {
    /// Asks for each of these sizes, one after the other. If none of them can be had, there is
    /// nothing to measure.
    pub(super) fn of(
        run: &mut Run<'_>,
        allocator: Allocator,
        sizes_bytes: &[usize],
    ) -> Result<Self, Stop> {
        let mut all = Self::default();
        let mut last_unmet = None;
        for size_bytes in sizes_bytes {
            run.checkpoint()?;
            let timed = match run.try_allocate(&request(allocator, *size_bytes))? {
                Ok(timed) => timed,
                Err(unmet) => {
                    last_unmet = Some(unmet);
                    continue;
                }
            };
            let runs = runs_of(run, timed.live.memory.span())?;
            all.given += 1;
            all.single += u64::from(runs.is_contiguous());
            all.longest_pages = all.longest_pages.max(runs.longest_pages());
            all.runs_max = all.runs_max.max(runs.count());
        }
        match last_unmet {
            Some(unmet) if all.given == 0 => Err(Stop::Unmet(unmet)),
            _ => Ok(all),
        }
    }
}

/// How close together small objects lie.
pub(super) struct Spacing {
    /// The size of the objects.
    pub(super) size_bytes: usize,
    /// The least distance of two of them.
    pub(super) spacing_bytes: usize,
    /// How many there were.
    pub(super) objects: usize,
}

impl Spacing {
    /// Allocates more objects than a page holds. Those that lie as close together as they are large
    /// leave no room for anything else.
    pub(super) fn measure(run: &mut Run<'_>) -> Result<Self, Stop> {
        const SIZE_BYTES: usize = 64;
        let live = allocate_all(run, &request(Allocator::Kmalloc, SIZE_BYTES), 128)?;
        let addresses = || live.iter().map(|one| one.memory.span().address());
        let mut spacing_bytes = usize::MAX;
        for (index, one) in addresses().enumerate() {
            run.checkpoint()?;
            let nearest = addresses()
                .take(index)
                .map(|other| one.abs_diff(other))
                .min();
            spacing_bytes = spacing_bytes.min(nearest.unwrap_or(usize::MAX));
        }
        Ok(Self {
            size_bytes: SIZE_BYTES,
            spacing_bytes,
            objects: live.len(),
        })
    }

    /// Whether the kernel keeps data of its own beside each object: slab debugging does, and KASAN.
    pub(super) fn has_data_beside(&self) -> bool {
        self.spacing_bytes > self.size_bytes
    }
}
