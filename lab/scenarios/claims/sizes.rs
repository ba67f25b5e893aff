// SPDX-License-Identifier: GPL-2.0

//! Claims on how requests are rounded, and on what stands beside the bytes asked for.

use super::{
    ask::{
        self,
        kmalloc_usable_bytes,
        request,
        Spacing, //
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
use core::fmt;
use kernel::page::PAGE_SIZE;
use memalloc::inspect::{
    Backend,
    Witness, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-at-least-requested",
        guide: Guide::Both,
        text: "kmalloc gives at least what was asked for.",
        check: kmalloc_at_least_requested,
    },
    Claim {
        id: "vmalloc-at-least-requested",
        guide: Guide::Comparison,
        text: "vmalloc gives at least what was asked for.",
        check: vmalloc_at_least_requested,
    },
    Claim {
        id: "kmalloc-rounds-to-power-of-two",
        guide: Guide::Driver,
        text: "kmalloc rounds a size up to a power of two.",
        check: kmalloc_rounds_to_power_of_two,
    },
    Claim {
        id: "kmalloc-large-rounds",
        guide: Guide::Driver,
        text: "kmalloc rounds sizes of several pages up to a power of two.",
        check: kmalloc_large_rounds,
    },
    Claim {
        id: "kmalloc-16-bytes-of-metadata",
        guide: Guide::Comparison,
        text: "16 bytes of each kmalloc hold the allocator's own data.",
        check: kmalloc_16_bytes_of_metadata,
    },
    Claim {
        id: "ksize-tells-actual-size",
        guide: Guide::Driver,
        text: "ksize() tells how large an object really is.",
        check: ksize_tells_actual_size,
    },
    Claim {
        id: "allocators-count-bytes",
        guide: Guide::Comparison,
        text: "kmalloc and vmalloc allocate in units of bytes.",
        check: allocators_count_bytes,
    },
    Claim {
        id: "kmalloc-small-from-slab",
        guide: Guide::Driver,
        text: "Small sizes of kmalloc come from a slab cache.",
        check: kmalloc_small_from_slab,
    },
    Claim {
        id: "kmalloc-calls-get-free-pages",
        guide: Guide::Comparison,
        text: "kmalloc asks the page allocator for each request.",
        check: kmalloc_calls_get_free_pages,
    },
];

/// Every small size, and some of the others that slab caches serve.
fn cached_sizes_bytes() -> impl Iterator<Item = usize> {
    (1..=256).chain((257..=2 * PAGE_SIZE).step_by(97))
}

/// Sizes of large kmalloc, just above a power of two.
const LARGE_BYTES: &[usize] = &[
    2 * PAGE_SIZE + 1,
    4 * PAGE_SIZE + 1,
    (128 << 10) + 1,
    (1 << 20) + 1,
];

/// A size, and what kmalloc makes of it.
#[derive(Default)]
struct Rounded {
    size_bytes: usize,
    usable_bytes: usize,
}

impl Rounded {
    fn ask(run: &mut Run<'_>, size_bytes: usize) -> Result<Self, Stop> {
        Ok(Self {
            size_bytes,
            usable_bytes: kmalloc_usable_bytes(run, size_bytes)?,
        })
    }
}

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            size_bytes,
            usable_bytes,
        } = self;
        write!(f, "{size_bytes} bytes get {usable_bytes}")
    }
}

fn kmalloc_at_least_requested(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut asked, mut short) = (0_u64, 0_u64);
    for size_bytes in cached_sizes_bytes().chain(LARGE_BYTES.iter().copied()) {
        asked += 1;
        short += u64::from(kmalloc_usable_bytes(run, size_bytes)? < size_bytes);
    }
    Finding::whether(
        short == 0,
        format_args!("{short} of {asked} sizes got less than was asked for"),
    )
}

fn vmalloc_at_least_requested(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let sizes_bytes = [1, 100, PAGE_SIZE, PAGE_SIZE + 1, 1 << 20];
    let (mut short, mut surplus_bytes) = (0_u64, 0);
    for size_bytes in sizes_bytes {
        let live = ask::allocate(run, &request(Allocator::Vmalloc, size_bytes))?;
        let usable = live.memory.span().usable_size();
        short += u64::from(usable.size_bytes < size_bytes);
        surplus_bytes = surplus_bytes.max(usable.waste_bytes(size_bytes));
    }
    Finding::whether(
        short == 0,
        format_args!(
            "{short} of {} sizes got less than was asked for; at most {surplus_bytes} bytes more",
            sizes_bytes.len()
        ),
    )
}

