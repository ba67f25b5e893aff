// SPDX-License-Identifier: GPL-2.0

//! Memory of vmalloc and kvmalloc: whole pages, and who gave them.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_vmalloc)]
mod tests {
    use kernel::{
        alloc::{
            flags::GFP_KERNEL,
            VBox,
            VVec, //
        },
        error::{
            code,
            Error, //
        },
        page::PAGE_SIZE, //
    };
    use memalloc::{
        gfp::{
            Gfp,
            NonBlocking, //
        },
        inspect::{
            Backend,
            Inspect, //
        },
        machine_memory_bytes,
        Bytes,
        Count,
        KmallocBox,
        KvmallocBox,
        Reason,
        Refusal,
        VmallocBox, //
    };

    /// What is above a page is not tried with kmalloc at any price; what is above its largest size, not
    /// at all (`KMALLOC_MAX_SIZE`).
    const KMALLOC_MAX_BYTES: usize = 4 << 20;

    #[derive(Debug)]
    #[repr(align(64))]
    struct LinesOfNothing;

    fn sizes() -> impl Iterator<Item = usize> {
        let of_pages = (1..=16).flat_map(|pages| {
            [
                pages * PAGE_SIZE - 1,
                pages * PAGE_SIZE,
                pages * PAGE_SIZE + 1,
            ]
        });
        [1, 2, 100].into_iter().chain(of_pages)
    }

    #[test]
    fn vmalloc_gives_whole_pages() -> Result<(), Error> {
        let mut cases = 0;
        for size in sizes() {
            let mut memory = VmallocBox::zeroed_bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            let span = memory.span();
            assert_eq!((span.size_bytes(), memory.len()), (size, size));
            assert!(span.backend() == Backend::Vmalloc);
            assert_eq!(span.address() % PAGE_SIZE, 0);
            assert_eq!(
                span.usable_size().size_bytes,
                size.next_multiple_of(PAGE_SIZE)
            );
            assert_eq!(span.page_frames().len(), size.div_ceil(PAGE_SIZE));
            assert!(memory.is_zeroed(0..size));
            cases += 1;
        }
        assert_eq!(cases, 51);
        Ok(())
    }

    #[test]
    fn vmalloc_keeps_alignments_above_a_page() -> Result<(), Error> {
        let mut cases = 0;
        for shift in 0..=21 {
            let align = 1_usize << shift;
            for size in [1, PAGE_SIZE, PAGE_SIZE + 1] {
                let memory = VmallocBox::bytes(Bytes::aligned(size, align)?, Gfp::KERNEL)?;
                assert_eq!(memory.span().address() % align.max(PAGE_SIZE), 0);
                assert_eq!(memory.len(), size);
                // The alignment takes no memory.
                assert_eq!(
                    memory.span().usable_size().size_bytes,
                    size.next_multiple_of(PAGE_SIZE)
                );
                cases += 1;
            }
        }
        assert_eq!(cases, 22 * 3);
        Ok(())
    }

    #[test]
    fn kvmalloc_says_who_gave_it() -> Result<(), Error> {
        let mut cases = 0;
        for size in sizes() {
            let mut memory = KvmallocBox::zeroed_bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            let span = memory.span();
            assert_eq!(memory.len(), size);
            // Above a page vmalloc may come to help.
            let may_be_mapped = size > PAGE_SIZE;
            assert!(span.backend() != Backend::Vmalloc || may_be_mapped);
            assert!(span.usable_size().size_bytes >= size);
            assert!(memory.is_zeroed(0..size));
            cases += 1;
        }
        for size in [KMALLOC_MAX_BYTES + 1, KMALLOC_MAX_BYTES + PAGE_SIZE] {
            let memory = KvmallocBox::bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            assert!(memory.span().backend() == Backend::Vmalloc);
            cases += 1;
        }
        assert_eq!(cases, 53);
        Ok(())
    }

