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
    run::Run,
    stop::{
        Stop,
        Why, //
    },
    timing::{
        operation::Operation,
        plan::Shape,
        recording::histogram,
        sampler::sample, //
    },
};
use kernel::page::PAGE_SIZE;
use memalloc::Node;

/// From how many times that nothing was timed the least is taken.
const TIMER_SAMPLES: usize = 1000;

/// Writes what a preset is.
pub(super) fn introduce(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    if let Some(preset) = arguments.preset {
        run.answer
            .line(format_args!("preset {}: {}", preset.name, preset.meaning))?;
    }
    Ok(())
}

/// The size that the arguments name, where they name one.
pub(super) fn size_bytes(arguments: &Arguments) -> u64 {
    match arguments.workload.sizes {
        Sizes::Fixed => arguments.wanted_bytes(PAGE_SIZE as u64),
        _ => arguments.to_bytes,
    }
}

/// Books what a series holds at once, on this many CPUs.
pub(super) fn reserve(
    run: &Run<'_>,
    arguments: &Arguments,
    allocator: Allocator,
    shape: &Shape,
    workers: u64,
) -> Result<Reservation, Why> {
    let request = Request::of(arguments, allocator, shape.max_bytes, Node::ANY);
    request.check().map_err(Why::Refused)?;
    let charge_bytes = request
        .charge_bytes()
        .saturating_mul(shape.held)
        .saturating_mul(workers);
    run.reserve(allocator, charge_bytes).map_err(Why::OverLimit)
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
