// SPDX-License-Identifier: GPL-2.0

//! What one series is about: sizes, numbers, orders; all of it worked out before the clock runs.

use super::{
    super::{
        command::{
            arguments::Arguments,
            sizes::{
                Sizes,
                Weighted, //
            },
            words::{
                FreeOrder,
                Pattern, //
            },
            workload::MAX_HELD,
        },
        stop::Stop,
    },
    operation::Operation,
    random::Random, //
};
use kernel::prelude::*;
use memalloc::Refusal;

/// How many sizes are drawn at random, to be asked for in turn.
const DRAWN_SIZES: usize = 1024;

/// What one series is about, whoever allocates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The size; the largest one, if sizes are mixed.
    pub(crate) size_bytes: u64,
    /// Whether smaller ones are asked for in between.
    pub(crate) is_mixed: bool,
    pub(crate) align_bytes: usize,
    pub(crate) pattern: Pattern,
    pub(crate) free_order: FreeOrder,
    /// How many are held at once, at most.
    pub(crate) held: u64,
    pub(crate) warmup: u64,
    pub(crate) operations: u64,
}

impl Shape {
    /// What `arguments` ask for, at this size, or up to it.
    pub(crate) fn of(arguments: &Arguments, size_bytes: u64) -> Self {
        let workload = &arguments.workload;
        Self {
            size_bytes,
            is_mixed: workload.sizes.are_mixed(),
            align_bytes: usize::try_from(arguments.align_bytes).unwrap_or(usize::MAX),
            pattern: workload.pattern,
            free_order: workload.free_order,
            held: match workload.pattern {
                Pattern::Pair => 1,
                Pattern::Batch | Pattern::Remote => arguments.count.min(workload.operations),
                Pattern::Steady => arguments.count,
                Pattern::All => workload.operations.min(MAX_HELD),
            },
            warmup: workload.warmup,
            operations: workload.operations,
        }
    }
}

/// The sizes of a series, checked, to be asked for one after the other and from the start again.
pub(crate) struct CheckedSizes<O: Operation>(KVVec<O::Size>);

/// Why there is no series.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NoSizes {
    /// A size can never be met.
    Refused(Refusal),
    /// There was no memory for them.
    Stop(Stop),
}

impl<O: Operation> CheckedSizes<O> {
    /// Works them out.
    pub(crate) fn new(
        operation: O,
        arguments: &Arguments,
        shape: &Shape,
        random: &mut Random,
    ) -> Result<Self, NoSizes> {
        let mut sizes = KVVec::new();
        let mut push = |size_bytes: u64| {
            let size_bytes = usize::try_from(size_bytes).unwrap_or(usize::MAX);
            let size = operation
                .size(size_bytes, shape.align_bytes)
                .map_err(NoSizes::Refused)?;
            sizes
                .push(size, GFP_KERNEL)
                .map_err(|error| NoSizes::Stop(error.into()))
        };
        let (from, to) = (arguments.from_bytes, arguments.to_bytes);
        match arguments.workload.sizes {
            Sizes::Fixed | Sizes::Sweep => push(shape.size_bytes)?,
            Sizes::Uniform => {
                for _ in 0..DRAWN_SIZES {
                    push(from + random.below(to - from + 1))?;
                }
            }
            Sizes::Powers => {
                let lowest = from.next_power_of_two();
                let powers = core::iter::successors(Some(lowest), |power| power.checked_mul(2))
                    .take_while(|power| *power <= to)
                    .count();
                for _ in 0..DRAWN_SIZES {
                    push(lowest << random.below(powers as u64))?;
                }
            }
            Sizes::Listed(list) => {
                for Weighted { size_bytes, weight } in list.iter() {
                    for _ in 0..weight {
                        push(size_bytes)?;
                    }
                }
            }
        }
        if let Sizes::Listed(_) = arguments.workload.sizes {
            // There are too few to be asked whether to go on.
            let _ = random.shuffle(&mut sizes, || Ok::<(), Stop>(()));
        }
        Ok(Self(sizes))
    }

    /// Where to take sizes from, one after the other.
    pub(crate) fn cursor(&self) -> Cursor<'_, O::Size> {
        Cursor {
            sizes: &self.0,
            next: 0,
        }
    }
}

/// Hands out sizes in turn.
pub(crate) struct Cursor<'a, S> {
    sizes: &'a [S],
    next: usize,
}

impl<S: Copy> Cursor<'_, S> {
    /// The next size. There is always one.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<S> {
        let size = self.sizes.get(self.next).or(self.sizes.first());
        self.next += 1;
        if self.next >= self.sizes.len() {
            self.next = 0;
        }
        size.copied()
    }
}
