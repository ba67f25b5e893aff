// SPDX-License-Identifier: GPL-2.0

//! `gfp`: what each flag changes, as far as it can be seen without harm.

mod account;
mod row;

use crate::{
    lab::{
        command::{
            allocators::Allocator,
            arguments::Arguments,
            flags::{
                GfpBase,
                GfpFlags,
                Modifier, //
            },
            keys::{
                Key,
                Parameter, //
            },
        },
        measure::{
            Held,
            Series, //
        },
        memory::Request,
        output::cell::{
            Cell,
            Column, //
        },
        run::Run,
        scenario::Scenario,
        stop::Stop,
    },
    platform::system,
};
use kernel::page::PAGE_SIZE;
use memalloc::{
    Node,
    Order, //
};
use row::{
    Row,
    Share,
    Verdict,
    COLUMNS,
    NO_MEMORY, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "gfp",
    question: "What does each allocation flag change, observed and not quoted?",
    parameters: &[
        Parameter::new(Key::Size, "4k"),
        Parameter::new(Key::Count, "32"),
    ],
    run,
};

const MASKS: &[Column] = &[
    Column::left("gfp", "gfp", 6),
    Column::right("allocated", "allocated", 9),
    Column::left("zone", "zone", 8),
    Column::right("node", "node", 4),
];

/// Memory is written to and freed this often, so that some of it comes back.
const ROUNDS: u64 = 4;

/// How many of the largest blocks are asked for.
const LARGEST_BLOCKS: u64 = 4;

/// The allocators whose pages are looked at for being charged.
const CHARGED: [Allocator; 3] = [Allocator::Kmalloc, Allocator::Vmalloc, Allocator::Pages];

/// Flags whose effect only harm would show.
const UNSEEN: &[Row] = &[
    Row::unseen(
        "retry_mayfail",
        "reclaim before a failure",
        "it would reclaim what others use; scenario fragment shows the milder noretry",
    ),
    Row::unseen(
        "nowarn",
        "report of a failure in the log",
        "the laboratory always gives it: no run may leave a report",
    ),
    Row::unseen(
        "atomic",
        "use of the emergency reserves",
        "it differs from nowait only below the watermarks, where others would fail",
    ),
    Row::unseen(
        "noio, nofs",
        "I/O and file systems in reclaim",
        "they differ from kernel only in reclaim, which no run provokes",
    ),
];

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    let zeroing = arguments.allocations(2 * ROUNDS * Allocator::ALL.len() as u64);
    let charging = arguments.allocations(2 * CHARGED.len() as u64);
    run.expect_steps(zeroing.saturating_add(charging));
    run.answer.head(COLUMNS)?;
    for allocator in Allocator::ALL {
        zero(run, arguments, allocator)?;
    }
    account::objects(run)?;
    for allocator in CHARGED {
        account::pages(run, allocator, arguments.count)?;
    }
    this_node(run)?;
    no_retry(run)?;
    for row in UNSEEN {
        row.write(run)?;
    }
    write_masks(run)
}

/// Writes to memory and frees it, so that what comes next was written to, unless it is zeroed.
fn zero(run: &mut Run<'_>, arguments: &Arguments, allocator: Allocator) -> Result<(), Stop> {
    let mut request = Request::of(arguments, allocator, arguments.size_bytes, Node::ANY);
    let plain = Series::measure(run, &request, arguments.count, ROUNDS)?;
    let came_zeroed = |series: &Series| Share {
        part: series.zeroed,
        whole: series.allocated,
    };
    request.flags.add(Modifier::Zero);
    let zeroed = Series::measure(run, &request, arguments.count, ROUNDS)?;
    let (without, with) = (came_zeroed(&plain), came_zeroed(&zeroed));
    let is_different = !without.is_all() && with.is_all() && with.whole > 0;
    Row {
        flag: "zero",
        looked_at: "came zeroed",
        allocator: Some(allocator),
        without: Some(without),
        with: Some(with),
        verdict: match is_different {
            true => Verdict::Observed,
            false => Verdict::NotObserved,
        },
        note: if is_different {
            ""
        } else if with.whole == 0 {
            NO_MEMORY
        } else if system::init_on_alloc() {
            "init_on_alloc zeroes all memory: boot with init_on_alloc=0"
        } else if system::init_on_free() {
            "init_on_free zeroes all memory: boot with init_on_free=0"
        } else {
            "nothing came that had been written to"
        },
    }
    .write(run)
}

fn this_node(run: &mut Run<'_>) -> Result<(), Stop> {
    Row::unseen(
        "thisnode",
        "memory of another node",
        match system::online_nodes() {
            1 => "there is one node",
            _ => "it differs only if the node is full, as scenario numa shows",
        },
    )
    .write(run)
}

/// Asks for the largest blocks without waiting, and with one round of reclaim and compaction.
fn no_retry(run: &mut Run<'_>) -> Result<(), Stop> {
    let looked_at = "largest blocks, against nowait";
    let without = largest_blocks(run, GfpFlags::plain(GfpBase::Nowait))?;
    let with = largest_blocks(run, GfpFlags::patient())?;
    let of_blocks = |part| Share {
        part,
        whole: LARGEST_BLOCKS,
    };
    let (Some(without), Some(with)) = (without, with) else {
        let note = "the budget has no room for the largest blocks, or too little is available";
        return Row::unseen("noretry", looked_at, note).write(run);
    };
    Row {
        flag: "noretry",
        looked_at,
        allocator: Some(Allocator::Pages),
        without: Some(of_blocks(without)),
        with: Some(of_blocks(with)),
        verdict: match with > without {
            true => Verdict::Observed,
            false => Verdict::NotObserved,
        },
        note: match (without, with) {
            (LARGEST_BLOCKS, _) => "there are free blocks, as before any effort: try fragment",
            _ if with > without => "one round of compaction made a block",
            _ => "one round of compaction made no block",
        },
    }
    .write(run)
}

/// How many of the largest blocks there are under a mask; `None` if a limit of the laboratory does
/// not let that be seen.
fn largest_blocks(run: &mut Run<'_>, flags: GfpFlags) -> Result<Option<u64>, Stop> {
    let request = Request::plain(Allocator::Pages, Order::MAX.size_bytes(), flags);
    let mut held = Held::new();
    let mut met = 0;
    for _ in 0..LARGEST_BLOCKS {
        run.checkpoint()?;
        match run.try_allocate(&request)? {
            Ok(timed) => held.push(timed.live)?,
            Err(unmet) if unmet.is_over_limit() => return Ok(None),
            Err(_) => break,
        }
        met += 1;
    }
    Ok(Some(met))
}

/// Writes where memory lies under each base mask: no flag of the library names a zone.
fn write_masks(run: &mut Run<'_>) -> Result<(), Stop> {
    run.answer.head(MASKS)?;
    for base in GfpBase::ALL {
        run.checkpoint()?;
        let request = Request::plain(Allocator::Pages, PAGE_SIZE, GfpFlags::plain(base));
        let live = run.try_allocate(&request)?.ok().map(|timed| timed.live);
        let span = live.as_ref().map(|live| live.memory.span());
        let frame = span.and_then(|span| span.page_frames().next());
        let zone = span.and_then(|span| span.zone_name()?.to_str().ok());
        let cells = [
            Cell::Words(base.name()),
            Cell::OutOf(u64::from(live.is_some()), 1),
            zone.map_or(Cell::Nothing, Cell::Words),
            frame.map_or(Cell::Nothing, |frame| Cell::Number(frame.node.into())),
        ];
        run.answer.row("mask", MASKS, &cells)?;
    }
    Ok(())
}
