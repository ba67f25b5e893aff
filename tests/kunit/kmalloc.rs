// SPDX-License-Identifier: GPL-2.0

//! Memory of kmalloc: what is given is what was asked for, and nothing else lies in it.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_kmalloc)]
mod tests {
    use core::{
        fmt::Write,
        mem::MaybeUninit, //
    };
    use kernel::{
        error::Error,
        page::PAGE_SIZE,
        prelude::Zeroable,
        str::Formatter, //
    };
    use memalloc::{
        gfp::Gfp,
        initialize,
        inspect::{
            kmalloc_size_roundup,
            Backend,
            Inspect,
            Runs, //
        },
        Bytes,
        Count,
        KmallocBox,
        SensitiveBox, //
    };

    /// The largest request that a slab cache serves (`KMALLOC_MAX_CACHE_SIZE`).
    const MAX_CACHE_BYTES: usize = 2 * PAGE_SIZE;

    /// Of no size, and aligned like a cache line.
    #[repr(align(64))]
    struct Line;

    // SAFETY: There is nothing in it.
    unsafe impl Zeroable for Line {}

    /// Writes all bytes, each as its place says, and reads them back.
    fn holds_what_is_written(bytes: &mut [MaybeUninit<u8>]) -> bool {
        let value_at = |index: usize| (index as u8) ^ (index >> 8) as u8;
        let written = initialize::with(bytes, value_at);
        written
            .iter()
            .enumerate()
            .all(|(index, byte)| *byte == value_at(index))
    }

    fn is_contiguous(memory: &impl Inspect) -> bool {
        let mut runs = Runs::new();
        for frame in memory.span().page_frames() {
            runs.push(frame.pfn.as_u64());
        }
        runs.is_contiguous()
    }

    #[test]
    fn every_small_size() -> Result<(), Error> {
        let mut cases = 0;
        for size in 1..=1024 {
            let mut memory = KmallocBox::bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            assert_eq!(memory.len(), size);
            let span = memory.span();
            assert_eq!(span.size_bytes(), size);
            assert!(span.backend() == Backend::Slab);
            let usable = span.usable_size().size_bytes;
            assert!((size..=kmalloc_size_roundup(Bytes::new(size)?)).contains(&usable));
            // What kmalloc guarantees: the largest power of two that divides the size.
            assert_eq!(span.address() % (1 << size.trailing_zeros()), 0);
            assert!(holds_what_is_written(&mut memory));
            cases += 1;
        }
        assert_eq!(cases, 1024);
        Ok(())
    }

    #[test]
    fn zeroed_memory_after_memory_that_was_not() -> Result<(), Error> {
        let mut cases = 0;
        for size in (1..=256).chain([1000, 4096, 8192, 8193, 20_000]) {
            let mut dirty = KmallocBox::bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            assert!(holds_what_is_written(&mut dirty));
            drop(dirty);
            let mut clean = KmallocBox::zeroed_bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            assert!(clean.iter().all(|byte| *byte == 0));
            assert!(clean.is_zeroed(0..size));
            cases += 1;
        }
        assert_eq!(cases, 261);
        Ok(())
    }

    #[test]
    fn every_alignment() -> Result<(), Error> {
        let mut cases = 0;
        for shift in 0..=13 {
            let align = 1_usize << shift;
            for size in [1, 7, 8, 9, 63, 64, 65, 100, 127, 1000, 4096, 5000] {
                let memory = KmallocBox::bytes(Bytes::aligned(size, align)?, Gfp::KERNEL)?;
                assert_eq!(memory.len(), size);
                assert_eq!(memory.span().address() % align, 0);
                cases += 1;
            }
        }
        assert_eq!(cases, 14 * 12);
        Ok(())
    }

    #[test]
    fn sizes_around_those_where_something_changes() -> Result<(), Error> {
        let mut cases = 0;
        for near in [PAGE_SIZE, MAX_CACHE_BYTES, 4 * PAGE_SIZE, 16 * PAGE_SIZE] {
            for size in [near - 1, near, near + 1] {
                let mut memory = KmallocBox::bytes(Bytes::new(size)?, Gfp::KERNEL)?;
                let expected = match size <= MAX_CACHE_BYTES {
                    true => Backend::Slab,
                    false => Backend::LargeKmalloc,
                };
                assert!(memory.span().backend() == expected);
                assert!(is_contiguous(&memory));
                assert!(memory.physical_address().is_some());
                assert!(holds_what_is_written(&mut memory));
                cases += 1;
            }
        }
        assert_eq!(cases, 12);
        Ok(())
    }

    #[test]
    fn what_has_no_size_has_no_memory() -> Result<(), Error> {
        let nothing = KmallocBox::new((), Gfp::KERNEL)?;
        assert!(nothing.physical_address().is_none());
        let none = KmallocBox::<[u64]>::zeroed_array(Count::new(0)?, Gfp::KERNEL)?;
        assert_eq!(none.len(), 0);
        assert!(none.physical_address().is_none());
        assert_eq!(none.span().usable_size().size_bytes, 0);
        assert_eq!(none.span().page_frames().len(), 0);
        // Its address is another then.
        let none = KmallocBox::<[Line]>::zeroed_array(Count::new(0)?, Gfp::KERNEL)?;
        assert_eq!(none.span().address(), 64);
        assert_eq!(none.span().usable_size().size_bytes, 0);
        // As many of what has no size as there are numbers.
        let many = KmallocBox::<[()]>::zeroed_array(Count::new(usize::MAX)?, Gfp::KERNEL)?;
        assert_eq!(many.len(), usize::MAX);
        let raw = many.into_raw();
        // SAFETY: It came from `into_raw`.
        let many: KmallocBox<[()]> = unsafe { KmallocBox::from_raw(raw) };
        assert_eq!(many.len(), usize::MAX);
        Ok(())
    }

    #[test]
    fn sensitive_memory_is_memory_of_kmalloc() -> Result<(), Error> {
        let mut cases = 0;
        for size in 1..=256 {
            let mut key = SensitiveBox::bytes(Bytes::new(size)?, Gfp::KERNEL)?;
            assert!(key.span().backend() == Backend::Slab);
            assert!(holds_what_is_written(&mut key));
            cases += 1;
        }
        assert_eq!(cases, 256);
        Ok(())
    }

    #[test]
    fn secrets_are_not_shown() -> Result<(), Error> {
        let mut text = [0; 32];
        let mut shown = Formatter::new(&mut text);
        let key = SensitiveBox::copy_of(b"7", Gfp::KERNEL)?;
        let open = KmallocBox::copy_of(b"7", Gfp::KERNEL)?;
        write!(shown, "{key:?} {open:?}")?;
        let shown_bytes = shown.bytes_written();
        assert_eq!(&text[..shown_bytes], b"(secret) [55]");
        Ok(())
    }
}
