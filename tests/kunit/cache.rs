// SPDX-License-Identifier: GPL-2.0

//! Slab caches and pools: their objects, their names, and what holds them.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_caches)]
mod tests {
    use core::{
        cell::Cell,
        num::NonZeroUsize, //
    };
    use kernel::{
        error::Error,
        prelude::*,
        sync::Arc, //
    };
    use memalloc::{
        gfp::Gfp,
        inspect::{
            Backend,
            Inspect, //
        },
        Cache,
        CacheBox,
        CacheOptions,
        Count,
        Node,
        Pool,
        Reason,
        Refusal, //
    };

    #[repr(align(32))]
    struct Wide([u8; 33]);

    #[test]
    fn objects_keep_every_alignment() -> Result<(), Error> {
        let mut cases = 0;
        for shift in 0..=13 {
            let align = 1_usize << shift;
            let options = CacheOptions::new().aligned(align)?;
            let cache = Cache::<Wide>::new(c"kunit_aligned", options)?;
            let mut objects = [const { None }; 9];
            for (index, object) in objects.iter_mut().enumerate() {
                let mut one = Cache::allocate(&cache, Wide([index as u8; 33]), Gfp::KERNEL)?;
                assert_eq!(one.span().address() % align.max(32), 0);
                assert!(one.span().backend() == Backend::Slab);
                one.0[32] = 0x5a;
                *object = Some(one);
                cases += 1;
            }
            for (index, object) in objects.iter().flatten().enumerate() {
                let expected = index as u8;
                assert!(object.0[..32].iter().all(|byte| *byte == expected));
                assert_eq!(object.0[32], 0x5a);
            }
        }
        for align in [0, 3, 1 << 40] {
            assert!(CacheOptions::new().aligned(align).is_err());
            cases += 1;
        }
        assert_eq!(cases, 14 * 9 + 3);
        Ok(())
    }

    /// Objects of `BYTES` bytes, at every alignment up to 64.
    fn accounts_of<const BYTES: usize>() -> Result<usize, Error> {
        let mut cases = 0;
        for shift in 0..=6 {
            let options = CacheOptions::new().aligned(1 << shift)?;
            for options in [options, options.aligned_to_cache_lines()] {
                let cache = Cache::<[u8; BYTES]>::new(c"kunit_accounts", options.accounted())?;
                let mut objects = [const { None }; 40];
                for object in objects.iter_mut() {
                    *object = Some(Cache::allocate(&cache, [7; BYTES], Gfp::KERNEL)?);
                }
                assert!(objects.iter().flatten().all(|bytes| **bytes == [7; BYTES]));
                cases += 1;
            }
        }
        Ok(cases)
    }

    // Where there was a memory cgroup. What each object is charged to may lie within it, beside what
    // KASAN notes.
    #[test]
    fn small_objects_keep_their_accounts() -> Result<(), Error> {
        let cases = accounts_of::<1>()?
            + accounts_of::<4>()?
            + accounts_of::<7>()?
            + accounts_of::<8>()?
            + accounts_of::<9>()?
            + accounts_of::<15>()?
            + accounts_of::<16>()?
            + accounts_of::<17>()?
            + accounts_of::<24>()?
            + accounts_of::<33>()?;
        assert_eq!(cases, 10 * 7 * 2);
        Ok(())
    }

    #[test]
    fn a_name_is_taken_while_its_cache_is_there() -> Result<(), Error> {
        const NAME: &core::ffi::CStr = c"kunit_named";
        let mut cases = 0;
        for _ in 0..20 {
            let cache = Cache::<u64>::new(NAME, CacheOptions::new().unmerged())?;
            let second = Cache::<u64>::new(NAME, CacheOptions::new().unmerged()).err();
            let taken = Reason::Refused(Refusal::CacheNameTaken { name: NAME });
            assert!(second.map(|failure| failure.reason()) == Some(taken));
            assert!(cache.name() == NAME);
            cases += 1;
        }
        for bad in [c"", c" ", c"a b", c"a/b", c"a\nb", c"\x7f", c"\xff"] {
            let refused = Cache::<u64>::new(bad, CacheOptions::new()).err();
            let reason = Reason::Refused(Refusal::BadCacheName { name: bad });
            assert!(refused.map(|failure| failure.reason()) == Some(reason));
            cases += 1;
        }
        assert_eq!(cases, 27);
        Ok(())
    }

