// SPDX-License-Identifier: GPL-2.0

//! `numa`: whether memory comes from the node asked for, and what a full node does.

mod fill;

use crate::{
    lab::{
        command::{
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
        frames,
        measure::Held,
        memory::Request,
        output::cell::{
            Cell,
            Column, //
        },
        run::Run,
        scenario::Scenario,
        stop::{
            Stop,
            Unmet,
            Why, //
        },
    },
    platform::system,
};
use fill::{
    Filled,
    Filling, //
};
use memalloc::Node;

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "numa",
    question: "Does memory come from the node asked for, and what if that node is full?",
    parameters: &[
        Parameter::new(Key::Allocator, "all"),
        Parameter::new(Key::Size, "16k"),
        Parameter::new(Key::Count, "16"),
        Parameter::new(Key::Node, "any")
            .meaning("NUMA node asked for; any asks for every online node in turn"),
    ],
    run,
};

const COLUMNS: &[Column] = &[
    Column::right("node", "node", 4),
    Column::left("state", "state", 5),
    Column::left("allocator", "allocator", 9),
    Column::left("gfp", "gfp", 15),
    Column::right("allocated", "allocated", 9),
    Column::right("on_node", "on that node", 12),
    Column::right("pages_elsewhere", "pages elsewhere", 15),
    Column::left("outcome", "outcome", 8),
];

const FILLING: &[Column] = &[
    Column::left("node", "node to fill", 0),
    Column::left("filled_bytes", "filled with", 0),
    Column::left("full", "full", 0),
    Column::left("outcome", "outcome", 0),
];

/// The most nodes that any configuration of the kernel has.
const MAX_NODES: u32 = 1024;

/// A node, and its number.
#[derive(Clone, Copy)]
struct Numbered {
    id: u32,
    node: Node,
}

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    let asked = (0..MAX_NODES)
        .filter(|id| arguments.node.is_none_or(|wanted| wanted == *id))
        .filter_map(|id| Node::online(id).map(|node| Numbered { id, node }));
    let nodes = asked.clone().count() as u64;
    // Each of them as it is, and one of them full; each with two masks at most.
    let series = 2 * arguments.allocators.iter().count() as u64 * (nodes + 1);
    run.expect_steps(arguments.count.saturating_mul(series));
    run.answer.head(COLUMNS)?;
    let mut last = None;
    for numbered in asked {
        ask_all(run, arguments, numbered, None)?;
        last = Some(numbered);
    }
    match last {
        Some(numbered) if system::online_nodes() > 1 => ask_full(run, arguments, numbered),
        _ => write_filling(run, last, 0, Filling::OnlyNode),
    }
}

/// Asks every allocator for memory of a node: as a preference, and, of those that honour it, with
/// `__GFP_THISNODE`. The node is as it is, or filled.
fn ask_all(
    run: &mut Run<'_>,
    arguments: &Arguments,
    numbered: Numbered,
    mut filled: Option<&mut Filled>,
) -> Result<(), Stop> {
    let this_node = GfpFlags::plain(GfpBase::Nowait).with(Modifier::Thisnode);
    for allocator in arguments.allocators.iter() {
        for flags in [GfpFlags::plain(GfpBase::Kernel), this_node] {
            if flags.unsuited_to(allocator).is_some() {
                continue;
            }
            let mut request =
                Request::of(arguments, allocator, arguments.size_bytes, numbered.node);
            request.flags = flags;
            let state = match &mut filled {
                None => "as is",
                Some(filled) => {
                    // The kernel has reclaimed a little meanwhile.
                    filled.fill(run)?.state()
                }
            };
            let places = Places::ask(run, &request, numbered.id, arguments.count)?;
            places.write(run, &request, numbered.id, state)?;
        }
    }
    Ok(())
}

/// Where equal allocations came to lie.
struct Places {
    asked: u64,
    allocated: u64,
    /// Allocations with all pages on the node.
    on_node: u64,
    pages_elsewhere: u64,
    unmet: Option<Unmet>,
}

impl Places {
    fn ask(run: &mut Run<'_>, request: &Request, node_id: u32, count: u64) -> Result<Self, Stop> {
        let mut places = Self {
            asked: 0,
            allocated: 0,
            on_node: 0,
            pages_elsewhere: 0,
            unmet: None,
        };
        let mut held = Held::new();
        for _ in 0..count {
            run.checkpoint()?;
            places.asked += 1;
            match run.try_allocate(request)? {
                Ok(timed) => {
                    let mut elsewhere = 0;
                    frames::for_each(run, timed.live.memory.span(), |frame| {
                        elsewhere += u64::from(frame.node != node_id);
                    })?;
                    places.allocated += 1;
                    places.on_node += u64::from(elsewhere == 0);
                    places.pages_elsewhere += elsewhere;
                    held.push(timed.live)?;
                }
                Err(unmet) => {
                    places.unmet = Some(unmet);
                    break;
                }
            }
            run.step_done();
        }
        Ok(places)
    }

    fn write(
        &self,
        run: &mut Run<'_>,
        request: &Request,
        node_id: u32,
        state: &str,
    ) -> Result<(), Stop> {
        let cells = [
            Cell::Number(node_id.into()),
            Cell::Words(state),
            Cell::Words(request.allocator.name()),
            Cell::Shown(&request.flags),
            Cell::OutOf(self.allocated, self.asked),
            Cell::OutOf(self.on_node, self.allocated),
            Cell::Number(self.pages_elsewhere),
            match &self.unmet {
                None => Cell::Words("ok"),
                Some(unmet) => match &unmet.why {
                    Why::OutOfMemory => Cell::Words("no memory"),
                    why => Cell::Shown(why),
                },
            },
        ];
        Ok(run.answer.row("placement", COLUMNS, &cells)?)
    }
}

/// Fills a node, and asks it again.
fn ask_full(run: &mut Run<'_>, arguments: &Arguments, numbered: Numbered) -> Result<(), Stop> {
    let mut filled = Filled::new(numbered.node);
    let filling = filled.fill(run)?;
    if filling == Filling::Full {
        ask_all(run, arguments, numbered, Some(&mut filled))?;
    }
    write_filling(run, Some(numbered), filled.size_bytes(), filling)
}

fn write_filling(
    run: &mut Run<'_>,
    numbered: Option<Numbered>,
    filled_bytes: u64,
    filling: Filling,
) -> Result<(), Stop> {
    let cells = [
        numbered.map_or(Cell::Nothing, |numbered| Cell::Number(numbered.id.into())),
        Cell::Bytes(filled_bytes),
        Cell::Truth(filling == Filling::Full),
        Cell::Words(filling.words()),
    ];
    run.answer.line(format_args!(""))?;
    Ok(run.answer.list("full_node", FILLING, &cells)?)
}
