// SPDX-License-Identifier: GPL-2.0

//! `classes`: the sizes that kmalloc really hands out.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        keys::{
            Key,
            Parameter, //
        },
    },
    measure::{
        Room,
        Series, //
    },
    memory::Request,
    output::cell::{
        Cell,
        Column, //
    },
    quantity::PerMille,
    run::Run,
    scenario::Scenario,
    stop::Stop,
};
use core::fmt;
use memalloc::{
    gfp,
    inspect::Backend,
    TakesBytes, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "classes",
    question: "Which sizes does kmalloc really hand out here?",
    parameters: &[
        Parameter::new(Key::To, "4M"),
        Parameter::new(Key::Count, "4"),
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Node, "any"),
    ],
    run,
};

const COLUMNS: &[Column] = &[
    Column::right("usable_bytes", "usable", 7),
    Column::right("first_bytes", "from", 8),
    Column::right("last_bytes", "to", 7),
    Column::right("worst_waste_percent", "waste%", 6),
    Column::right("alignment_min_bytes", "align", 6),
    Column::left("served_by", "served by", 9),
    Column::left("staircase", "staircase", 24),
];

const WORST: &[Column] = &[
    Column::left("size_bytes", "worst waste: asked", 0),
    Column::left("usable_bytes", "worst waste: got", 0),
    Column::left("waste_bytes", "worst waste, bytes", 0),
];

/// A bar whose length grows with every doubling.
struct Stair(usize);

impl fmt::Display for Stair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..self.0.checked_ilog2().unwrap_or(0)).try_for_each(|_| f.write_str("#"))
    }
}

/// The request that wastes most.
#[derive(Default)]
struct Worst {
    size_bytes: usize,
    usable_bytes: usize,
}

impl Worst {
    fn waste_bytes(&self) -> usize {
        self.usable_bytes.saturating_sub(self.size_bytes)
    }
}

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    let last_bytes = usize::try_from(arguments.to_bytes)
        .unwrap_or(usize::MAX)
        .min(gfp::Kmalloc::MAX_BYTES);
    let mut worst = Worst::default();
    let mut first = 1;
    run.answer.head(COLUMNS)?;
    while first <= last_bytes {
        let Asked { room, backend } = ask(run, arguments, first)?;
        let usable = room.usable_min_bytes;
        let last = last_of_class(run, arguments, first, usable)?;
        let waste_bytes = usable.saturating_sub(first) as u64;
        if waste_bytes > worst.waste_bytes() as u64 {
            worst = Worst {
                size_bytes: first,
                usable_bytes: usable,
            };
        }
        let stair = Stair(usable);
        let cells = [
            Cell::Bytes(usable as u64),
            Cell::Number(first as u64),
            Cell::Bytes(last as u64),
            Cell::Percent(PerMille::of(waste_bytes, usable as u64)),
            Cell::Bytes(room.alignment_min_bytes as u64),
            Cell::Words(backend.map_or("several", |one| one.name())),
            Cell::Shown(&stair),
        ];
        run.answer.row("class", COLUMNS, &cells)?;
        first = last + 1;
    }
    let cells = [
        Cell::Number(worst.size_bytes as u64),
        Cell::Number(worst.usable_bytes as u64),
        Cell::Number(worst.waste_bytes() as u64),
    ];
    run.answer.line(format_args!(""))?;
    Ok(run.answer.list("worst", WORST, &cells)?)
}

/// What objects of one size have in common.
struct Asked {
    room: Room,
    /// None if several served them.
    backend: Option<Backend>,
}

/// Asks for several objects of one size, again if KFENCE guards them all, which it does to few.
///
/// # Errors
///
/// [`Stop::Unmet`] if they were not to be had: that says nothing about classes.
fn ask(run: &mut Run<'_>, arguments: &Arguments, size_bytes: usize) -> Result<Asked, Stop> {
    let request = Request::of(arguments, Allocator::Kmalloc, size_bytes as u64, run.node);
    loop {
        let series = Series::measure(run, &request, arguments.count, 1)?;
        match (series.unmet, series.room) {
            (Some(unmet), _) => return Err(Stop::Unmet(unmet)),
            (None, Some(room)) => {
                let backend = series.single_backend();
                return Ok(Asked { room, backend });
            }
            (None, None) => {}
        }
    }
}

/// The largest size that gets as much as `first` does, found by asking.
///
/// It is what is usable itself, unless the kernel keeps something in objects of that size.
fn last_of_class(
    run: &mut Run<'_>,
    arguments: &Arguments,
    first: usize,
    usable: usize,
) -> Result<usize, Stop> {
    let mut is_inside = |size_bytes| {
        ask(run, arguments, size_bytes).map(|asked| asked.room.usable_min_bytes == usable)
    };
    let (mut inside, mut outside) = (first, usable.saturating_add(1));
    if usable >= first && is_inside(usable)? {
        inside = usable;
    }
    while outside - inside > 1 {
        let middle = inside + (outside - inside) / 2;
        if is_inside(middle)? {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    Ok(inside)
}
