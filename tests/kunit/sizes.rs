// SPDX-License-Identifier: GPL-2.0

//! Sizes, counts and orders, against what their invariants say.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_sizes)]
mod tests {
    use core::marker::PhantomData;
    use kernel::page::PAGE_SIZE;
    use memalloc::{
        gfp::{
            Kmalloc,
            Kvmalloc,
            Vmalloc, //
        },
        Bytes,
        Count,
        Node,
        Order,
        Refusal,
        TakesBytes, //
    };

    /// What `Bytes::aligned` has to say, by its documentation and nothing else.
    fn expected<F: TakesBytes>(size: usize, align: usize) -> Result<usize, Refusal> {
        if size == 0 {
            return Err(Refusal::ZeroSize);
        }
        if align == 0 || align & (align - 1) != 0 {
            return Err(Refusal::NotPowerOfTwo { align_bytes: align });
        }
        if align > F::MAX_ALIGN_BYTES {
            return Err(Refusal::AlignmentTooLarge {
                align_bytes: align,
                max_bytes: F::MAX_ALIGN_BYTES,
            });
        }
        let unit = if F::PADS { align } else { 1 };
        let padded = (size as u128).div_ceil(unit as u128) * unit as u128;
        let padded = usize::try_from(padded).unwrap_or(usize::MAX);
        if padded > F::MAX_BYTES {
            return Err(Refusal::TooLarge {
                size_bytes: padded,
                max_bytes: F::MAX_BYTES,
            });
        }
        Ok(padded)
    }

    fn agrees<F: TakesBytes>(size: usize, align: usize) -> bool {
        let found = Bytes::<F>::aligned(size, align);
        let is_same = match (found, expected::<F>(size, align)) {
            (Ok(found), Ok(padded)) => {
                (
                    found.size_bytes(),
                    found.align_bytes(),
                    found.padded_bytes(),
                ) == (size, align, padded)
            }
            (Err(found), Err(expected)) => found == expected,
            _ => false,
        };
        let plain = Bytes::<F>::new(size).map(|bytes| (bytes.size_bytes(), bytes.padded_bytes()));
        is_same && (align != 1 || plain == expected::<F>(size, 1).map(|padded| (size, padded)))
    }

    /// Around every limit that there is.
    const NEAR_LIMITS: [usize; 9] = [
        PAGE_SIZE,
        2 * PAGE_SIZE,
        1 << 20,
        4 << 20,
        i32::MAX as usize,
        u32::MAX as usize,
        isize::MAX as usize,
        1 << 63,
        usize::MAX,
    ];

    #[test]
    fn small_sizes_at_all_alignments() {
        let mut cases = 0;
        for size in 0..=300 {
            for align in 0..=130 {
                assert!(agrees::<Kmalloc>(size, align));
                assert!(agrees::<Vmalloc>(size, align));
                assert!(agrees::<Kvmalloc>(size, align));
                cases += 3;
            }
        }
        assert_eq!(cases, 118_293);
    }

    #[test]
    fn sizes_and_alignments_around_limits() {
        let mut cases = 0;
        for near in NEAR_LIMITS {
            for size in [near.wrapping_sub(1), near, near.wrapping_add(1)] {
                for shift in 0..usize::BITS {
                    let align = 1_usize << shift;
                    for align in [align, align.wrapping_add(1)] {
                        assert!(agrees::<Kmalloc>(size, align));
                        assert!(agrees::<Vmalloc>(size, align));
                        assert!(agrees::<Kvmalloc>(size, align));
                        cases += 3;
                    }
                }
            }
        }
        assert_eq!(cases, 9 * 3 * 64 * 2 * 3);
    }

    /// Numbers of `T`s, whose product with its size is taken in twice as many bits.
    struct Counts<T, F>(PhantomData<(T, F)>);

