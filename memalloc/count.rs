// SPDX-License-Identifier: GPL-2.0

//! Numbers of elements that were checked once.

use crate::{
    failure::Refusal,
    size::TakesBytes, //
};
use core::{
    fmt,
    marker::PhantomData, //
};

/// A number of `T`s that family `F` can be asked for.
///
/// # Invariants
///
/// - `count * size_of::<T>()` does not overflow, and is at most `F::MAX_BYTES`.
/// - `T`'s alignment is at most `F::MAX_ALIGN_BYTES`.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp, Count, Refusal};
///
/// let count = Count::<u64, gfp::Kmalloc>::new(100)?;
/// assert_eq!((count.get(), count.size_bytes()), (100, 800));
/// // The product of these would overflow, which the unchecked multiplication hides.
/// assert!(matches!(
///     Count::<u64, gfp::Kmalloc>::new(usize::MAX / 4),
///     Err(Refusal::TooMany { .. })
/// ));
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub struct Count<T, F: TakesBytes> {
    count: usize,
    _of: PhantomData<(fn() -> T, F)>,
}

impl<T, F: TakesBytes> Clone for Count<T, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, F: TakesBytes> Copy for Count<T, F> {}

impl<T, F: TakesBytes> PartialEq for Count<T, F> {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count
    }
}

impl<T, F: TakesBytes> Eq for Count<T, F> {}

impl<T, F: TakesBytes> fmt::Debug for Count<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Count").field(&self.count).finish()
    }
}

impl<T, F: TakesBytes> Count<T, F> {
    /// The most `T`s that the family can be asked for. Of types without a size there is no limit.
    const MAX: usize = match size_of::<T>() {
        0 => usize::MAX,
        element_bytes => F::MAX_BYTES / element_bytes,
    };

    /// Checks `count`.
    ///
    /// # Errors
    ///
    /// [`Refusal::TooMany`].
    #[inline(always)]
    pub const fn new(count: usize) -> Result<Self, Refusal> {
        const {
            assert!(
                align_of::<T>() <= F::MAX_ALIGN_BYTES,
                "the type's alignment is larger than this family of functions keeps"
            )
        }
        if count > Self::MAX {
            return Err(Refusal::TooMany {
                count,
                element_bytes: size_of::<T>(),
                max_bytes: F::MAX_BYTES,
            });
        }
        // INVARIANT: We just checked it.
        Ok(Self {
            count,
            _of: PhantomData,
        })
    }

    /// The number of elements.
    #[inline(always)]
    pub const fn get(self) -> usize {
        self.count
    }

    /// The size of all elements together.
    #[inline(always)]
    pub const fn size_bytes(self) -> usize {
        // By the type invariants this does not overflow; the wrapping form spares the check.
        self.count.wrapping_mul(size_of::<T>())
    }
}
