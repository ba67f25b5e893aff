// SPDX-License-Identifier: GPL-2.0

//! Each value is dropped once, however its owner is made, changed and given away.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_drops)]
mod tests {
    use core::{
        cell::Cell,
        mem,
        pin::Pin, //
    };
    use kernel::{
        alloc::{KBox, KVBox, VBox},
        error::Error,
        prelude::*,
        types::ForeignOwnable, //
    };
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
        Memory,
        Owned,
        SensitiveMemory,
        VmallocBox,
        VmallocMemory, //
    };

    /// A value that counts when it is dropped, and has a size and something to spoil.
    struct Counted<'a> {
        drops: &'a Cell<u64>,
        number: u64,
    }

    impl<'a> Counted<'a> {
        fn new(drops: &'a Cell<u64>, number: u64) -> Self {
            Self { drops, number }
        }
    }

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.drops.set(self.drops.get() + 1);
        }
    }

    /// One way for a value to come and go.
    type Way = for<'a> fn(&'a Cell<u64>) -> Result<u64, Error>;

    /// Every way that goes with every kind of memory. Each returns how many values it made.
    fn ways<M: Memory + AllocatesIn<MaySleep>>() -> [Way; 8] {
        [
            |drops| {
                let owner = Owned::<_, M>::new(Counted::new(drops, 7), Gfp::KERNEL)?;
                drop(owner);
                Ok(1)
            },
            |drops| {
                let owner = Owned::<_, M>::new(Counted::new(drops, 7), Gfp::KERNEL)?;
                let value = owner.into_inner();
                // It was taken out, not dropped.
                if (drops.get(), value.number) != (0, 7) {
                    return Err(EINVAL);
                }
                drop(value);
                Ok(1)
            },
            |drops| {
                let owner = Owned::<_, M>::new(Counted::new(drops, 7), Gfp::KERNEL)?;
                let raw = owner.into_raw();
                if drops.get() != 0 {
                    return Err(EINVAL);
                }
                // SAFETY: It came from `into_raw`.
                drop(unsafe { Owned::<_, M>::from_raw(raw) });
                Ok(1)
            },
            |drops| {
                let owner = Owned::<_, M>::new(Counted::new(drops, 7), Gfp::KERNEL)?;
                let pinned: Pin<Owned<_, M>> = owner.into_pin();
                drop(pinned);
                Ok(1)
            },
            |drops| {
                let mut owner = Owned::<_, M>::new(Counted::new(drops, 7), Gfp::KERNEL)?;
                *owner = Counted::new(drops, 8);
                if (drops.get(), owner.number) != (1, 8) {
                    return Err(EINVAL);
                }
                let old = mem::replace(&mut *owner, Counted::new(drops, 9));
                drop(owner);
                drop(old);
                Ok(3)
            },
            |drops| {
                let array = Owned::<[mem::MaybeUninit<_>], M>::array(Count::new(10)?, Gfp::KERNEL)?;
                let array = array.write_with(|index| Counted::new(drops, index as u64));
                if !array.iter().map(|one| one.number).eq(0..10) {
                    return Err(EINVAL);
                }
                drop(array);
                Ok(10)
            },
            |drops| {
                let values = [Counted::new(drops, 1), Counted::new(drops, 2)];
                let array = Owned::<_, M>::new(values, Gfp::KERNEL)?.into_slice();
                drop(array);
                Ok(2)
            },
            |_drops| {
                // An owner of what was never written drops nothing.
                let owner = Owned::<mem::MaybeUninit<Counted<'_>>, M>::new_uninit(Gfp::KERNEL)?;
                drop(owner);
                Ok(0)
            },
        ]
    }

    /// How many ways there were; an error if one dropped other than once what it made.
    fn all<M: Memory + AllocatesIn<MaySleep>>() -> Result<u64, Error> {
        let mut cases = 0;
        for way in ways::<M>() {
            let drops = Cell::new(0);
            if way(&drops)? != drops.get() {
                return Err(EINVAL);
            }
            cases += 1;
        }
        Ok(cases)
    }

    #[test]
    fn of_every_kind_of_memory() -> Result<(), Error> {
        let cases = all::<KmallocMemory>()?
            + all::<SensitiveMemory>()?
            + all::<VmallocMemory<MaySleep>>()?
            + all::<KvmallocMemory<MaySleep>>()?;
        assert_eq!(cases, 4 * 8);
        Ok(())
    }

    /// A value without a reference, for what has to live for ever.
    struct Global(u64);

    static DROPPED: kernel::sync::atomic::Atomic<u64> = kernel::sync::atomic::Atomic::new(0);

    impl Drop for Global {
        fn drop(&mut self) {
            DROPPED.add(self.0, kernel::sync::atomic::Relaxed);
        }
    }

    #[test]
    fn in_the_hands_of_c() -> Result<(), Error> {
        let before = DROPPED.load(kernel::sync::atomic::Relaxed);
        let foreign = KmallocBox::new(Global(1), Gfp::KERNEL)?.into_foreign();
        // SAFETY: It came from `into_foreign`, and is only looked at.
        let number = unsafe { KmallocBox::<Global>::borrow(foreign) }.0;
        assert_eq!(number, 1);
        assert_eq!(DROPPED.load(kernel::sync::atomic::Relaxed), before);
        // SAFETY: It came from `into_foreign`, and is taken back once.
        drop(unsafe { KmallocBox::<Global>::from_foreign(foreign) });
        assert_eq!(DROPPED.load(kernel::sync::atomic::Relaxed), before + 1);
        let foreign = VmallocBox::new(Global(10), Gfp::KERNEL)?
            .into_pin()
            .into_foreign();
        // SAFETY: It came from `into_foreign`, and is taken back once.
        drop(unsafe { Pin::<VmallocBox<Global>>::from_foreign(foreign) });
        assert_eq!(DROPPED.load(kernel::sync::atomic::Relaxed), before + 11);
        Ok(())
    }

    #[test]
    fn to_the_kernel_crate_and_back() -> Result<(), Error> {
        let drops = Cell::new(0);
        let mut cases = 0;
        macro_rules! round_trip {
            ($($memory:ty, $theirs:ident;)*) => {$(
                let ours = Owned::<_, $memory>::new(Counted::new(&drops, 7), Gfp::KERNEL)?;
                let theirs = $theirs::from(ours);
                assert_eq!(theirs.number, 7);
                let ours = Owned::<_, $memory>::from(theirs);
                assert_eq!(drops.get(), cases);
                drop(ours);
                cases += 1;
                assert_eq!(drops.get(), cases);
            )*};
        }
        round_trip! {
            KmallocMemory, KBox;
            VmallocMemory<MaySleep>, VBox;
            KvmallocMemory<MaySleep>, KVBox;
        }
        assert_eq!(cases, 3);
        Ok(())
    }
}
