// SPDX-License-Identifier: GPL-2.0

//! Claims on arrays: sizes that overflow, and contents that move along.

use super::{
    ask::{
        attempt,
        request, //
    },
    claim::{
        Claim,
        Finding,
        Guide, //
    },
};
use crate::lab::{command::allocators::Allocator, run::Run, stop::Stop};
use core::mem::MaybeUninit;
use memalloc::{
    gfp::{
        Gfp,
        MaySleep, //
    },
    AllocatesIn,
    Count,
    KmallocBox,
    KmallocMemory,
    KvmallocMemory,
    Owned, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "kmalloc-array-overflow-safe",
        guide: Guide::Driver,
        text: "kmalloc_array() refuses a count whose size overflows.",
        check: |run| refuses(run, Allocator::Kmalloc, array::<KmallocMemory>),
    },
    Claim {
        id: "kcalloc-overflow-safe",
        guide: Guide::Driver,
        text: "kcalloc() refuses a count whose size overflows.",
        check: |run| refuses(run, Allocator::Kmalloc, zeroed_array::<KmallocMemory>),
    },
    Claim {
        id: "kvmalloc-array-overflow-safe",
        guide: Guide::Driver,
        text: "kvmalloc_array() refuses a count whose size overflows.",
        check: |run| refuses(run, Allocator::Kvmalloc, array::<KvmallocMemory<MaySleep>>),
    },
    Claim {
        id: "kvcalloc-overflow-safe",
        guide: Guide::Driver,
        text: "kvcalloc() refuses a count whose size overflows.",
        check: |run| {
            refuses(
                run,
                Allocator::Kvmalloc,
                zeroed_array::<KvmallocMemory<MaySleep>>,
            )
        },
    },
    Claim {
        id: "unchecked-product-overflows",
        guide: Guide::Driver,
        text: "To multiply by hand risks an object that is far too small.",
        check: unchecked_product_overflows,
    },
    Claim {
        id: "krealloc-keeps-contents",
        guide: Guide::Driver,
        text: "krealloc() gives another size to an object, which keeps its contents.",
        check: krealloc_keeps_contents,
    },
];

type Element = [u64; 3];

/// Counts whose product with the size of an element wraps around.
const COUNTS: [usize; 3] = [
    usize::MAX / size_of::<Element>() + 1,
    usize::MAX / 2,
    usize::MAX,
];

/// Makes an array of a count, and says how many bytes it has; nothing if it was refused.
type Make = fn(usize) -> Option<usize>;

fn array<M: AllocatesIn<MaySleep>>(count: usize) -> Option<usize> {
    let count = Count::<Element, M::Family>::new(count).ok()?;
    let array = Owned::<[MaybeUninit<Element>], M>::array(count, Gfp::KERNEL.nowarn()).ok()?;
    Some(size_of_val::<[_]>(&array))
}

fn zeroed_array<M: AllocatesIn<MaySleep>>(count: usize) -> Option<usize> {
    let count = Count::<Element, M::Family>::new(count).ok()?;
    let array = Owned::<[Element], M>::zeroed_array(count, Gfp::KERNEL.nowarn()).ok()?;
    Some(size_of_val::<[_]>(&array))
}

/// Asks for counts that overflow, and for one that does not.
fn refuses(run: &mut Run<'_>, allocator: Allocator, make: Make) -> Result<Finding, Stop> {
    const COUNT: usize = 100;
    run.checkpoint()?;
    let request = request(allocator, COUNT * size_of::<Element>());
    let receipt = run.book(allocator, request.charge_bytes())?;
    let refused = COUNTS
        .iter()
        .filter(|count| make(**count).is_none())
        .count();
    let made = make(COUNT);
    drop(receipt);
    let Some(size_bytes) = made else {
        return Err(Stop::out_of_memory(&request));
    };
    Finding::whether(
        refused == COUNTS.len(),
        format_args!(
            "{refused} of {} counts refused by the library; {COUNT} elements of {} bytes got \
             {size_bytes}",
            COUNTS.len(),
            size_of::<Element>()
        ),
    )
}

fn unchecked_product_overflows(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let [count, ..] = COUNTS;
    let product_bytes = count.wrapping_mul(size_of::<Element>());
    let is_given = attempt(run, &request(Allocator::Kmalloc, product_bytes))?.is_some();
    Finding::whether(
        is_given,
        format_args!(
            "{count} elements of {} bytes make {product_bytes} bytes, which kmalloc {}",
            size_of::<Element>(),
            if is_given { "gave" } else { "refused" }
        ),
    )
}

fn krealloc_keeps_contents(run: &mut Run<'_>) -> Result<Finding, Stop> {
    const LENGTHS: [usize; 6] = [100, 120, 5000, 20000, 3000, 50];
    run.checkpoint()?;
    let request = request(Allocator::Kmalloc, 20000);
    let unmet = || Stop::out_of_memory(&request);
    // The old object and the new one are there at the same time.
    let receipts = [
        run.book(Allocator::Kmalloc, request.charge_bytes())?,
        run.book(Allocator::Kmalloc, request.charge_bytes())?,
    ];
    let gfp = Gfp::KERNEL.nowarn();
    let byte_at = |index: usize| (index % 251) as u8;
    let mut object = KmallocBox::<[u8]>::copy_of(&[], gfp).map_err(|_| unmet())?;
    let (mut resized, mut kept) = (0, 0);
    for length in LENGTHS {
        let old_length = object.len();
        let count = Count::new(length).map_err(|_| unmet())?;
        object = object.resize(count, 0, gfp).map_err(|_| unmet())?;
        let is_kept = object
            .iter()
            .take(old_length)
            .enumerate()
            .all(|(index, byte)| *byte == byte_at(index));
        resized += 1;
        kept += u64::from(is_kept);
        for (index, byte) in object.iter_mut().enumerate() {
            *byte = byte_at(index);
        }
    }
    drop(object);
    drop(receipts);
    Finding::whether(
        kept == resized,
        format_args!("the contents were kept in {kept} of {resized} changes of size"),
    )
}
