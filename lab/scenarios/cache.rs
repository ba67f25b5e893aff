// SPDX-License-Identifier: GPL-2.0

//! `cache`: a slab cache of its own against kmalloc, for objects of the same size.

use crate::lab::{
    command::{
        allocators::Allocator,
        arguments::Arguments,
        keys::{
            Key,
            Parameter, //
        },
    },
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
    inspect::Inspect,
    Cache,
    CacheOptions,
    Count,
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

/// What many objects of one size have in common.
struct Packing {
    size_bytes: usize,
    count: u64,
    usable_bytes: usize,
    alignment_min_bytes: usize,
    pages: u64,
}

impl Packing {
    const fn new(size_bytes: usize) -> Self {
        Self {
            size_bytes,
            count: 0,
            usable_bytes: 0,
            alignment_min_bytes: usize::MAX,
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
            self.usable_bytes = span.usable_size().size_bytes;
            self.alignment_min_bytes = self.alignment_min_bytes.min(span.alignment_bytes());
            let page = span.address() / PAGE_SIZE;
            let known = pages.try_create_and_insert(page, (), GFP_KERNEL);
            self.pages += u64::from(known.map_err(|_| Stop::AnswerFailed)?.is_none());
        }
        Ok(())
    }

    fn write(
        &self,
        run: &mut Run<'_>,
        from: &str,
        allocate_ns: u64,
        free_ns: u64,
    ) -> Result<(), Stop> {
        let usable_bytes = self.usable_bytes as u64;
        let waste_bytes = usable_bytes.saturating_sub(self.size_bytes as u64);
        let count = self.count.max(1);
        let cells = [
            Cell::Number(self.size_bytes as u64),
            Cell::Words(from),
            Cell::Number(self.count),
            Cell::Number(usable_bytes),
            Cell::Percent(PerMille::of(waste_bytes, usable_bytes)),
            Cell::Number(self.alignment_min_bytes as u64),
            match self.pages {
                0 => Cell::Nothing,
                pages => Cell::Number(pages),
            },
            self.count
                .checked_div(self.pages)
                .map_or(Cell::Nothing, Cell::Number),
            Cell::Number(allocate_ns / count),
            Cell::Number(free_ns / count),
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
    let receipt = run.book(Allocator::Kmalloc, charge_bytes)?;
    from_kmalloc::<BYTES>(run, count)?;
    let cache = Cache::<[u8; BYTES]>::new(c"rust_memalloc_lab", CacheOptions::new().unmerged())
        .map_err(|_| Stop::AnswerFailed)?;
    one_by_one(run, &cache, count)?;
    in_bulk(run, &cache, count)?;
    drop(receipt);
    Ok(())
}

fn elapsed_ns(since: Instant<Monotonic>) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(0)
}

#[inline(never)]
fn from_kmalloc<const BYTES: usize>(run: &mut Run<'_>, count: u64) -> Result<(), Stop> {
    let mut objects = KVVec::with_capacity(count as usize, GFP_KERNEL)?;
    let begun = Instant::now();
    for _ in 0..count {
        run.checkpoint()?;
        let object = KmallocBox::<MaybeUninit<[u8; BYTES]>>::new_uninit(Gfp::KERNEL.nowarn());
        objects.push(object.map_err(|_| Stop::AnswerFailed)?, GFP_KERNEL)?;
    }
    let allocate_ns = elapsed_ns(begun);
    let mut packing = Packing::new(BYTES);
    packing.look_at(run, objects.iter())?;
    let begun = Instant::now();
    while objects.pop().is_some() {
        run.checkpoint()?;
    }
    packing.write(run, "kmalloc", allocate_ns, elapsed_ns(begun))
}

#[inline(never)]
fn one_by_one<const BYTES: usize>(
    run: &mut Run<'_>,
    cache: &Cache<[u8; BYTES]>,
    count: u64,
) -> Result<(), Stop> {
    let mut objects = KVVec::with_capacity(count as usize, GFP_KERNEL)?;
    let begun = Instant::now();
    for _ in 0..count {
        run.checkpoint()?;
        let object = Cache::allocate_uninit(cache, Gfp::KERNEL.nowarn());
        objects.push(object.map_err(|_| Stop::AnswerFailed)?, GFP_KERNEL)?;
    }
    let allocate_ns = elapsed_ns(begun);
    let mut packing = Packing::new(BYTES);
    packing.look_at(run, objects.iter())?;
    let begun = Instant::now();
    while objects.pop().is_some() {
        run.checkpoint()?;
    }
    packing.write(run, "cache", allocate_ns, elapsed_ns(begun))
}

#[inline(never)]
fn in_bulk<const BYTES: usize>(
    run: &mut Run<'_>,
    cache: &Cache<[u8; BYTES]>,
    count: u64,
) -> Result<(), Stop> {
    let count = Count::new(count as usize).map_err(|_| Stop::AnswerFailed)?;
    let begun = Instant::now();
    let objects = Cache::bulk_uninit(cache, count, Gfp::KERNEL.nowarn());
    let allocate_ns = elapsed_ns(begun);
    let mut objects = objects.map_err(|_| Stop::AnswerFailed)?;
    let mut packing = Packing::new(BYTES);
    let mut singles = KVVec::with_capacity(1, GFP_KERNEL)?;
    // Objects of a bulk have no owner of their own to look at; the last one gets one.
    if let Some(object) = objects.pop() {
        singles.push(object, GFP_KERNEL)?;
    }
    packing.look_at(run, singles.iter())?;
    packing.count = objects.len() as u64 + 1;
    // Where the others lie, nobody can see.
    packing.pages = 0;
    let begun = Instant::now();
    drop(objects);
    packing.write(run, "cache, bulk", allocate_ns, elapsed_ns(begun))
}
