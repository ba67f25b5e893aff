// SPDX-License-Identifier: GPL-2.0

//! `cache`: a slab cache of its own against kmalloc, for objects of the same size.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        flags::{
            GfpBase,
            GfpFlags, //
        },
        keys::{
            Key,
            Parameter, //
        },
    },
    ledger::Reservation,
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
use core::mem::MaybeUninit;
use kernel::{
    page::PAGE_SIZE,
    prelude::*,
    rbtree::RBTree,
    time::{
        Instant,
        Monotonic, //
    },
};
use memalloc::{
    gfp::Gfp,
    inspect::{
        Inspect,
        Witness, //
    },
    Cache,
    CacheOptions,
    Count,
    Failure,
    KmallocBox, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "cache",
    question: "What does a slab cache do better than kmalloc of the same size?",
    parameters: &[Parameter::new(Key::Count, "2000")],
    run,
};

const COLUMNS: &[Column] = &[
    Column::right("size_bytes", "size", 5),
    Column::left("from", "from", 11),
    Column::right("count", "count", 6),
    Column::right("usable_bytes", "usable", 6),
    Column::right("waste_percent", "waste%", 6),
    Column::right("alignment_min_bytes", "align", 5),
    Column::right("pages", "pages", 6),
    Column::right("objects_per_page", "per page", 8),
    Column::right("allocate_ns_each", "alloc ns", 8),
    Column::right("free_ns_each", "free ns", 8),
];

/// How many objects are allocated or freed between two checkpoints, which are not timed.
const OBJECTS_PER_CHECKPOINT: usize = 64;

/// What many objects of one size have in common.
struct Packing {
    size_bytes: usize,
    count: u64,
    /// Of those that KFENCE does not guard, as is `alignment_min_bytes`.
    usable_bytes: Option<usize>,
    alignment_min_bytes: Option<usize>,
    pages: u64,
}

/// How long it took to allocate objects, and to free some of them.
struct Times {
    allocate_ns: u64,
    free_ns: u64,
    freed: u64,
}

impl Packing {
    const fn new(size_bytes: usize) -> Self {
        Self {
            size_bytes,
            count: 0,
            usable_bytes: None,
            alignment_min_bytes: None,
            pages: 0,
        }
    }

    /// Looks at objects, and counts the pages that they start in.
    fn look_at<'a>(
        &mut self,
        run: &Run<'_>,
        objects: impl Iterator<Item = &'a (impl Inspect + 'a)>,
    ) -> Result<(), Stop> {
        let mut pages = RBTree::new();
        for object in objects {
            run.checkpoint()?;
            let span = object.span();
            self.count += 1;
            let usable = span.usable_size();
            if usable.witness != Witness::Kfence {
                let align_bytes = span.alignment_bytes();
                let least_bytes = self.alignment_min_bytes.unwrap_or(align_bytes);
                self.usable_bytes = Some(usable.size_bytes);
                self.alignment_min_bytes = Some(least_bytes.min(align_bytes));
            }
            let page = span.address() / PAGE_SIZE;
            let known = pages.try_create_and_insert(page, (), GFP_KERNEL);
            self.pages += u64::from(known.map_err(|_| Stop::AnswerFailed)?.is_none());
        }
        Ok(())
    }

    fn write(&self, run: &mut Run<'_>, from: &str, times: &Times) -> Result<(), Stop> {
        let usable_bytes = self.usable_bytes.map(|bytes| bytes as u64);
        let cells = [
            Cell::Number(self.size_bytes as u64),
            Cell::Words(from),
            Cell::Number(self.count),
            Cell::from(usable_bytes),
            usable_bytes.map_or(Cell::Nothing, |usable_bytes| {
                let waste_bytes = usable_bytes.saturating_sub(self.size_bytes as u64);
                Cell::Percent(PerMille::of(waste_bytes, usable_bytes))
            }),
            Cell::from(self.alignment_min_bytes.map(|bytes| bytes as u64)),
            match self.pages {
                0 => Cell::Nothing,
                pages => Cell::Number(pages),
            },
            Cell::from(self.count.checked_div(self.pages)),
            Cell::from(times.allocate_ns.checked_div(self.count)),
            Cell::from(times.free_ns.checked_div(times.freed)),
        ];
        Ok(run.answer.row("packing", COLUMNS, &cells)?)
    }
}

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    run.answer.head(COLUMNS)?;
    of_size::<24>(run, arguments.count)?;
    of_size::<72>(run, arguments.count)?;
    of_size::<200>(run, arguments.count)?;
    of_size::<520>(run, arguments.count)?;
    of_size::<1100>(run, arguments.count)
}

