// SPDX-License-Identifier: GPL-2.0

//! What `latency` writes about a series.

use super::Times;
use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        words::{
            Via,
            Word, //
        },
    },
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    scenarios::timed,
    stop::{
        Stop,
        Why, //
    },
    timing::{
        histogram::Histogram,
        plan::Shape,
        recording::Counts, //
    },
};
use core::fmt::{
    self,
    Display, //
};
use kernel::prelude::*;

/// The columns.
pub(super) const COLUMNS: &[Column] = &[
    Column::right("size_bytes", "size", 7),
    Column::left("allocator", "allocator", 9),
    Column::left("via", "via", 7),
    Column::left("operation", "operation", 9),
    Column::right("operations", "times", 9),
    Column::right("min_ns", "min ns", 8),
    Column::right("p50_ns", "p50", 8),
    Column::right("p90_ns", "p90", 8),
    Column::right("p99_ns", "p99", 8),
    Column::right("p999_ns", "p99.9", 8),
    Column::right("max_ns", "max", 9),
    Column::right("interrupts", "irqs", 5),
    Column::right("migrations", "moves", 5),
    Column::left("outcome", "outcome", 8),
];

/// With more results than this, distributions are left out.
const MAX_RESULTS_BYTES: usize = 4 << 20;

/// What a series is about.
pub(super) struct Heading<'a> {
    pub(super) arguments: &'a Arguments,
    pub(super) shape: &'a Shape,
    pub(super) allocator: Allocator,
    pub(super) via: Via,
}

/// Writes that a series was not begun, and why.
pub(super) fn write_unmet(run: &mut Run<'_>, heading: &Heading<'_>, why: &Why) -> Result<(), Stop> {
    let outcome = why.as_outcome();
    let none = [Cell::Nothing; 8];
    for operation in ["allocate", "free"] {
        write_row(run, heading, operation, 0, &none, None, &outcome)?;
    }
    Ok(())
}

/// Writes all about a series.
pub(super) fn write(run: &mut Run<'_>, heading: &Heading<'_>, times: &Times) -> Result<(), Stop> {
    let outcome = OutcomeOf(times);
    let recording = &times.recording;
    for (operation, histogram) in [("allocate", &recording.allocate), ("free", &recording.free)] {
        let less_timer = |duration_ns: Option<u64>| match duration_ns {
            Some(duration_ns) => Cell::Number(duration_ns.saturating_sub(times.timer_ns)),
            None => Cell::Nothing,
        };
        let figures = [
            less_timer(histogram.least_ns()),
            less_timer(histogram.quantile_ns(500)),
            less_timer(histogram.quantile_ns(900)),
            less_timer(histogram.quantile_ns(990)),
            less_timer(histogram.quantile_ns(999)),
            less_timer(histogram.most_ns()),
            Cell::Number(recording.disturbances.interrupts),
            Cell::Number(recording.disturbances.migrations),
        ];
        let mean_ns = histogram
            .mean_ns()
            .map(|mean_ns| mean_ns.saturating_sub(times.timer_ns));
        write_row(
            run,
            heading,
            operation,
            histogram.total(),
            &figures,
            mean_ns,
            &outcome,
        )?;
    }
    write_conditions(run, heading, times)?;
    write_distribution(
        run,
        heading,
        "allocate",
        &recording.allocate,
        times.timer_ns,
    )?;
    write_distribution(run, heading, "free", &recording.free, times.timer_ns)
}

fn write_row(
    run: &mut Run<'_>,
    heading: &Heading<'_>,
    operation: &str,
    operations: u64,
    figures: &[Cell<'_>; 8],
    mean_ns: Option<u64>,
    outcome: &dyn Display,
) -> Result<(), Stop> {
    let Heading {
        arguments,
        shape,
        allocator,
        via,
    } = *heading;
    let [min, p50, p90, p99, p999, max, interrupts, migrations] = *figures;
    let cells = [
        timed::size_cell(shape),
        Cell::Words(allocator.name()),
        Cell::Words(via.name()),
        Cell::Words(operation),
        Cell::Number(operations),
        min,
        p50,
        p90,
        p99,
        p999,
        max,
        interrupts,
        migrations,
        Cell::Shown(outcome),
    ];
    let more = [
        ("mean_ns", Cell::from(mean_ns)),
        ("pattern", Cell::Words(shape.pattern.name())),
        ("count", Cell::Number(shape.held)),
        ("free_order", Cell::Words(shape.free_order.name())),
        ("sizes", Cell::Words(arguments.workload.sizes.kind())),
    ];
    Ok(run.answer.row_and_more("latency", COLUMNS, &cells, &more)?)
}

fn write_conditions(run: &mut Run<'_>, heading: &Heading<'_>, times: &Times) -> Result<(), Stop> {
    let disturbances = times.recording.disturbances;
    Ok(run.answer.object("conditions", |object| {
        object.member("allocator", Cell::Words(heading.allocator.name()))?;
        object.member("via", Cell::Words(heading.via.name()))?;
        object.member("size_bytes", Cell::Number(heading.shape.size_bytes))?;
        object.member("timer_ns", Cell::Number(times.timer_ns))?;
        object.member("interrupts", Cell::Number(disturbances.interrupts))?;
        object.member("migrations", Cell::Number(disturbances.migrations))
    })?)
}

/// Writes what each bucket of a histogram has, for programs, as long as there is room enough that
/// the rows that follow find some.
fn write_distribution(
    run: &mut Run<'_>,
    heading: &Heading<'_>,
    operation: &str,
    histogram: &Histogram<Counts>,
    timer_ns: u64,
) -> Result<(), Stop> {
    if run.answer.results_bytes() > MAX_RESULTS_BYTES {
        return Ok(());
    }
    let (mut values_ns, mut counts) = (KVVec::new(), KVVec::new());
    for bucket in histogram.filled() {
        let value_ns = bucket.middle_ns.saturating_sub(timer_ns);
        match (values_ns.last(), counts.last_mut()) {
            // Of what took less than the timer seemed to.
            (Some(last), Some(count)) if *last == value_ns => *count += bucket.count,
            _ => {
                values_ns.push(value_ns, GFP_KERNEL | __GFP_NOWARN)?;
                counts.push(bucket.count, GFP_KERNEL | __GFP_NOWARN)?;
            }
        }
    }
    Ok(run.answer.object("distribution", |object| {
        object.member("allocator", Cell::Words(heading.allocator.name()))?;
        object.member("via", Cell::Words(heading.via.name()))?;
        object.member("operation", Cell::Words(operation))?;
        object.member("size_bytes", Cell::Number(heading.shape.size_bytes))?;
        object.numbers("values_ns", &values_ns)?;
        object.numbers("counts", &counts)
    })?)
}

/// How a series ended, in words.
struct OutcomeOf<'a>(&'a Times);

impl Display for OutcomeOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.ended {
            Ok(()) => f.write_str("ok"),
            Err(halt) => {
                let allocations = self.0.recording.allocations();
                if allocations > 0 {
                    write!(f, "after {allocations}: ")?;
                }
                halt.fmt(f)
            }
        }
    }
}
