// SPDX-License-Identifier: GPL-2.0

//! Claims on the page allocator: the table of orders, and how its functions differ.

use super::{
    ask::{
        allocate,
        request,
        runs_of, //
    },
    claim::{
        Claim,
        Finding,
        Guide, //
    },
};
use crate::lab::{command::allocators::Allocator, run::Run, stop::Stop};
use memalloc::{
    gfp::Gfp,
    inspect::Inspect,
    Order,
    PageBlock, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "order-0-is-1-page",
        guide: Guide::Driver,
        text: "Order 0 is 1 page, 4 KiB.",
        check: row::<0, 1, { 4 << 10 }>,
    },
    Claim {
        id: "order-1-is-2-pages",
        guide: Guide::Driver,
        text: "Order 1 is 2 pages, 8 KiB.",
        check: row::<1, 2, { 8 << 10 }>,
    },
    Claim {
        id: "order-2-is-4-pages",
        guide: Guide::Driver,
        text: "Order 2 is 4 pages, 16 KiB.",
        check: row::<2, 4, { 16 << 10 }>,
    },
    Claim {
        id: "order-3-is-8-pages",
        guide: Guide::Driver,
        text: "Order 3 is 8 pages, 32 KiB.",
        check: row::<3, 8, { 32 << 10 }>,
    },
    Claim {
        id: "order-10-is-1024-pages",
        guide: Guide::Driver,
        text: "Order 10 is 1024 pages, 4 MiB.",
        check: row::<10, 1024, { 4 << 20 }>,
    },
    Claim {
        id: "order-is-power-of-two",
        guide: Guide::Driver,
        text: "alloc_pages() of an order gives 2 to that power pages in a row.",
        check: order_is_power_of_two,
    },
    Claim {
        id: "get-free-pages-same",
        guide: Guide::Driver,
        text: "__get_free_pages() gives what alloc_pages() gives, as an address.",
        check: get_free_pages_same,
    },
];

/// A row of the table: this order has this many pages, and this many bytes.
fn row<const ORDER: u32, const PAGES: usize, const BYTES: usize>(
    run: &mut Run<'_>,
) -> Result<Finding, Stop> {
    let Ok(order) = Order::new(ORDER) else {
        return Finding::whether(
            false,
            format_args!("the largest order is {}", Order::MAX.get()),
        );
    };
    let live = allocate(run, &request(Allocator::Pages, order.size_bytes()))?;
    let span = live.memory.span();
    let (pages, size_bytes) = (span.page_frames().len(), span.size_bytes());
    Finding::whether(
        (pages, size_bytes) == (PAGES, BYTES),
        format_args!("{pages} pages, {size_bytes} bytes"),
    )
}

fn order_is_power_of_two(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut orders, mut right) = (0_u64, 0_u64);
    for order in (0..=Order::MAX.get()).filter_map(|order| Order::new(order).ok()) {
        let live = allocate(run, &request(Allocator::Pages, order.size_bytes()))?;
        let runs = runs_of(run, live.memory.span())?;
        orders += 1;
        right += u64::from(runs.is_contiguous() && runs.pages() == 1 << order.get());
    }
    Finding::whether(
        right == orders,
        format_args!(
            "{right} of {orders} orders, the largest of 2^{} pages",
            Order::MAX.get()
        ),
    )
}

fn get_free_pages_same(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut orders, mut same) = (0_u64, 0_u64);
    for order in (0..=3).filter_map(|order| Order::new(order).ok()) {
        let request = request(Allocator::Pages, order.size_bytes());
        let pages = allocate(run, &request)?;
        let receipt = run.book(Allocator::Pages, request.charge_bytes())?;
        let block = PageBlock::get_free_pages(order, Gfp::KERNEL.nowarn())
            .map_err(|_| Stop::out_of_memory(&request))?;
        let (one, other) = (pages.memory.span(), block.span());
        orders += 1;
        same += u64::from(
            one.size_bytes() == other.size_bytes() && runs_of(run, other)?.is_contiguous(),
        );
        drop(block);
        drop(receipt);
    }
    Finding::whether(
        same == orders,
        format_args!("{same} of {orders} orders gave as many bytes, in a row"),
    )
}
