// SPDX-License-Identifier: GPL-2.0

//! What one series is about: sizes, numbers, orders; all of it worked out before the clock runs.

use super::{
    super::{
        command::{
            arguments::Arguments,
            sizes::Sizes,
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
    /// The size, where there is one.
    pub(crate) size_bytes: u64,
    /// The largest size.
    pub(crate) max_bytes: u64,
    pub(crate) align_bytes: usize,
    pub(crate) pattern: Pattern,
    pub(crate) free_order: FreeOrder,
    /// How many are held at once, at most.
    pub(crate) held: u64,
    pub(crate) warmup: u64,
    pub(crate) operations: u64,
}

impl Shape {
    /// What `arguments` ask for, at this size if sizes are not random.
    pub(crate) fn of(arguments: &Arguments, size_bytes: u64) -> Self {
        let workload = &arguments.workload;
        let max_bytes = match workload.sizes {
            Sizes::Fixed | Sizes::Sweep => size_bytes,
            Sizes::Uniform | Sizes::Powers => arguments.to_bytes,
            Sizes::Listed(list) => list.iter().map(|one| one.size_bytes).max().unwrap_or(0),
        };
        Self {
            size_bytes,
            max_bytes,
            align_bytes: usize::try_from(arguments.align_bytes).unwrap_or(usize::MAX),
            pattern: workload.pattern,
            free_order: workload.free_order,
            held: match workload.pattern {
                Pattern::Pair => 1,
                Pattern::Batch | Pattern::Remote | Pattern::Steady => arguments.count,
                Pattern::All => workload.operations.min(MAX_HELD),
            },
            warmup: workload.warmup,
            operations: workload.operations,
        }
    }

    /// How many are held at once where no more than `operations` are made.
    pub(crate) fn held_in(&self, operations: u64) -> u64 {
        self.held.min(operations)
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
        let count = match arguments.workload.sizes {
            Sizes::Fixed | Sizes::Sweep => 1,
            Sizes::Uniform | Sizes::Powers | Sizes::Listed(_) => DRAWN_SIZES,
        };
        for _ in 0..count {
            let size_bytes = draw(arguments, shape, random);
            let size_bytes = usize::try_from(size_bytes).unwrap_or(usize::MAX);
            let size = operation
                .size(size_bytes, shape.align_bytes)
                .map_err(NoSizes::Refused)?;
            sizes
                .push(size, GFP_KERNEL)
                .map_err(|error| NoSizes::Stop(error.into()))?;
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

/// A size, at random where that is wanted.
fn draw(arguments: &Arguments, shape: &Shape, random: &mut Random) -> u64 {
    let (from, to) = (arguments.from_bytes, arguments.to_bytes);
    match arguments.workload.sizes {
        Sizes::Fixed | Sizes::Sweep => shape.size_bytes,
        Sizes::Uniform => from + random.below(to - from + 1),
        Sizes::Powers => {
            let (lowest, highest) = (from.next_power_of_two().ilog2(), to.ilog2());
            match highest.checked_sub(lowest) {
                Some(more) => 1 << (u64::from(lowest) + random.below(u64::from(more) + 1)),
                // There is no power of two in between.
                None => to,
            }
        }
        Sizes::Listed(list) => {
            let number = random.below(list.total_weight());
            list.at(number).unwrap_or(shape.size_bytes)
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