    impl<T, F: TakesBytes> Counts<T, F> {
        fn agrees(count: usize) -> bool {
            let bytes = count as u128 * size_of::<T>() as u128;
            match Count::<T, F>::new(count) {
                Ok(found) => {
                    bytes <= F::MAX_BYTES as u128
                        && (found.get(), found.size_bytes() as u128) == (count, bytes)
                }
                Err(found) => {
                    bytes > F::MAX_BYTES as u128
                        && found
                            == Refusal::TooMany {
                                count,
                                element_bytes: size_of::<T>(),
                                max_bytes: F::MAX_BYTES,
                            }
                }
            }
        }

        /// How many counts were tried; none if one was wrong.
        fn all() -> u64 {
            let limit = F::MAX_BYTES / size_of::<T>().max(1);
            let around = NEAR_LIMITS
                .into_iter()
                .chain([limit, usize::MAX / size_of::<T>().max(1)]);
            let mut cases = 0;
            for near in around {
                for count in [near.wrapping_sub(1), near, near.wrapping_add(1)] {
                    if !Self::agrees(count) {
                        return 0;
                    }
                    cases += 1;
                }
            }
            cases
        }
    }

    #[test]
    fn counts_whose_product_overflows() {
        let mut cases = 0;
        macro_rules! of_families {
            ($($element:ty)*) => {$(
                for tried in [
                    Counts::<$element, Kmalloc>::all(),
                    Counts::<$element, Vmalloc>::all(),
                    Counts::<$element, Kvmalloc>::all(),
                ] {
                    assert_eq!(tried, 33);
                    cases += tried;
                }
            )*};
        }
        of_families!(() u8 [u8; 3] u64 [u8; 100] [u64; 512] [u8; 65537]);
        assert_eq!(cases, 7 * 3 * 33);
    }

    #[test]
    fn orders_are_those_that_there_are() {
        let mut cases = 0;
        for number in (0..=1000).chain([u32::MAX - 1, u32::MAX]) {
            match Order::new(number) {
                Ok(order) => {
                    assert!(number <= Order::MAX.get());
                    assert_eq!(order.get(), number);
                    assert_eq!(order.pages(), 1 << number);
                    assert_eq!(order.size_bytes(), PAGE_SIZE << number);
                }
                Err(refusal) => {
                    let max = Order::MAX.get();
                    assert!(number > max);
                    assert!(refusal == Refusal::OrderTooLarge { order: number, max });
                }
            }
            cases += 1;
        }
        assert_eq!(cases, 1003);
    }

    #[test]
    fn orders_hold_what_they_are_asked_for() {
        let mut cases = 0;
        for pages in 1..=Order::MAX.pages() + 2 {
            for size in [
                (pages - 1) * PAGE_SIZE + 1,
                pages * PAGE_SIZE - 1,
                pages * PAGE_SIZE,
            ] {
                match Order::holding(size) {
                    Ok(order) => {
                        // The smallest that holds it.
                        assert!(order.size_bytes() >= size);
                        assert!(order == Order::ZERO || order.size_bytes() / 2 < size);
                    }
                    Err(_) => assert!(size > Order::MAX.size_bytes()),
                }
                cases += 1;
            }
        }
        for size in [isize::MAX as usize, usize::MAX - 1, usize::MAX] {
            assert!(matches!(
                Order::holding(size),
                Err(Refusal::TooLarge { .. })
            ));
            cases += 1;
        }
        assert!(Order::holding(0) == Err(Refusal::ZeroSize));
        assert_eq!(cases, (Order::MAX.pages() + 2) * 3 + 3);
    }

    #[test]
    fn nodes_are_those_that_are_online() {
        let mut online = 0;
        let mut cases = 0;
        for id in (0..=5000).chain([i32::MAX as u32, 1 << 31, u32::MAX]) {
            online += u32::from(Node::online(id).is_some_and(|node| !node.is_any()));
            cases += 1;
        }
        assert_eq!(cases, 5004);
        assert!((1..=5001).contains(&online));
        assert!(Node::online(i32::MAX as u32).is_none());
        assert!(Node::online(u32::MAX).is_none());
    }
}
