// SPDX-License-Identifier: GPL-2.0

//! `unwind`: a structure of several members, one of which cannot be had.

use crate::lab::{
    booked::Live,
    command::{
        allocators::Allocator,
        arguments::Arguments,
        flags::{
            GfpBase,
            GfpFlags, //
        },
    },
    memory::Request,
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    scenario::Scenario,
    stop::{
        Stop,
        Why, //
    },
};
use core::{
    cell::Cell as Shared,
    fmt, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "unwind",
    question: "When one member of a structure cannot be had, is what was built before freed?",
    parameters: &[],
    run,
};

/// The members, in the order in which they are made, each from another allocator.
const MEMBERS: [(&str, Allocator, usize); 4] = [
    ("header", Allocator::Kmalloc, 96),
    ("name", Allocator::Kvmalloc, 32),
    ("buffer", Allocator::Vmalloc, 40_000),
    ("ring", Allocator::Pages, 16_384),
];

const COLUMNS: &[Column] = &[
    Column::left("fails", "fails", 8),
    Column::right("built", "built before", 12),
    Column::right("freed", "freed", 5),
    Column::left("freed_in_order", "freed in this order", 28),
    Column::left("reverse_order", "reverse", 7),
];

/// Which members were freed, in which order.
#[derive(Default)]
struct Log {
    freed: Shared<[Option<usize>; MEMBERS.len()]>,
    count: Shared<usize>,
}

impl Log {
    fn add(&self, member: usize) {
        let mut freed = self.freed.get();
        if let Some(slot) = freed.get_mut(self.count.get()) {
            *slot = Some(member);
        }
        self.freed.set(freed);
        self.count.set(self.count.get() + 1);
    }

    /// Whether the first `built` members were freed, the last of them first, and no others.
    fn is_reverse_of(&self, built: usize) -> bool {
        self.count.get() == built && self.freed.get().into_iter().flatten().eq((0..built).rev())
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, member) in self.freed.get().into_iter().flatten().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let name = MEMBERS.get(member).map_or("", |(name, _, _)| *name);
            write!(f, "{separator}{name}")?;
        }
        Ok(())
    }
}

/// A member, which says when it is freed.
struct Member<'log> {
    index: usize,
    log: &'log Log,
    _live: Live,
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        self.log.add(self.index);
    }
}

/// The structure. Its fields are dropped in the order in which they stand here: the last built
/// first, as C code frees on its error path.
struct Structure<'log> {
    _ring: Member<'log>,
    _buffer: Member<'log>,
    _name: Member<'log>,
    _header: Member<'log>,
}

impl<'log> Structure<'log> {
    /// Builds one member after the other. There is no error path to write: what was built is freed
    /// where a `?` returns.
    fn build(run: &mut Run<'_>, log: &'log Log, fails: usize) -> Result<Self, Stop> {
        let header = member(run, log, 0, fails)?;
        let name = member(run, log, 1, fails)?;
        let buffer = member(run, log, 2, fails)?;
        let ring = member(run, log, 3, fails)?;
        Ok(Self {
            _ring: ring,
            _buffer: buffer,
            _name: name,
            _header: header,
        })
    }
}

/// Allocates a member; the one that is to fail asks for more than there can be.
fn member<'log>(
    run: &mut Run<'_>,
    log: &'log Log,
    index: usize,
    fails: usize,
) -> Result<Member<'log>, Stop> {
    let (_, allocator, size_bytes) =
        MEMBERS
            .get(index)
            .copied()
            .unwrap_or(("", Allocator::Kmalloc, 1));
    let size_bytes = match index == fails {
        true => isize::MAX as usize,
        false => size_bytes,
    };
    let request = Request::plain(allocator, size_bytes, GfpFlags::plain(GfpBase::Kernel));
    Ok(Member {
        index,
        log,
        _live: run.allocate(&request)?.live,
    })
}

fn run(run: &mut Run<'_>, _arguments: &Arguments) -> Result<(), Stop> {
    run.expect_steps(MEMBERS.len() as u64 + 1);
    run.answer.head(COLUMNS)?;
    // The last round is the one in which none fails, and the whole structure is dropped.
    for fails in 0..=MEMBERS.len() {
        run.checkpoint()?;
        let log = Log::default();
        match Structure::build(run, &log, fails) {
            Ok(structure) => drop(structure),
            // Only the member that asks for too much is refused; another one may find no memory, or
            // no budget.
            Err(Stop::Unmet(unmet)) if matches!(unmet.why, Why::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
        let cells = [
            Cell::Words(MEMBERS.get(fails).map_or("none", |(name, _, _)| *name)),
            Cell::Number(fails as u64),
            Cell::Number(log.count.get() as u64),
            Cell::Shown(&log),
            Cell::Truth(log.is_reverse_of(fails)),
        ];
        run.answer.row("unwinding", COLUMNS, &cells)?;
        run.step_done();
    }
    Ok(())
}
