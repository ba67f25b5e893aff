// SPDX-License-Identifier: GPL-2.0

//! Arrays that change their length: what they held they hold still, as far as there is room.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_resize)]
mod tests {
    use kernel::{
        error::Error,
        prelude::*, //
    };
    use memalloc::{
        gfp::{
            Gfp,
            MaySleep, //
        },
        machine_memory_bytes,
        AllocatesIn,
        Count,
        KmallocMemory,
        KvmallocMemory,
        Memory,
        Owned,
        Reason,
        Resizable,
        VmallocMemory, //
    };

    /// Lengths around which an array of `u64` moves to another class, page or allocator, and all of the
    /// smallest.
    const LENGTHS: [usize; 22] = [
        0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 31, 33, 511, 512, 513, 1024, 1025, 2048, 2049, 5000,
    ];

    fn value_at(index: usize) -> u64 {
        index as u64 ^ 0x5a5a_5a5a_5a5a_5a5a
    }

    /// How many pairs of lengths were tried; an error if one went wrong.
    fn all_pairs<M>() -> Result<u64, Error>
    where
        M: Memory + Resizable + AllocatesIn<MaySleep>,
    {
        let mut cases = 0;
        for from in LENGTHS {
            for to in LENGTHS {
                let array = Owned::<[u64], M>::zeroed_array(Count::new(from)?, Gfp::KERNEL)?;
                let array = array.into_uninit().write_with(value_at);
                let array = match array.resize(Count::new(to)?, u64::MAX, Gfp::KERNEL) {
                    Ok(array) => array,
                    Err(refused) => return Err(refused.failure.into()),
                };
                let is_as_expected = (0..to).map(|index| match index < from {
                    true => value_at(index),
                    false => u64::MAX,
                });
                if array.len() != to || !array.iter().copied().eq(is_as_expected) {
                    return Err(EINVAL);
                }
                cases += 1;
            }
        }
        Ok(cases)
    }

    #[test]
    fn krealloc_of_all_pairs() -> Result<(), Error> {
        let cases = all_pairs::<KmallocMemory>()?;
        assert_eq!(cases, 22 * 22);
        Ok(())
    }

    #[test]
    fn vrealloc_of_all_pairs() -> Result<(), Error> {
        let cases = all_pairs::<VmallocMemory<MaySleep>>()?;
        assert_eq!(cases, 22 * 22);
        Ok(())
    }

    #[test]
    fn kvrealloc_of_all_pairs() -> Result<(), Error> {
        let cases = all_pairs::<KvmallocMemory<MaySleep>>()?;
        assert_eq!(cases, 22 * 22);
        Ok(())
    }

    #[test]
    fn a_refused_array_is_as_it_was() -> Result<(), Error> {
        let mut cases = 0;
        for length in LENGTHS {
            let array = Owned::<[u64], VmallocMemory<MaySleep>>::zeroed_array(
                Count::new(length)?,
                Gfp::KERNEL,
            )?;
            let array = array.into_uninit().write_with(value_at);
            let too_many = Count::new(machine_memory_bytes() / size_of::<u64>() + 1)?;
            let refused = match array.resize(too_many, 0, Gfp::KERNEL) {
                Ok(_) => return Err(EINVAL),
                Err(refused) => refused,
            };
            assert!(matches!(refused.failure.reason(), Reason::Refused(_)));
            assert_eq!(refused.array.len(), length);
            let held = refused.array.iter().copied();
            assert!(held.eq((0..length).map(value_at)));
            cases += 1;
        }
        assert_eq!(cases, 22);
        Ok(())
    }
}
