// SPDX-License-Identifier: GPL-2.0

//! `probe`: one allocation, and all that is known about it.

use crate::lab::{
    command::{
        arguments::Arguments,
        keys::{
            Key,
            Parameter, //
        },
    },
    measure::{
        Observation,
        Room,
        Series, //
    },
    memory::{
        Memory,
        Request, //
    },
    output::cell::{
        Cell,
        Column, //
    },
    quantity::PerMille,
    run::Run,
    scenario::Scenario,
    settings::Addresses,
    stop::Stop,
};
use kernel::page::PAGE_SIZE;
use memalloc::inspect::{
    UsableSize,
    Witness, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "probe",
    question: "What does the kernel really give for one request?",
    parameters: &[
        Parameter::new(Key::Allocator, "kmalloc"),
        Parameter::new(Key::Size, "100"),
        Parameter::new(Key::Order, "none"),
        Parameter::new(Key::Count, "1"),
        Parameter::new(Key::Repeat, "1"),
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Node, "any"),
        Parameter::new(Key::Align, "1"),
        Parameter::new(Key::Zero, "no"),
    ],
    run,
};

const FIGURES: &[Column] = &[
    Column::left("allocator", "allocator", 0),
    Column::left("gfp", "gfp", 0),
    Column::left("served_by", "served by", 0),
    Column::left("size_bytes", "requested bytes", 0),
    Column::left("usable_bytes", "usable bytes", 0),
    Column::left("predicted_bytes", "kmalloc_size_roundup", 0),
    Column::left("usable_witness", "usable according to", 0),
    Column::left("waste_percent", "waste %", 0),
    Column::left("alignment_bytes", "alignment bytes", 0),
    Column::left("came_zeroed", "came zeroed", 0),
    Column::left("pages", "pages touched", 0),
    Column::left("runs", "physical runs", 0),
    Column::left("longest_run_pages", "longest run, pages", 0),
    Column::left("contiguous", "physically contiguous", 0),
    Column::left("node", "first page's node", 0),
    Column::left("pages_elsewhere", "pages on other nodes", 0),
];

const ADDRESSES: &[Column] = &[
    Column::left("address", "address", 0),
    Column::left("first_pfn", "first page frame", 0),
];

const TOTALS: &[Column] = &[
    Column::left("asked", "asked for", 0),
    Column::left("allocated", "allocated", 0),
    Column::left("contiguous", "contiguous", 0),
    Column::left("came_zeroed", "came zeroed", 0),
    Column::left("usable_min_bytes", "usable bytes, least", 0),
    Column::left("usable_max_bytes", "usable bytes, most", 0),
    Column::left("alignment_min_bytes", "alignment, least", 0),
    Column::left("verified", "written and read back", 0),
    Column::left("allocate_min_ns", "allocate ns, least", 0),
    Column::left("free_min_ns", "free ns, least", 0),
    Column::left("outcome", "outcome", 0),
];

const RUNS: &[Column] = &[
    Column::right("run_index", "run", 5),
    Column::right("run_pages", "pages", 7),
    Column::right("offset_pages", "offset", 10),
];

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    run.expect_steps(arguments.allocations(arguments.allocators.iter().count() as u64));
    for allocator in arguments.allocators.iter() {
        let request = Request::of(
            arguments,
            allocator,
            arguments.wanted_bytes(PAGE_SIZE as u64),
            run.node,
        );
        let series = Series::measure_showing(
            run,
            &request,
            arguments.count,
            arguments.repeat,
            |run, memory, observation| show(run, &request, memory, observation),
        )?;
        match series.unmet {
            Some(unmet) if series.allocated == 0 => return Err(Stop::Unmet(unmet)),
            _ => write_totals(run, &series)?,
        }
    }
    Ok(())
}

