// SPDX-License-Identifier: GPL-2.0

//! Breaking up free memory: of each block one page in so many is kept, and the rest given back.

use crate::{
    lab::{
        booked::Live,
        command::{
            allocators::Allocator,
            flags::{
                GfpBase,
                GfpFlags, //
            },
        },
        ledger::Receipt,
        memory::{
            Memory,
            Request, //
        },
        run::Run,
        stop::Stop,
    },
    platform::{
        system,
        task, //
    },
};
use kernel::{
    page::PAGE_SIZE,
    prelude::*, //
};
use memalloc::{
    Order,
    PageRun, //
};

/// `PAGE_ALLOC_COSTLY_ORDER`: up to this order the kernel rather kills a task than to let a request
/// fail that may wait (`include/linux/mmzone.h`).
pub(super) const COSTLY_ORDER: u32 = 3;

/// Why no more is broken up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// There is no larger block left for a request that does not wait.
    NothingLeft,
    /// The part that was asked for is done.
    Share,
    /// What is kept would take more than half of the budget.
    Budget,
    /// A block more is not allowed, since others hold the rest of the budget, or little is available.
    Limit,
    /// Half of the memory is left as it is, so that no other task lacks blocks that the kernel kills
    /// for.
    Half,
}

impl Ended {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NothingLeft => "no larger block is left",
            Self::Share => "the share is done",
            Self::Budget => "half of the budget is used up (module parameter max_live_bytes)",
            Self::Limit => "the budget has no room for a block more, or too little is available",
            Self::Half => "below order 3 half of the memory is left alone, for other tasks' sake",
        }
    }
}

/// How much is broken up, and why no more.
#[derive(Clone, Copy)]
pub(super) struct Target {
    size_bytes: u64,
    ended: Ended,
}

impl Target {
    /// The least of all limits.
    pub(super) fn of(run: &Run<'_>, order: Order, share_percent: u64) -> Self {
        let available_bytes = system::available_memory_bytes();
        let budget_bytes = (run.max_live_bytes() / 2).saturating_mul(2 * order.pages() as u64);
        // What counts as available is less than what is free.
        let share = match share_percent {
            100 => Self {
                size_bytes: u64::MAX,
                ended: Ended::NothingLeft,
            },
            _ => Self {
                size_bytes: available_bytes / 100 * share_percent,
                ended: Ended::Share,
            },
        };
        let budget = Self {
            size_bytes: budget_bytes,
            ended: Ended::Budget,
        };
        let half = Self {
            size_bytes: match order.get() < COSTLY_ORDER {
                true => available_bytes / 2,
                false => u64::MAX,
            },
            ended: Ended::Half,
        };
        [budget, half].into_iter().fold(share, |least, other| {
            if other.size_bytes < least.size_bytes {
                other
            } else {
                least
            }
        })
    }
}

/// What came of asking for a block.
enum Taken {
    /// It was broken up.
    Block,
    /// There was none.
    Nothing,
    /// No more are to be taken, and why.
    Last(Ended),
}

/// Broken memory: what is kept of it, so that the rest does not become whole again.
pub(super) struct Broken {
    // Fields are dropped in this order: first the memory, then its entries in the books.
    kept: KVVec<PageRun>,
    receipts: KVVec<Receipt>,
    /// The largest blocks that are left free.
    order: Order,
    size_bytes: u64,
}

impl Drop for Broken {
    fn drop(&mut self) {
        while let Some(page) = self.kept.pop() {
            drop(page);
            task::yield_if_needed();
        }
    }
}

impl Broken {
    /// Nothing yet.
    pub(super) fn new(order: Order) -> Self {
        Self {
            kept: KVVec::new(),
            receipts: KVVec::new(),
            order,
            size_bytes: 0,
        }
    }

    /// How much memory was gone through.
    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// How much of it is kept.
    pub(super) fn kept_bytes(&self) -> u64 {
        (self.kept.len() * PAGE_SIZE) as u64
    }

    /// Breaks up the free blocks that are larger than `order`, the largest first.
    ///
    /// Pages that were freed may be kept aside for each CPU, and come back as whole blocks later. A
    /// request that may wait makes the kernel give them back, and compact; when it gets no block
    /// either, there is none.
    pub(super) fn grow(&mut self, run: &mut Run<'_>, target: Target) -> Result<Ended, Stop> {
        loop {
            for order in (self.order.get() + 1..=Order::MAX.get()).rev() {
                loop {
                    match self.take(run, order, GfpFlags::plain(GfpBase::Nowait), target)? {
                        Taken::Block => (),
                        Taken::Nothing => break,
                        Taken::Last(ended) => return Ok(ended),
                    }
                }
            }
            match self.take(run, self.order.get() + 1, GfpFlags::patient(), target)? {
                Taken::Block => (),
                Taken::Nothing => return Ok(Ended::NothingLeft),
                Taken::Last(ended) => return Ok(ended),
            }
        }
    }

    /// Takes a block and breaks it up, if there is one.
    fn take(
        &mut self,
        run: &mut Run<'_>,
        order: u32,
        flags: GfpFlags,
        target: Target,
    ) -> Result<Taken, Stop> {
        run.checkpoint()?;
        let Ok(order) = Order::new(order) else {
            return Ok(Taken::Nothing);
        };
        let request = Request::plain(Allocator::Pages, order.size_bytes(), flags);
        match run.try_allocate(&request)? {
            Ok(timed) => self.break_up(timed.live)?,
            Err(unmet) if unmet.is_over_limit() => return Ok(Taken::Last(Ended::Limit)),
            Err(_) => return Ok(Taken::Nothing),
        }
        Ok(match self.size_bytes >= target.size_bytes {
            true => Taken::Last(target.ended),
            false => Taken::Block,
        })
    }

    /// Keeps the first page of every `2^(order + 1)`. Of the pages up to the next one that is kept,
    /// the largest block is one of `order`.
    fn break_up(&mut self, live: Live) -> Result<(), Stop> {
        let (memory, mut receipt) = live.into_parts();
        let Memory::Pages(block) = memory else {
            return Ok(());
        };
        self.size_bytes += block.order().size_bytes() as u64;
        let before = self.kept.len();
        let mut rest = Some(block.split());
        while let Some(mut head) = rest {
            rest = head.split_off(2 * self.order.pages());
            drop(head.split_off(1));
            self.kept.push(head, GFP_KERNEL | __GFP_NOWARN)?;
        }
        receipt.shrink(((self.kept.len() - before) * PAGE_SIZE) as u64);
        self.receipts.push(receipt, GFP_KERNEL | __GFP_NOWARN)?;
        Ok(())
    }
}
