// SPDX-License-Identifier: GPL-2.0

//! What the scenarios that time operations have in common.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        sizes::Sizes,
        workload::Gaps, //
    },
    ledger::Reservation,
    measure::Held,
    memory::Request,
    output::cell::Cell,
    run::Run,
    stop::{
        Stop,
        Why, //
    },
    timing::{
        halt::Halt,
        operation::Operation,
        plan::Shape,
        recording::histogram,
        sampler::sample,
        slots::SLOT_BYTES, //
    },
};
use crate::platform::task;
use kernel::page::PAGE_SIZE;
use memalloc::{
    Node,
    Reason, //
};

/// From how many times that nothing was timed the least is taken.
const TIMER_SAMPLES: usize = 1000;

/// Writes what a preset is, and where sizes are mixed, which figure is about all of them.
pub(super) fn introduce(
    run: &mut Run<'_>,
    arguments: &Arguments,
    figure_of_all: &str,
) -> Result<(), Stop> {
    if let Some(preset) = arguments.preset {
        run.answer
            .line(format_args!("preset {}: {}", preset.name, preset.meaning))?;
    }
    if arguments.workload.sizes.are_mixed() {
        run.answer.line(format_args!(
            "A row is about all sizes together, up to the one named. Compare {figure_of_all}: a \
             median is the time of one of them, by chance."
        ))?;
    }
    Ok(())
}

/// The size of a series, or the largest of its sizes.
pub(super) fn size_cell(shape: &Shape) -> Cell<'static> {
    match shape.is_mixed {
        true => Cell::BytesAtMost(shape.size_bytes),
        false => Cell::Bytes(shape.size_bytes),
    }
}

/// Calls `measure` for each size that has a series of its own; of random sizes, for the largest.
pub(super) fn for_each_size(
    arguments: &Arguments,
    mut measure: impl FnMut(u64) -> Result<(), Stop>,
) -> Result<(), Stop> {
    match arguments.workload.sizes {
        Sizes::Fixed => measure(arguments.wanted_bytes(PAGE_SIZE as u64)),
        Sizes::Sweep => arguments.sizes_bytes().try_for_each(measure),
        Sizes::Uniform => measure(arguments.to_bytes),
        Sizes::Powers => measure(1 << arguments.to_bytes.checked_ilog2().unwrap_or(0)),
        Sizes::Listed(list) => measure(list.largest_bytes()),
    }
}

/// How many sizes have a series of their own.
pub(super) fn count_sizes(arguments: &Arguments) -> u64 {
    match arguments.workload.sizes {
        Sizes::Sweep => arguments.sizes_bytes().count() as u64,
        _ => 1,
    }
}

/// Books what a series holds at once, on this many CPUs, and what it takes to hold it.
pub(super) fn reserve(
    run: &Run<'_>,
    arguments: &Arguments,
    allocator: Allocator,
    shape: &Shape,
    workers: u64,
) -> Result<Reservation, Why> {
    let request = Request::of(arguments, allocator, shape.size_bytes, Node::ANY);
    request.check().map_err(Why::Refused)?;
    let charge_bytes = request
        .charge_bytes()
        .saturating_add(SLOT_BYTES)
        .saturating_mul(shape.held)
        .saturating_mul(workers);
    run.reserve(allocator, charge_bytes).map_err(Why::OverLimit)
}

/// Books why a series ended early.
///
/// # Errors
///
/// The reason, if the run is to end.
pub(super) fn account_for(halt: Halt, reservation: &Reservation) -> Result<(), Stop> {
    match halt {
        Halt::Stop(stop) => Err(stop),
        // vmalloc gives up when the task is to die (`vm_area_alloc_pages()`, mm/vmalloc.c).
        Halt::Unmet(Reason::OutOfMemory) if task::signal_pending() => Err(Stop::Cancelled),
        Halt::Unmet(Reason::OutOfMemory) => {
            reservation.failed();
            Ok(())
        }
        Halt::Unmet(Reason::Refused(_)) | Halt::OneCpu => Ok(()),
    }
}

/// Allocates what is to lie about meanwhile.
///
/// # Errors
///
/// [`Stop::Unmet`] if there is no memory for it.
pub(super) fn background(
    run: &mut Run<'_>,
    arguments: &Arguments,
    allocator: Allocator,
) -> Result<Held, Stop> {
    let request = Request::of(arguments, allocator, PAGE_SIZE as u64, Node::ANY);
    let background = arguments.workload.background;
    let (mut kept, mut between) = (Held::new(), Held::new());
    for _ in 0..background.count {
        run.checkpoint()?;
        kept.push(run.allocate(&request)?.live)?;
        if background.gaps == Gaps::Freed {
            between.push(run.allocate(&request)?.live)?;
        }
    }
    Ok(kept)
}

/// What a look at the clock, and a call of nothing, takes: the least of many.
pub(super) fn timer_ns<O: Operation>(_of: O) -> Result<u64, Stop> {
    let mut times = histogram()?;
    for _ in 0..TIMER_SAMPLES {
        sample(&mut times, O::nothing);
    }
    Ok(times.least_ns().unwrap_or(0))
}
