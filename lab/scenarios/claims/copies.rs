// SPDX-License-Identifier: GPL-2.0

//! Claims on copies of strings and of memory.

use super::{
    ask::request,
    claim::{
        Claim,
        Finding,
        Guide, //
    },
};
use crate::lab::{command::allocators::Allocator, run::Run, stop::Stop};
use core::ffi::CStr;
use memalloc::{
    gfp::Gfp,
    inspect::Inspect,
    KmallocBox, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kstrdup-copies",
        guide: Guide::Driver,
        text: "kstrdup() gives a copy of a string.",
        check: kstrdup_copies,
    },
    Claim {
        id: "kstrndup-bounds",
        guide: Guide::Driver,
        text: "kstrndup() copies no more than so many characters.",
        check: kstrndup_bounds,
    },
    Claim {
        id: "kmemdup-copies",
        guide: Guide::Driver,
        text: "kmemdup() gives a copy of memory.",
        check: kmemdup_copies,
    },
];

const SOURCE: &CStr = c"thirty-two bytes with their NUL";

/// Room for a copy, in the books.
const COPY_BYTES: usize = 64;

/// Says that there was no memory for a copy.
fn unmet() -> Stop {
    let request = request(Allocator::Kmalloc, COPY_BYTES);
    Stop::out_of_memory(&request)
}

fn kstrdup_copies(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let receipt = run.book(Allocator::Kmalloc, COPY_BYTES as u64)?;
    let copy = KmallocBox::<CStr>::string(SOURCE, Gfp::KERNEL.nowarn()).map_err(|_| unmet())?;
    let is_equal = copy.to_bytes_with_nul() == SOURCE.to_bytes_with_nul();
    let is_elsewhere = copy.to_bytes().as_ptr() != SOURCE.to_bytes().as_ptr();
    let usable_bytes = copy.span().usable_size().size_bytes;
    let finding = Finding::whether(
        is_equal && is_elsewhere,
        format_args!(
            "{} characters and the NUL {}, in {usable_bytes} bytes of their own",
            SOURCE.count_bytes(),
            if is_equal { "are equal" } else { "differ" }
        ),
    );
    drop(copy);
    drop(receipt);
    finding
}

fn kstrndup_bounds(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let receipt = run.book(Allocator::Kmalloc, COPY_BYTES as u64)?;
    let (mut asked, mut right) = (0_u64, 0_u64);
    for max_bytes in [0, 1, 10, 31, 32, 1000] {
        run.checkpoint()?;
        let gfp = Gfp::KERNEL.nowarn();
        let copy = KmallocBox::<CStr>::string_start(SOURCE, max_bytes, gfp).map_err(|_| unmet())?;
        let expected = SOURCE.to_bytes().iter().take(max_bytes);
        asked += 1;
        right += u64::from(expected.eq(copy.to_bytes()));
    }
    drop(receipt);
    Finding::whether(
        right == asked,
        format_args!("{right} of {asked} copies are as long as allowed, and end in a NUL"),
    )
}

fn kmemdup_copies(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let receipt = run.book(Allocator::Kmalloc, COPY_BYTES as u64)?;
    let source = [0x5a_u8, 0, 0xff, 0, 1];
    let copy = KmallocBox::<[u8]>::copy_of(&source, Gfp::KERNEL.nowarn()).map_err(|_| unmet())?;
    let is_equal = *copy == source;
    drop(copy);
    drop(receipt);
    Finding::whether(
        is_equal,
        format_args!(
            "{} bytes, zeroes among them, {}",
            source.len(),
            if is_equal { "are equal" } else { "differ" }
        ),
    )
}