fn of_size<const BYTES: usize>(run: &mut Run<'_>, count: u64) -> Result<(), Stop> {
    run.checkpoint()?;
    // The objects of one kind at a time, each of two sizes of kmalloc at most.
    let charge_bytes = count.saturating_mul(2 * BYTES as u64);
    let allocator = Allocator::Kmalloc;
    let reservation = run
        .reserve(allocator, charge_bytes)
        .map_err(|over| Stop::OverLimit { allocator, over })?;
    let reservation = &reservation;
    one_by_one(run, reservation, BYTES, "kmalloc", count, || {
        KmallocBox::<MaybeUninit<[u8; BYTES]>>::new_uninit(Gfp::KERNEL.nowarn())
    })?;
    let cache = Cache::<[u8; BYTES]>::new(c"rust_memalloc_lab", CacheOptions::new().unmerged())
        .map_err(|_| Stop::AnswerFailed)?;
    one_by_one(run, reservation, BYTES, "cache", count, || {
        Cache::allocate_uninit(&cache, Gfp::KERNEL.nowarn())
    })?;
    in_bulk(run, reservation, &cache, count)
}

/// Books that there was no memory for an object, and says so.
fn unmet(reservation: &Reservation, size_bytes: usize) -> Stop {
    reservation.failed();
    let flags = GfpFlags::plain(GfpBase::Kernel);
    let request = Request::plain(Allocator::Kmalloc, size_bytes, flags);
    Stop::out_of_memory(&request)
}

fn elapsed_ns(since: Instant<Monotonic>) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(0)
}

fn add<O>(
    objects: &mut KVVec<O>,
    count: usize,
    allocate: impl Fn() -> Result<O, Stop>,
) -> Result<(), Stop> {
    for _ in 0..count {
        objects.push(allocate()?, GFP_KERNEL)?;
    }
    Ok(())
}

#[inline(never)]
fn one_by_one<O: Inspect>(
    run: &mut Run<'_>,
    reservation: &Reservation,
    size_bytes: usize,
    from: &str,
    count: u64,
    allocate: impl Fn() -> Result<O, Failure>,
) -> Result<(), Stop> {
    let count = count as usize;
    let mut objects = KVVec::with_capacity(count, GFP_KERNEL)?;
    let mut times = Times {
        allocate_ns: 0,
        free_ns: 0,
        freed: count as u64,
    };
    while objects.len() < count {
        run.checkpoint()?;
        let before = objects.len();
        let some = OBJECTS_PER_CHECKPOINT.min(count - before);
        let begun = Instant::now();
        let outcome = add(&mut objects, some, || {
            allocate().map_err(|_| unmet(reservation, size_bytes))
        });
        times.allocate_ns += elapsed_ns(begun);
        // However the run ends, they are freed.
        run.turned_over(reservation, (objects.len() - before) as u64);
        outcome?;
    }
    let mut packing = Packing::new(size_bytes);
    packing.look_at(run, objects.iter())?;
    while !objects.is_empty() {
        run.checkpoint()?;
        let rest = objects.len().saturating_sub(OBJECTS_PER_CHECKPOINT);
        let begun = Instant::now();
        objects.truncate(rest);
        times.free_ns += elapsed_ns(begun);
    }
    packing.write(run, from, &times)
}

#[inline(never)]
fn in_bulk<const BYTES: usize>(
    run: &mut Run<'_>,
    reservation: &Reservation,
    cache: &Cache<[u8; BYTES]>,
    count: u64,
) -> Result<(), Stop> {
    run.checkpoint()?;
    let count = Count::new(count as usize).map_err(|_| Stop::AnswerFailed)?;
    let begun = Instant::now();
    let objects = Cache::bulk_uninit(cache, count, Gfp::KERNEL.nowarn());
    let allocate_ns = elapsed_ns(begun);
    let mut objects = objects.map_err(|_| unmet(reservation, BYTES))?;
    run.turned_over(reservation, objects.len() as u64);
    let mut packing = Packing::new(BYTES);
    // Objects of a bulk have no owner of their own to look at; the last one gets one, and is not
    // freed with the others.
    let single = objects.pop();
    packing.look_at(run, single.iter())?;
    packing.count = count.get() as u64;
    // Where the others lie, nobody can see.
    packing.pages = 0;
    let freed = objects.len() as u64;
    let begun = Instant::now();
    drop(objects);
    let times = Times {
        allocate_ns,
        free_ns: elapsed_ns(begun),
        freed,
    };
    packing.write(run, "cache, bulk", &times)
}
