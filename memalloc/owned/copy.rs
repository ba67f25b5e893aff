// SPDX-License-Identifier: GPL-2.0

//! Copies of what lies elsewhere: memory and strings.

use super::{
    AllocatesIn,
    Memory,
    Owned, //
};
use crate::{
    count::Count,
    failure::Failure,
    gfp::{
        Context,
        Gfp, //
    },
};
use core::{
    ffi::CStr,
    mem::MaybeUninit,
    ptr::{
        self,
        NonNull, //
    },
};

impl<T: Copy, M: Memory> Owned<[T], M> {
    /// Allocates a copy of `source`, like `kmemdup()` and `kmemdup_array()`.
    ///
    /// # Errors
    ///
    /// As [`array`](Owned::array), or the family cannot give memory for so many elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let defaults = [7_u32, 8, 9];
    /// let mut settings = KmallocBox::copy_of(&defaults, Gfp::KERNEL)?;
    /// settings[0] = 0;
    /// assert_eq!((&*settings, defaults[0]), (&[0, 8, 9][..], 7));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub fn copy_of<C: Context>(source: &[T], gfp: Gfp<C, M::Family>) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let count = Count::new(source.len()).map_err(|refusal| {
            Failure::refused(M::NAME, size_of_val(source), gfp.bits(), refusal)
        })?;
        let mut copy = Owned::<[MaybeUninit<T>], M>::array(count, gfp)?;
        // SAFETY: Both have this many elements, and fresh memory does not overlap with other.
        unsafe {
            ptr::copy_nonoverlapping(source.as_ptr(), copy.as_mut_ptr().cast(), source.len())
        };
        // SAFETY: We just wrote every element.
        Ok(unsafe { copy.assume_init() })
    }
}

impl<M: Memory> Owned<CStr, M> {
    /// Allocates a copy of a string, like `kstrdup()`.
    ///
    /// # Errors
    ///
    /// As [`array`](Owned::array), or the family cannot give memory for so many bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::ffi::CStr;
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// let name = KmallocBox::<CStr>::string(c"eth0", Gfp::KERNEL)?;
    /// assert_eq!(&*name, c"eth0");
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn string<C: Context>(source: &CStr, gfp: Gfp<C, M::Family>) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        Self::terminated(source.to_bytes(), gfp)
    }

    /// Allocates a copy of a string's first `max_bytes` bytes at most, like `kstrndup()`.
    ///
    /// # Errors
    ///
    /// As [`array`](Owned::array), or the family cannot give memory for so many bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::ffi::CStr;
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// // For a field of 15 bytes and a NUL.
    /// let name = KmallocBox::<CStr>::string_start(c"kworker/u4:2-events", 15, Gfp::KERNEL)?;
    /// assert_eq!(&*name, c"kworker/u4:2-ev");
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn string_start<C: Context>(
        source: &CStr,
        max_bytes: usize,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let bytes = source.to_bytes();
        Self::terminated(bytes.get(..max_bytes).unwrap_or(bytes), gfp)
    }

    /// Allocates a copy of bytes, and a NUL after them, like `kmemdup_nul()`.
    ///
    /// The string ends at the first NUL among the bytes, if there is one.
    ///
    /// # Errors
    ///
    /// As [`array`](Owned::array), or the family cannot give memory for so many bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::ffi::CStr;
    /// use memalloc::{gfp::Gfp, KmallocBox};
    ///
    /// // What somebody wrote to a file need not end in a NUL, and may have one inside.
    /// let word = KmallocBox::<CStr>::string_of_bytes(b"enabled", Gfp::KERNEL)?;
    /// assert_eq!(&*word, c"enabled");
    /// let word = KmallocBox::<CStr>::string_of_bytes(b"off\0rubbish", Gfp::KERNEL)?;
    /// assert_eq!(&*word, c"off");
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn string_of_bytes<C: Context>(
        bytes: &[u8],
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        let end = bytes.iter().position(|byte| *byte == 0);
        Self::terminated(end.and_then(|end| bytes.get(..end)).unwrap_or(bytes), gfp)
    }

    /// Copies `bytes`, which contain no NUL, and appends one.
    fn terminated<C: Context>(bytes: &[u8], gfp: Gfp<C, M::Family>) -> Result<Self, Failure>
    where
        M: AllocatesIn<C>,
    {
        // A slice is shorter than `isize::MAX`, so that this does not overflow.
        let count = Count::new(bytes.len() + 1)
            .map_err(|refusal| Failure::refused(M::NAME, bytes.len(), gfp.bits(), refusal))?;
        let copy = Owned::<[MaybeUninit<u8>], M>::array(count, gfp)?
            .write_with(|index| bytes.get(index).copied().unwrap_or(0));
        let copy = copy.into_raw().as_ptr() as *mut CStr;
        // SAFETY: It came from a pointer that is not null.
        let string = unsafe { NonNull::new_unchecked(copy) };
        // SAFETY: The bytes end in their only NUL, so that they are a valid string, which has a size
        // and lies at the start of the memory that was ours.
        Ok(unsafe { Self::from_raw(string) })
    }
}
