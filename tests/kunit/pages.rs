// SPDX-License-Identifier: GPL-2.0

//! Blocks, runs and single pages: how many, where, and divided at each place.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_pages)]
mod tests {
    use core::num::NonZeroUsize;
    use kernel::{
        error::Error,
        page::PAGE_SIZE,
        prelude::*, //
    };
    use memalloc::{
        gfp::Gfp,
        inspect::{
            Inspect,
            Runs, //
        },
        Node,
        Order,
        PageBlock,
        PageRun,
        Reason,
        Refusal,
        SinglePage, //
    };

    fn pages(number: usize) -> Result<NonZeroUsize, Error> {
        NonZeroUsize::new(number).ok_or(EINVAL)
    }

    fn is_contiguous(memory: &impl Inspect) -> bool {
        let mut runs = Runs::new();
        for frame in memory.span().page_frames() {
            runs.push(frame.pfn.as_u64());
        }
        runs.is_contiguous()
    }

    fn orders() -> impl Iterator<Item = Result<Order, Error>> {
        // Larger blocks may not be there for want of contiguous memory, which is no fault.
        (0..=6).map(|order| Ok(Order::new(order)?))
    }

    #[test]
    fn blocks_are_aligned_to_their_size() -> Result<(), Error> {
        let mut cases = 0;
        for order in orders() {
            let order = order?;
            for block in [
                PageBlock::new(order, Gfp::KERNEL)?,
                PageBlock::zeroed(order, Gfp::KERNEL)?.into_uninit(),
                PageBlock::get_free_pages(order, Gfp::ATOMIC)?,
                PageBlock::new_on(order, Gfp::KERNEL, Node::ANY)?,
            ] {
                assert_eq!(block.len(), order.size_bytes());
                assert_eq!(block.order().get(), order.get());
                assert_eq!(
                    block.physical_address().as_u64() % order.size_bytes() as u64,
                    0
                );
                assert_eq!(block.span().address() % order.size_bytes(), 0);
                assert!(is_contiguous(&block));
                assert_eq!(block.span().page_frames().len(), order.pages());
                cases += 1;
            }
        }
        assert_eq!(cases, 7 * 4);
        Ok(())
    }

    #[test]
    fn zeroed_blocks_are_zeroed() -> Result<(), Error> {
        let mut cases = 0;
        for order in orders() {
            let order = order?;
            let mut dirty = PageBlock::zeroed(order, Gfp::KERNEL)?;
            dirty.fill(0x5a);
            drop(dirty);
            let mut clean = PageBlock::zeroed(order, Gfp::KERNEL)?;
            assert!(clean.is_zeroed(0..order.size_bytes()));
            cases += 1;
        }
        assert_eq!(cases, 7);
        Ok(())
    }

    #[test]
    fn runs_are_divided_at_every_page() -> Result<(), Error> {
        let mut cases = 0;
        for order in 0..=4 {
            let whole = Order::new(order)?.pages();
            for at in 0..=whole + 1 {
                let mut head = PageBlock::zeroed(Order::new(order)?, Gfp::KERNEL)?.split();
                let start = head.physical_address().as_u64();
                let tail = head.split_off(at);
                match tail {
                    Some(mut tail) => {
                        assert!((1..whole).contains(&at));
                        assert_eq!((head.pages(), tail.pages()), (at, whole - at));
                        assert_eq!(
                            (head.len(), tail.len()),
                            (at * PAGE_SIZE, (whole - at) * PAGE_SIZE)
                        );
                        let middle = start + (at * PAGE_SIZE) as u64;
                        assert_eq!(tail.physical_address().as_u64(), middle);
                        // Each part is writable up to its end, and by itself.
                        head.fill(1);
                        tail.fill(2);
                        assert!(head.iter().all(|byte| *byte == 1));
                        // In either order.
                        if at % 2 == 0 {
                            drop(head);
                            assert!(tail.iter().all(|byte| *byte == 2));
                        } else {
                            drop(tail);
                            assert!(head.iter().all(|byte| *byte == 1));
                        }
                    }
                    None => {
                        assert!(at == 0 || at >= whole);
                        assert_eq!(head.pages(), whole);
                    }
                }
                cases += 1;
            }
        }
        // 2^order pages, divided at 0, at each page, and behind the last.
        assert_eq!(cases, (1 + 2) + (2 + 2) + (4 + 2) + (8 + 2) + (16 + 2));
        Ok(())
    }

