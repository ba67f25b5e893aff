// SPDX-License-Identifier: GPL-2.0

//! Claims on which memory a device can be pointed to.
//!
//! What a device needs of memory that it is given by one address is that it lies in a row. Whether
//! it can reach the place is a question to the device and to its IOMMU.

use super::{
    ask::{
        allocate,
        request,
        runs_of, //
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
    memory::Memory,
    run::Run,
    stop::Stop, //
};
use kernel::page::PAGE_SIZE;
use memalloc::{
    gfp,
    inspect::Backend,
    TakesBytes, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-fit-for-dma",
        guide: Guide::Driver,
        text: "kmalloc memory is fit for DMA.",
        check: kmalloc_fit_for_dma,
    },
    Claim {
        id: "vmalloc-unfit-for-dma",
        guide: Guide::Driver,
        text: "vmalloc memory cannot be used for DMA, for it is not contiguous.",
        check: vmalloc_unfit_for_dma,
    },
    Claim {
        id: "kvmalloc-maybe-fit-for-dma",
        guide: Guide::Driver,
        text: "Whether kvmalloc memory is fit for DMA is not known in advance.",
        check: kvmalloc_maybe_fit_for_dma,
    },
];

const SIZE_BYTES: usize = 16 * PAGE_SIZE;

/// Whether the owner's type offers a physical address.
fn has_physical_address(memory: &Memory) -> bool {
    match memory {
        Memory::Kmalloc(owner) => owner.physical_address().is_some(),
        Memory::Pages(_) => true,
        Memory::Vmalloc(_) | Memory::Kvmalloc(_) => false,
    }
}

fn kmalloc_fit_for_dma(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let live = allocate(run, &request(Allocator::Kmalloc, SIZE_BYTES))?;
    let runs = runs_of(run, live.memory.span())?;
    Finding::whether(
        runs.is_contiguous() && has_physical_address(&live.memory),
        format_args!(
            "{} pages in {} run, which has a physical address; a device's mask may still exclude \
             it",
            runs.pages(),
            runs.count()
        ),
    )
}

fn vmalloc_unfit_for_dma(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let live = allocate(
        run,
        &request(Allocator::Vmalloc, 2 * gfp::Kmalloc::MAX_BYTES),
    )?;
    let runs = runs_of(run, live.memory.span())?;
    let verdict = Verdict::Depends("the device: not by one address, but page by page in a list");
    Finding::new(
        verdict,
        format_args!(
            "{} pages in {} runs, each page with a frame of its own; the owner has {} physical \
             address",
            runs.pages(),
            runs.count(),
            if has_physical_address(&live.memory) {
                "a"
            } else {
                "no"
            }
        ),
    )
}

fn kvmalloc_maybe_fit_for_dma(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let small = allocate(run, &request(Allocator::Kvmalloc, PAGE_SIZE))?;
    let large_bytes = 2 * gfp::Kmalloc::MAX_BYTES;
    let large = allocate(run, &request(Allocator::Kvmalloc, large_bytes))?;
    let backends = [&small, &large].map(|live| live.memory.span().backend());
    let vmalloc = backends
        .iter()
        .filter(|backend| **backend == Backend::Vmalloc)
        .count();
    Finding::whether(
        vmalloc == 1,
        format_args!(
            "{PAGE_SIZE} bytes came from {}, {large_bytes} bytes from {}",
            small.memory.span().backend().name(),
            large.memory.span().backend().name()
        ),
    )
}
