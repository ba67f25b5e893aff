// SPDX-License-Identifier: GPL-2.0

//! Claims on where memory starts.

use super::{
    ask::{
        allocate,
        allocate_all,
        request, //
    },
    claim::{
        Claim,
        Finding,
        Guide,
        Verdict, //
    },
};
use crate::lab::{
    command::allocators::Allocator,
    run::Run,
    stop::Stop, //
};
use kernel::page::PAGE_SIZE;
use memalloc::Order;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-aligned-naturally",
        guide: Guide::Driver,
        text: "kmalloc memory is naturally aligned.",
        check: kmalloc_aligned_naturally,
    },
    Claim {
        id: "ptr-align-recipe",
        guide: Guide::Driver,
        text: "Asking for alignment - 1 bytes more, and PTR_ALIGN(), align an object of any size.",
        check: ptr_align_recipe,
    },
    Claim {
        id: "pages-aligned-to-pages",
        guide: Guide::Driver,
        text: "The page allocator gives memory that is aligned to a page.",
        check: pages_aligned_to_pages,
    },
];

/// The least alignment of some objects that are held at once.
fn alignment_min_bytes(run: &mut Run<'_>, size_bytes: usize) -> Result<usize, Stop> {
    let live = allocate_all(run, &request(Allocator::Kmalloc, size_bytes), 16)?;
    let alignments = live.iter().map(|one| one.memory.span().alignment_bytes());
    Ok(alignments.min().unwrap_or(0))
}

fn kmalloc_aligned_naturally(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let mut powers = 0_u64;
    for shift in 3..=16 {
        powers += u64::from(alignment_min_bytes(run, 1 << shift)? >= 1 << shift);
    }
    let sizes_bytes = [24, 72, 96, 136, 192];
    let (mut others, mut worst_size_bytes, mut worst_alignment_bytes) = (0_u64, 0, usize::MAX);
    for size_bytes in sizes_bytes {
        let alignment_bytes = alignment_min_bytes(run, size_bytes)?;
        others += u64::from(alignment_bytes >= size_bytes);
        if alignment_bytes < worst_alignment_bytes {
            worst_size_bytes = size_bytes;
            worst_alignment_bytes = alignment_bytes;
        }
    }
    let verdict = match (powers, others) {
        (14, 5) => Verdict::Holds,
        (14, _) => Verdict::Depends(
            "the size: a power of two is, others only to the largest one that divides them",
        ),
        _ => Verdict::DoesNotHold,
    };
    Finding::new(
        verdict,
        format_args!(
            "aligned to their size: {powers} of 14 powers of two, {others} of {} other sizes, of \
             which {worst_size_bytes} bytes are aligned to {worst_alignment_bytes}",
            sizes_bytes.len()
        ),
    )
}

fn ptr_align_recipe(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut asked, mut fit, mut moved) = (0_u64, 0_u64, 0_u64);
    for size_bytes in [8, 33, 60, 100, 1000] {
        for shift in 4..=12 {
            let align_bytes: usize = 1 << shift;
            let padded_bytes = size_bytes + align_bytes - 1;
            let live = allocate(run, &request(Allocator::Kmalloc, padded_bytes))?;
            let span = live.memory.span();
            // PTR_ALIGN(), from the start of the memory on.
            let padding_bytes = span.address().wrapping_neg() % align_bytes;
            asked += 1;
            fit += u64::from(padding_bytes + size_bytes <= span.size_bytes());
            moved += u64::from(padding_bytes > 0);
        }
    }
    Finding::whether(
        fit == asked,
        format_args!(
            "{fit} of {asked} objects fit at alignments from 16 to 4096 bytes; {moved} of them had \
             to be moved for that"
        ),
    )
}

fn pages_aligned_to_pages(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut orders, mut to_page, mut to_size) = (0_u64, 0_u64, 0_u64);
    for order in (0..=6).filter_map(|order| Order::new(order).ok()) {
        let live = allocate(run, &request(Allocator::Pages, order.size_bytes()))?;
        let alignment_bytes = live.memory.span().alignment_bytes();
        orders += 1;
        to_page += u64::from(alignment_bytes >= PAGE_SIZE);
        to_size += u64::from(alignment_bytes >= order.size_bytes());
    }
    Finding::whether(
        to_page == orders,
        format_args!("{to_page} of {orders} orders are, and {to_size} even to their own size"),
    )
}