    #[test]
    fn runs_fall_into_single_pages() -> Result<(), Error> {
        let mut cases = 0;
        for order in 0..=5 {
            let mut rest = PageBlock::zeroed(Order::new(order)?, Gfp::KERNEL)?.split();
            while let Some(tail) = rest.split_off(1) {
                assert_eq!(rest.pages(), 1);
                rest = tail;
                cases += 1;
            }
            assert_eq!(rest.pages(), 1);
            cases += 1;
        }
        assert_eq!(cases, 63);
        Ok(())
    }

    #[test]
    fn exact_runs_of_every_length() -> Result<(), Error> {
        let mut cases = 0;
        for number in 1..=40 {
            let mut run = PageRun::exact_zeroed(pages(number)?, Gfp::KERNEL)?;
            assert_eq!((run.pages(), run.len()), (number, number * PAGE_SIZE));
            let size_bytes = run.len();
            assert!(run.is_zeroed(0..size_bytes));
            assert!(is_contiguous(&run));
            cases += 1;
        }
        let largest = Order::MAX.pages();
        for number in [largest + 1, largest * 2, usize::MAX / PAGE_SIZE, usize::MAX] {
            let failure = PageRun::exact(pages(number)?, Gfp::KERNEL).err();
            assert!(matches!(
                failure.map(|failure| failure.reason()),
                Some(Reason::Refused(Refusal::TooLarge { .. }))
            ));
            cases += 1;
        }
        assert_eq!(cases, 44);
        Ok(())
    }

    #[test]
    fn single_pages_come_from_single_pages_only() -> Result<(), Error> {
        let mut cases = 0;
        for order in orders() {
            let order = order?;
            let block = PageBlock::new(order, Gfp::KERNEL)?;
            let start = block.physical_address().as_u64();
            match SinglePage::try_from(block) {
                Ok(page) => {
                    assert_eq!(order.get(), 0);
                    assert_eq!(page.into_block().physical_address().as_u64(), start);
                }
                Err(block) => {
                    assert!(order.get() > 0);
                    assert_eq!(block.physical_address().as_u64(), start);
                    assert_eq!(block.len(), order.size_bytes());
                }
            }
            cases += 1;
        }
        let page = SinglePage::new(Gfp::KERNEL)?.into_page();
        let page = SinglePage::try_from(page).map_err(|_page| EBUSY)?;
        let run = page.into_block().split();
        let start = run.physical_address().as_u64();
        assert_eq!(start % PAGE_SIZE as u64, 0);
        // A run of one page, and no other, is a page again.
        let page = SinglePage::try_from(run).map_err(|_run| EINVAL)?;
        assert_eq!(page.into_block().physical_address().as_u64(), start);
        let two = PageBlock::new(Order::new(1)?, Gfp::KERNEL)?.split();
        assert_eq!(
            SinglePage::try_from(two).err().map(|run| run.pages()),
            Some(2)
        );
        assert_eq!(cases, 7);
        Ok(())
    }

    #[test]
    fn slots_are_filled_around_those_that_are_full() -> Result<(), Error> {
        const SLOTS: usize = 6;
        let mut cases = 0;
        for full in 0..1_u32 << SLOTS {
            let mut slots: [Option<SinglePage>; SLOTS] = Default::default();
            for (index, slot) in slots.iter_mut().enumerate() {
                if full & (1 << index) != 0 {
                    *slot = Some(SinglePage::new(Gfp::KERNEL)?);
                }
            }
            let filled = SinglePage::fill(&mut slots, Gfp::KERNEL, Node::ANY);
            // It may fill fewer; what it counts is there.
            assert!(filled <= SLOTS);
            assert!(slots.iter().take(filled).all(Option::is_some));
            let mut there = 0;
            for page in slots.into_iter().flatten() {
                drop(page.into_block());
                there += 1;
            }
            assert!(there >= filled);
            assert!(there >= full.count_ones() as usize);
            cases += 1;
        }
        assert_eq!(cases, 64);
        let none = SinglePage::fill(&mut [], Gfp::KERNEL, Node::ANY);
        assert_eq!(none, 0);
        Ok(())
    }
}