    #[test]
    fn what_kmalloc_gave_can_be_its_own() -> Result<(), Error> {
        let mut cases = 0;
        for size in sizes().chain([KMALLOC_MAX_BYTES + 1]) {
            let memory = KvmallocBox::zeroed_bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            let is_of_vmalloc = memory.span().backend() == Backend::Vmalloc;
            match KmallocBox::try_from(memory) {
                Ok(contiguous) => {
                    assert!(!is_of_vmalloc);
                    assert!(contiguous.physical_address().is_some());
                    // And back, to be freed by either function.
                    let memory: KvmallocBox<[u8]> = contiguous.into();
                    assert_eq!(memory.len(), size);
                    drop(memory.into_non_blocking());
                }
                Err(memory) => {
                    assert!(is_of_vmalloc);
                    assert_eq!(memory.len(), size);
                }
            }
            cases += 1;
        }
        assert_eq!(cases, 52);
        let nothing = KvmallocBox::<[u8]>::zeroed_array(Count::new(0)?, Gfp::KERNEL)?;
        let nothing = KmallocBox::try_from(nothing).map_err(|_nothing| code::EINVAL)?;
        assert!(nothing.physical_address().is_none());
        drop(KvmallocBox::<[u8], NonBlocking>::from(nothing));
        // An alignment for which `ZERO_SIZE_PTR` does not do.
        let nothing = KmallocBox::new(LinesOfNothing, Gfp::KERNEL)?;
        let nothing = KvmallocBox::<LinesOfNothing>::from(nothing);
        assert!(KmallocBox::try_from(nothing).is_ok());
        Ok(())
    }

    #[test]
    fn kvmalloc_keeps_alignments_up_to_a_page() -> Result<(), Error> {
        let mut cases = 0;
        for shift in 0..=12 {
            let align = 1_usize << shift;
            for size in [1, 100, PAGE_SIZE + 1, KMALLOC_MAX_BYTES + 1] {
                let memory = KvmallocBox::bytes(Bytes::aligned(size, align)?, Gfp::KERNEL)?;
                assert_eq!(memory.span().address() % align, 0);
                cases += 1;
            }
        }
        assert_eq!(cases, 13 * 4);
        Ok(())
    }

    #[test]
    fn without_sleep_the_same_is_given() -> Result<(), Error> {
        let mut cases = 0;
        for size in sizes() {
            let mut hasty: VmallocBox<[u8], NonBlocking> =
                VmallocBox::zeroed_bytes(Bytes::new(size)?, Gfp::NOWAIT)?;
            assert!(hasty.is_zeroed(0..size));
            let patient: VmallocBox<[u8]> = hasty.into_may_sleep();
            assert_eq!(patient.len(), size);
            drop(patient.into_non_blocking());
            let mut hasty: KvmallocBox<[u8], NonBlocking> =
                KvmallocBox::zeroed_bytes(Bytes::new(size)?, Gfp::ATOMIC)?;
            assert!(hasty.is_zeroed(0..size));
            let patient: KvmallocBox<[u8]> = hasty.into_may_sleep();
            assert_eq!(patient.len(), size);
            drop(patient.into_non_blocking());
            cases += 2;
        }
        assert_eq!(cases, 102);
        Ok(())
    }

    // A worker frees it, from a list whose links are first words (`vfree_atomic()`).
    #[test]
    fn less_than_a_word_is_freed_without_sleep() -> Result<(), Error> {
        let mut cases = 0;
        for length in 1..=8 {
            let large = KvmallocBox::zeroed_bytes(Bytes::new(KMALLOC_MAX_BYTES + 1)?, Gfp::KERNEL)?;
            let small = large.resize(Count::new(length)?, 0, Gfp::KERNEL)?;
            assert!(small.span().backend() == Backend::Vmalloc);
            let hasty: KvmallocBox<[u8], NonBlocking> = small.into_non_blocking();
            assert_eq!(hasty.len(), length);
            drop(hasty);
            let theirs = VVec::from_elem(7_u8, length, GFP_KERNEL)?;
            let mut hasty = VmallocBox::from(theirs).into_non_blocking();
            assert!(hasty.iter().all(|byte| *byte == 7));
            assert!(!hasty.is_zeroed(0..1));
            drop(hasty);
            cases += 2;
        }
        drop(VmallocBox::from(VBox::new(7_u8, GFP_KERNEL)?).into_non_blocking());
        assert_eq!(cases, 16);
        Ok(())
    }

    #[test]
    fn more_than_the_machine_has_is_refused() -> Result<(), Error> {
        let memory_bytes = machine_memory_bytes();
        let mut cases = 0;
        for size_bytes in [memory_bytes + 1, memory_bytes * 2, isize::MAX as usize] {
            let size = Bytes::new(size_bytes)?;
            let failure = VmallocBox::bytes(size, Gfp::KERNEL).err();
            let refusal = Refusal::TooLarge {
                size_bytes,
                max_bytes: memory_bytes,
            };
            assert!(failure.map(|failure| failure.reason()) == Some(Reason::Refused(refusal)));
            assert!(size.check_machine_memory() == Err(refusal));
            cases += 1;
        }
        assert_eq!(cases, 3);
        Ok(())
    }
}