#[inline(never)]
fn show(
    run: &mut Run<'_>,
    request: &Request,
    memory: &Memory,
    observation: &Observation,
) -> Result<(), Stop> {
    let Observation { usable, runs, .. } = observation;
    let size_bytes = request.size_bytes as u64;
    let usable_bytes = usable.size_bytes as u64;
    let cells = [
        Cell::Words(request.allocator.name()),
        Cell::Shown(&request.flags),
        Cell::Words(observation.backend.name()),
        Cell::Number(size_bytes),
        Cell::Number(usable_bytes),
        request
            .predicted_bytes()
            .map_or(Cell::Nothing, |bytes| Cell::Number(bytes as u64)),
        Cell::Words(witness_words(usable, request.predicted_bytes())),
        Cell::Percent(PerMille::of(
            usable_bytes.saturating_sub(size_bytes),
            usable_bytes,
        )),
        Cell::Number(observation.alignment_bytes as u64),
        Cell::Truth(observation.is_zeroed),
        Cell::Number(runs.pages()),
        Cell::Number(runs.count()),
        Cell::Number(runs.longest_pages()),
        Cell::Truth(runs.is_contiguous()),
        Cell::Number(u64::from(observation.first_node)),
        Cell::Number(observation.pages_elsewhere),
    ];
    run.answer.line(format_args!(""))?;
    run.answer.list("allocation", FIGURES, &cells)?;
    run.answer.object("run_lengths", |object| {
        object.numbers("runs_by_log2_pages", &runs.histogram())
    })?;
    if run.addresses == Addresses::Shown {
        show_addresses(run, memory, observation)?;
    }
    list_runs(run, observation)
}

#[inline(never)]
fn show_addresses(
    run: &mut Run<'_>,
    memory: &Memory,
    observation: &Observation,
) -> Result<(), Stop> {
    let cells = [
        Cell::Hex(memory.span().address() as u64),
        Cell::Hex(observation.first_pfn.as_u64()),
    ];
    Ok(run.answer.list("addresses", ADDRESSES, &cells)?)
}

/// Lists the first runs one by one, each with its distance from the first page frame.
#[inline(never)]
fn list_runs(run: &mut Run<'_>, observation: &Observation) -> Result<(), Stop> {
    run.answer.head(RUNS)?;
    let listed = observation.first_runs.iter().filter(|run| run.pages > 0);
    for (index, physical_run) in listed.clone().enumerate() {
        let cells = [
            Cell::Number(index as u64),
            Cell::Number(physical_run.pages),
            Cell::Signed(physical_run.offset_pages),
        ];
        run.answer.row("physical_run", RUNS, &cells)?;
    }
    let unlisted = observation.runs.count() - listed.count() as u64;
    if unlisted > 0 {
        run.answer.line(format_args!("      and {unlisted} more"))?;
    }
    Ok(())
}

#[inline(never)]
fn write_totals(run: &mut Run<'_>, series: &Series) -> Result<(), Stop> {
    let outcome = series.outcome();
    let of_room = |bytes: fn(Room) -> usize| match series.room {
        Some(room) => Cell::Number(bytes(room) as u64),
        None => Cell::Nothing,
    };
    let cells = [
        Cell::Number(series.asked),
        Cell::Number(series.allocated),
        Cell::Number(series.contiguous),
        Cell::Number(series.zeroed),
        of_room(|room| room.usable_min_bytes),
        of_room(|room| room.usable_max_bytes),
        of_room(|room| room.alignment_min_bytes),
        Cell::Number(series.allocated),
        Cell::Number(series.allocate_min_ns),
        Cell::Number(series.free_min_ns),
        Cell::Shown(&outcome),
    ];
    run.answer.line(format_args!(""))?;
    Ok(run.answer.list("totals", TOTALS, &cells)?)
}

fn witness_words(usable: &UsableSize, predicted_bytes: Option<usize>) -> &'static str {
    match (usable.witness, predicted_bytes) {
        (Witness::Pages, _) => "pages, counted",
        (Witness::Kfence, _) => "ksize of an object that KFENCE guards",
        (Witness::Ksize, None) => "ksize",
        (Witness::Ksize, Some(predicted)) if predicted == usable.size_bytes => {
            "ksize, as kmalloc_size_roundup predicts"
        }
        // Slab debugging, or the kernel's own data, in what would be usable.
        (Witness::Ksize, Some(_)) => "ksize, which kmalloc_size_roundup does not predict",
    }
}
