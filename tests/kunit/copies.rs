// SPDX-License-Identifier: GPL-2.0

//! Copies of memory and strings: every short one.

use kernel::macros::kunit_tests;

#[kunit_tests(memalloc_copies)]
mod tests {
    use core::ffi::CStr;
    use kernel::{
        error::Error,
        prelude::*, //
    };
    use memalloc::{
        gfp::{
            Gfp,
            MaySleep, //
        },
        AllocatesIn,
        KmallocMemory,
        KvmallocMemory,
        Memory,
        Owned,
        VmallocMemory, //
    };

    /// The bytes that short texts are made of.
    const LETTERS: [u8; 3] = [b'a', 0, 0xff];

    /// The text of `length` letters with this number.
    fn text(mut number: usize, length: usize) -> [u8; 5] {
        let mut bytes = [0; 5];
        for byte in bytes.iter_mut().take(length) {
            *byte = LETTERS[number % LETTERS.len()];
            number /= LETTERS.len();
        }
        bytes
    }

    /// How many texts were copied; an error if one went wrong.
    fn all_texts<M: Memory + AllocatesIn<MaySleep>>() -> Result<u64, Error> {
        let mut cases = 0;
        for length in 0..=5 {
            for number in 0..LETTERS.len().pow(length as u32) {
                let bytes = text(number, length);
                let source = bytes.get(..length).ok_or(EINVAL)?;
                let copy = Owned::<[u8], M>::copy_of(source, Gfp::KERNEL)?;
                if *copy != *source {
                    return Err(EINVAL);
                }
                // Up to the first NUL, as kmemdup_nul() does and strlen() sees it.
                let end = source.iter().position(|byte| *byte == 0).unwrap_or(length);
                let start = source.get(..end).ok_or(EINVAL)?;
                let string = Owned::<CStr, M>::string_of_bytes(source, Gfp::KERNEL)?;
                if string.to_bytes() != start || string.to_bytes_with_nul().len() != end + 1 {
                    return Err(EINVAL);
                }
                let again = Owned::<CStr, M>::string(&string, Gfp::KERNEL)?;
                if *again != *string {
                    return Err(EINVAL);
                }
                for max_bytes in 0..=length + 1 {
                    let cut = Owned::<CStr, M>::string_start(&string, max_bytes, Gfp::KERNEL)?;
                    if cut.to_bytes() != start.get(..max_bytes).unwrap_or(start) {
                        return Err(EINVAL);
                    }
                }
                cases += 1;
            }
        }
        Ok(cases)
    }

    #[test]
    fn by_kmalloc() -> Result<(), Error> {
        let cases = all_texts::<KmallocMemory>()?;
        assert_eq!(cases, 1 + 3 + 9 + 27 + 81 + 243);
        Ok(())
    }

    #[test]
    fn by_kvmalloc() -> Result<(), Error> {
        let cases = all_texts::<KvmallocMemory<MaySleep>>()?;
        assert_eq!(cases, 1 + 3 + 9 + 27 + 81 + 243);
        Ok(())
    }

    #[test]
    fn of_whole_pages_by_vmalloc() -> Result<(), Error> {
        let mut cases = 0;
        let mut source = KVec::new();
        for length in 0..=600_u64 {
            let copy =
                Owned::<[u64], VmallocMemory<MaySleep>>::copy_of(source.as_slice(), Gfp::KERNEL)?;
            assert!(copy.iter().copied().eq(0..length));
            source.push(length, GFP_KERNEL)?;
            cases += 1;
        }
        assert_eq!(cases, 601);
        Ok(())
    }
}