    #[test]
    fn regions_for_user_space_lie_within_the_object() -> Result<(), Error> {
        let mut cases = 0;
        for start in 0..=9_usize {
            for end in 0..=9_usize {
                let options = CacheOptions::new().usercopy(start..end);
                let made = Cache::<u64>::new(c"kunit_usercopy", options);
                assert_eq!(made.is_ok(), end <= 8);
                cases += 1;
            }
        }
        assert_eq!(cases, 100);
        Ok(())
    }

    #[test]
    fn whoever_is_last_ends_the_cache() -> Result<(), Error> {
        const NAME: &core::ffi::CStr = c"kunit_shared";
        let mut cases = 0;
        // Whether the cache's own handle goes before, between or after its objects.
        for when in 0..=2 {
            let cache = Arc::new(Cache::<u64>::new(NAME, CacheOptions::new())?, GFP_KERNEL)?;
            let first = Cache::allocate(cache.clone(), 1, Gfp::KERNEL)?;
            let second = Cache::allocate(cache.clone(), 2, Gfp::KERNEL)?;
            let mut cache = Some(cache);
            for (turn, object) in [first, second].into_iter().enumerate() {
                if turn == when {
                    cache = None;
                }
                assert!(Cache::<u64>::new(NAME, CacheOptions::new()).is_err());
                assert_eq!(*object, turn as u64 + 1);
                drop(object);
            }
            drop(cache);
            // The name is free again: the cache is gone.
            drop(Cache::<u64>::new(NAME, CacheOptions::new())?);
            cases += 1;
        }
        assert_eq!(cases, 3);
        Ok(())
    }

    /// A value that counts when it is dropped.
    struct Counted<'a>(&'a Cell<u64>);

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn bulks_of_every_length() -> Result<(), Error> {
        let mut cases = 0;
        for length in 0..=40_usize {
            let drops = Cell::new(0);
            let cache = Cache::<Counted<'_>>::new(c"kunit_bulk", CacheOptions::new())?;
            let bulk = Cache::bulk_uninit(&cache, Count::new(length)?, Gfp::KERNEL)?;
            let mut bulk = bulk.write_with(|_| Counted(&drops));
            assert_eq!((bulk.len(), bulk.is_empty()), (length, length == 0));
            // Some leave one by one, and are objects like all others.
            let popped: Option<CacheBox<_, _>> = bulk.pop();
            assert_eq!(popped.is_some(), length > 0);
            assert_eq!(bulk.len(), length.saturating_sub(1));
            drop(bulk);
            assert_eq!(drops.get(), length.saturating_sub(1) as u64);
            drop(popped);
            assert_eq!(drops.get(), length as u64);
            cases += 1;
        }
        assert_eq!(cases, 41);
        Ok(())
    }

    #[test]
    fn pools_give_what_they_keep() -> Result<(), Error> {
        let mut cases = 0;
        for reserve in 1..=20 {
            let reserve = NonZeroUsize::new(reserve).ok_or(EINVAL)?;
            let pool = Pool::<[u8; 100]>::new(reserve, Gfp::KERNEL, Node::ANY)?;
            let mut taken = KVec::new();
            // Those in reserve, and none beyond.
            while let Some(object) = Pool::take_reserved(&pool) {
                taken.push(object.write([taken.len() as u8; 100]), GFP_KERNEL)?;
                assert!(taken.len() <= reserve.get());
            }
            assert_eq!(taken.len(), reserve.get());
            for (index, object) in taken.iter().enumerate() {
                assert!(object.iter().all(|byte| usize::from(*byte) == index));
            }
            // What is given back is in reserve again.
            drop(taken.pop());
            assert!(Pool::take_reserved(&pool).is_some());
            drop(Pool::try_allocate(&pool, Gfp::NOWAIT)?);
            cases += 1;
        }
        assert_eq!(cases, 20);
        Ok(())
    }
}