fn kmalloc_rounds_to_power_of_two(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut asked, mut others, mut first) = (0_u64, 0_u64, None);
    for size_bytes in cached_sizes_bytes() {
        asked += 1;
        let rounded = Rounded::ask(run, size_bytes)?;
        if !rounded.usable_bytes.is_power_of_two() {
            others += 1;
            first = first.or(Some(rounded));
        }
    }
    match first {
        None => Finding::whether(true, format_args!("all of {asked} sizes")),
        Some(first) => Finding::whether(
            false,
            format_args!("{others} of {asked} sizes got another: {first}"),
        ),
    }
}

fn kmalloc_large_rounds(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let mut to_power = 0_u64;
    let mut largest = Rounded::default();
    for size_bytes in LARGE_BYTES {
        largest = Rounded::ask(run, *size_bytes)?;
        to_power += u64::from(largest.usable_bytes == size_bytes.next_power_of_two());
    }
    Finding::whether(
        to_power == LARGE_BYTES.len() as u64,
        format_args!("{to_power} of {} sizes: {largest}", LARGE_BYTES.len()),
    )
}

fn kmalloc_16_bytes_of_metadata(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let Spacing {
        size_bytes,
        spacing_bytes,
        objects,
    } = Spacing::measure(run)?;
    let verdict = match spacing_bytes.saturating_sub(size_bytes) {
        0 => Verdict::DoesNotHold,
        16 => Verdict::Holds,
        _ => Verdict::Depends("the kernel's checks: slab debugging and KASAN keep data there"),
    };
    Finding::new(
        verdict,
        format_args!(
            "of {objects} objects of {size_bytes} bytes, the closest lie {spacing_bytes} bytes apart"
        ),
    )
}

fn ksize_tells_actual_size(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut asked, mut agree) = (0_u64, 0_u64);
    for size_bytes in cached_sizes_bytes().chain(LARGE_BYTES.iter().copied()) {
        let request = request(Allocator::Kmalloc, size_bytes);
        let live = ask::allocate(run, &request)?;
        let usable = live.memory.span().usable_size();
        if usable.witness == Witness::Kfence {
            continue;
        }
        asked += 1;
        agree += u64::from(Some(usable.size_bytes) == request.predicted_bytes());
    }
    let verdict = if agree == asked {
        Verdict::Holds
    } else {
        Verdict::Depends("the boot options: slab debugging takes some of the room")
    };
    Finding::new(
        verdict,
        format_args!("ksize is what kmalloc_size_roundup says for {agree} of {asked}"),
    )
}

fn allocators_count_bytes(run: &mut Run<'_>) -> Result<Finding, Stop> {
    const SIZE_BYTES: usize = 100;
    let kmalloc_bytes = kmalloc_usable_bytes(run, SIZE_BYTES)?;
    let live = ask::allocate(run, &request(Allocator::Vmalloc, SIZE_BYTES))?;
    let vmalloc_bytes = live.memory.span().usable_size().size_bytes;
    let verdict = if (kmalloc_bytes, vmalloc_bytes) == (SIZE_BYTES, SIZE_BYTES) {
        Verdict::Holds
    } else {
        Verdict::Depends("what is meant: the request is in bytes, what is given is not")
    };
    Finding::new(
        verdict,
        format_args!(
        "{SIZE_BYTES} bytes asked for: {kmalloc_bytes} from kmalloc, {vmalloc_bytes} from vmalloc"
    ),
    )
}

/// The backend of a kmalloc of this size.
fn backend_of(run: &mut Run<'_>, size_bytes: usize) -> Result<Backend, Stop> {
    let live = ask::allocate(run, &request(Allocator::Kmalloc, size_bytes))?;
    Ok(live.memory.span().backend())
}

fn kmalloc_small_from_slab(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let sizes_bytes = [8, 64, 100, 1000, PAGE_SIZE];
    let mut from_slab = 0;
    for size_bytes in sizes_bytes {
        from_slab += usize::from(backend_of(run, size_bytes)? == Backend::Slab);
    }
    Finding::whether(
        from_slab == sizes_bytes.len(),
        format_args!(
            "{from_slab} of {} sizes up to a page came from a slab",
            sizes_bytes.len()
        ),
    )
}

fn kmalloc_calls_get_free_pages(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (mut slab_bytes, mut pages_bytes) = (None, None);
    for shift in 3..=20 {
        match backend_of(run, 1 << shift)? {
            Backend::Slab => slab_bytes = Some(1 << shift),
            _ => pages_bytes = pages_bytes.or(Some(1 << shift)),
        }
    }
    match (slab_bytes, pages_bytes) {
        (Some::<u64>(slab_bytes), Some::<u64>(pages_bytes)) => Finding::new(
            Verdict::Depends(
                "the size: slabs serve the small ones, and pages of their own the rest",
            ),
            format_args!("{slab_bytes} bytes come from a slab, {pages_bytes} bytes from pages"),
        ),
        (slab_bytes, _) => Finding::whether(
            slab_bytes.is_none(),
            format_args!("sizes from 8 bytes to 1 MiB have one backend"),
        ),
    }
}
