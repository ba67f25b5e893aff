// SPDX-License-Identifier: GPL-2.0

//! Changing the length of an array, in place if the kernel can.

use super::{
    memory::check,
    AllocatesIn,
    Owned,
    Resizable, //
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
    fmt,
    mem::MaybeUninit,
    ptr::{
        self,
        NonNull, //
    },
};
use kernel::error::Error;

/// An array whose length could not be changed: it is as it was, and here.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, machine_memory_bytes, Count, VmallocBox};
///
/// let samples = VmallocBox::<[u32]>::zeroed_array(Count::new(1000)?, Gfp::KERNEL)?;
/// // Four times what the machine has.
/// let count = Count::new(machine_memory_bytes())?;
/// let samples = match samples.resize(count, 0, Gfp::KERNEL) {
///     Ok(more) => more,
///     // Nothing is lost: work goes on with what there is. `?` would free it.
///     Err(not_resized) => not_resized.array,
/// };
/// assert_eq!(samples.len(), 1000);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct NotResized<A> {
    /// The array.
    pub array: A,
    /// Why.
    pub failure: Failure,
}

impl<A> fmt::Debug for NotResized<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.failure, f)
    }
}

impl<A> fmt::Display for NotResized<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.failure, f)
    }
}

// What `pr_err!` and the other macros of the `kernel` crate want.
impl<A> kernel::fmt::Display for NotResized<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<A> From<NotResized<A>> for Error {
    fn from(not_resized: NotResized<A>) -> Self {
        not_resized.failure.into()
    }
}

impl<T, M: Resizable> Owned<[MaybeUninit<T>], M> {
    /// Changes the length, like `krealloc_array()`. What is new is unknown; what goes away is not
    /// dropped.
    ///
    /// An alignment beyond that of `T`, which [`bytes`](Owned::bytes) can give, may be lost.
    ///
    /// # Errors
    ///
    /// The array as it was, and why: as [`array`](Owned::array).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Bytes, Count, KmallocBox};
    ///
    /// // krealloc(buffer, 200, GFP_KERNEL).
    /// let buffer = KmallocBox::bytes(Bytes::new(100)?, Gfp::KERNEL)?;
    /// let buffer = buffer.resize_uninit(Count::new(200)?, Gfp::KERNEL)?;
    /// assert_eq!(buffer.len(), 200);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn resize_uninit<C: Context>(
        self,
        count: Count<T, M::Family>,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, NotResized<Self>>
    where
        M: AllocatesIn<C>,
    {
        let size_bytes = count.size_bytes();
        if size_bytes == 0 || size_of_val::<[_]>(&self) == 0 {
            // From or to nothing: there is no memory to change.
            return match Self::array(count, gfp) {
                Ok(array) => Ok(array),
                Err(failure) => Err(NotResized {
                    array: self,
                    failure,
                }),
            };
        }
        if let Err(failure) = check::<M, C>(size_bytes, gfp) {
            return Err(NotResized {
                array: self,
                failure,
            });
        }
        let old = self.into_raw();
        // SAFETY:
        // - The array has a size, so that this is the start of its memory, which was ours; it was
        //   allocated with the same alignment.
        // - By the invariants of `Count` the new size and the alignment are in the family's bounds;
        //   by those of `Gfp` the mask suits the family.
        let start = unsafe { M::reallocate(old.cast(), size_bytes, align_of::<T>(), gfp.bits()) };
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(NotResized {
                // SAFETY: On failure the old memory is as it was, and ours.
                array: unsafe { Self::from_raw(old) },
                failure: Failure::out_of_memory(M::NAME, size_bytes, gfp.bits()),
            });
        };
        let elements = NonNull::slice_from_raw_parts(start, count.get());
        // SAFETY: Any bytes are valid `MaybeUninit<T>`s, and this memory of kind `M` has this size.
        Ok(unsafe { Self::from_raw(elements) })
    }
}

impl<T: Copy, M: Resizable> Owned<[T], M> {
    /// Changes the length; new elements are copies of `value`.
    ///
    /// # Errors
    ///
    /// The array as it was, and why: as [`array`](Owned::array).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Count, KvmallocBox};
    ///
    /// let weights = KvmallocBox::copy_of(&[7_u8, 8], Gfp::KERNEL)?;
    /// let weights = weights.resize(Count::new(4)?, 1, Gfp::KERNEL)?;
    /// assert_eq!(&*weights, &[7, 8, 1, 1]);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn resize<C: Context>(
        self,
        count: Count<T, M::Family>,
        value: T,
        gfp: Gfp<C, M::Family>,
    ) -> Result<Self, NotResized<Self>>
    where
        M: AllocatesIn<C>,
    {
        let old_count = self.len();
        match self.into_uninit().resize_uninit(count, gfp) {
            Ok(mut array) => {
                for element in array.iter_mut().skip(old_count) {
                    element.write(value);
                }
                // SAFETY: The old elements were valid and moved along; the new ones we just wrote.
                Ok(unsafe { array.assume_init() })
            }
            Err(NotResized { array, failure }) => Err(NotResized {
                // SAFETY: It is as it was: all elements are valid.
                array: unsafe { array.assume_init() },
                failure,
            }),
        }
    }

    /// Changes the length of an array that stays where it is stored, such as in a structure; new
    /// elements have the value given.
    ///
    /// # Errors
    ///
    /// As [`array`](Owned::array). The array is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::error::Error;
    /// use memalloc::{gfp::Gfp, Count, KmallocBox};
    ///
    /// struct Table {
    ///     entries: KmallocBox<[u32]>,
    /// }
    ///
    /// impl Table {
    ///     /// Makes room for twice as many.
    ///     fn grow(&mut self) -> Result<(), Error> {
    ///         let count = Count::new(2 * self.entries.len())?;
    ///         Ok(self.entries.resize_in_place(count, 0, Gfp::KERNEL)?)
    ///     }
    /// }
    ///
    /// let entries = KmallocBox::copy_of(&[7_u32, 8], Gfp::KERNEL)?;
    /// let mut table = Table { entries };
    /// table.grow()?;
    /// assert_eq!(&*table.entries, &[7, 8, 0, 0]);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn resize_in_place<C: Context>(
        &mut self,
        count: Count<T, M::Family>,
        value: T,
        gfp: Gfp<C, M::Family>,
    ) -> Result<(), Failure>
    where
        M: AllocatesIn<C>,
    {
        // SAFETY: We have the only reference, and nobody uses the array there until another one is
        // written below.
        let array = unsafe { ptr::read(self) };
        let (array, outcome) = match array.resize(count, value, gfp) {
            Ok(array) => (array, Ok(())),
            Err(NotResized { array, failure }) => (array, Err(failure)),
        };
        // SAFETY: As above; what was there moved away.
        unsafe { ptr::write(self, array) };
        outcome
    }
}
