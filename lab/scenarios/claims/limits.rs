// SPDX-License-Identifier: GPL-2.0

//! Claims on the largest and the smallest that an allocator gives.

use super::{
    ask::{
        self,
        attempt,
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
use memalloc::{
    gfp,
    machine_memory_bytes,
    TakesBytes, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-max-128k",
        guide: Guide::Driver,
        text: "kmalloc gives about 128 KiB at most.",
        check: kmalloc_max_128k,
    },
    Claim {
        id: "kmalloc-max-32-pages",
        guide: Guide::Comparison,
        text: "The largest kmalloc is 32 pages.",
        check: kmalloc_max_32_pages,
    },
    Claim {
        id: "kmalloc-max-less-16-bytes",
        guide: Guide::Comparison,
        text: "Of 128 KiB, kmalloc can give all but 16 bytes.",
        check: kmalloc_max_less_16_bytes,
    },
    Claim {
        id: "kmalloc-min-32-or-64",
        guide: Guide::Comparison,
        text: "The least that kmalloc hands out is 32 or 64 bytes.",
        check: kmalloc_min_32_or_64,
    },
    Claim {
        id: "vmalloc-larger-than-kmalloc",
        guide: Guide::Both,
        text: "vmalloc gives sizes that kmalloc cannot.",
        check: vmalloc_larger_than_kmalloc,
    },
    Claim {
        id: "vmalloc-easier-when-large",
        guide: Guide::Comparison,
        text: "Large memory is easier to get from vmalloc than from kmalloc.",
        check: vmalloc_easier_when_large,
    },
    Claim {
        id: "vmalloc-max-gigabytes",
        guide: Guide::Driver,
        text: "vmalloc gives gigabytes.",
        check: |run| {
            gigabytes(
                run,
                Allocator::Vmalloc,
                "the memory of the machine: vmalloc refuses more",
            )
        },
    },
    Claim {
        id: "kvmalloc-max-gigabytes",
        guide: Guide::Driver,
        text: "kvmalloc gives gigabytes.",
        check: |run| {
            gigabytes(
                run,
                Allocator::Kvmalloc,
                "the memory of the machine, and INT_MAX: kvmalloc refuses more than either",
            )
        },
    },
];

const GUIDES_MAX_BYTES: usize = 128 << 10;

/// The largest size that kmalloc gives now, of those that double from the guides' maximum on.
fn largest_kmalloc_bytes(run: &mut Run<'_>) -> Result<usize, Stop> {
    drop(ask::allocate(
        run,
        &request(Allocator::Kmalloc, GUIDES_MAX_BYTES),
    )?);
    let mut largest_bytes = GUIDES_MAX_BYTES;
    while let Some(size_bytes) = largest_bytes.checked_mul(2) {
        if attempt(run, &request(Allocator::Kmalloc, size_bytes))?.is_none() {
            break;
        }
        largest_bytes = size_bytes;
    }
    Ok(largest_bytes)
}

fn kmalloc_max_128k(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let largest_bytes = largest_kmalloc_bytes(run)?;
    Finding::whether(
        largest_bytes <= GUIDES_MAX_BYTES,
        format_args!("{largest_bytes} bytes given, and not twice as much"),
    )
}

fn kmalloc_max_32_pages(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let pages = largest_kmalloc_bytes(run)? / PAGE_SIZE;
    Finding::whether(
        pages == 32,
        format_args!("{pages} pages of {PAGE_SIZE} bytes given, and not twice as many"),
    )
}

fn kmalloc_max_less_16_bytes(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let Some(live) = attempt(run, &request(Allocator::Kmalloc, GUIDES_MAX_BYTES))? else {
        return Finding::whether(true, format_args!("{GUIDES_MAX_BYTES} bytes refused"));
    };
    let usable_bytes = live.memory.span().usable_size().size_bytes;
    Finding::whether(
        usable_bytes < GUIDES_MAX_BYTES,
        format_args!("of {GUIDES_MAX_BYTES} bytes asked for, {usable_bytes} are usable"),
    )
}

fn kmalloc_min_32_or_64(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let least_bytes = ask::kmalloc_usable_bytes(run, 1)?;
    let next_bytes = ask::kmalloc_usable_bytes(run, least_bytes + 1)?;
    Finding::whether(
        least_bytes == 32 || least_bytes == 64,
        format_args!(
            "1 byte gets {least_bytes}, {} bytes get {next_bytes}",
            least_bytes + 1
        ),
    )
}

fn vmalloc_larger_than_kmalloc(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let size_bytes = gfp::Kmalloc::MAX_BYTES + PAGE_SIZE;
    let is_refused = attempt(run, &request(Allocator::Kmalloc, size_bytes))?.is_none();
    drop(ask::allocate(
        run,
        &request(Allocator::Vmalloc, size_bytes),
    )?);
    Finding::whether(
        is_refused,
        format_args!(
            "{size_bytes} bytes: given by vmalloc, {} by kmalloc",
            if is_refused { "refused" } else { "given" }
        ),
    )
}

fn vmalloc_easier_when_large(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let mut given = [0_u64; 2];
    let sizes_bytes = [1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20];
    for (given, allocator) in given
        .iter_mut()
        .zip([Allocator::Kmalloc, Allocator::Vmalloc])
    {
        for size_bytes in sizes_bytes {
            let taken = ask::take_if_there(run, &request(allocator, size_bytes))?;
            *given += u64::from(taken.is_some());
        }
    }
    let [kmalloc, vmalloc] = given;
    Finding::whether(
        vmalloc > kmalloc,
        format_args!(
            "of {} sizes from 1 to 16 MiB, kmalloc gave {kmalloc}, vmalloc {vmalloc}",
            sizes_bytes.len()
        ),
    )
}

/// Finds the most that a family can be asked for on this machine. The laboratory does not allocate
/// that much.
fn gigabytes(run: &mut Run<'_>, allocator: Allocator, on: &'static str) -> Result<Finding, Stop> {
    run.checkpoint()?;
    let is_allowed = |size_bytes| request(allocator, size_bytes).check().is_ok();
    let (mut most_bytes, mut refused_bytes) = (1, usize::MAX);
    while refused_bytes - most_bytes > 1 {
        let middle_bytes = most_bytes + (refused_bytes - most_bytes) / 2;
        match is_allowed(middle_bytes) {
            true => most_bytes = middle_bytes,
            false => refused_bytes = middle_bytes,
        }
    }
    Finding::new(
        Verdict::Depends(on),
        format_args!(
            "at most {most_bytes} bytes can be asked for; the machine has {}",
            machine_memory_bytes()
        ),
    )
}
