// SPDX-License-Identifier: GPL-2.0

//! The values of a bulk of objects.

use super::Bulk;
use crate::{
    cache::CacheBox,
    object::Handle, //
};
use core::ptr::NonNull;

impl<T, H: Handle> Bulk<T, H> {
    /// How many objects there are.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_len", CacheOptions::new())?;
    /// let objects = Cache::bulk_uninit(&cache, Count::new(17)?, Gfp::KERNEL)?;
    /// assert_eq!(objects.len(), 17);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_empty", CacheOptions::new())?;
    /// let objects = Cache::bulk_uninit(&cache, Count::new(0)?, Gfp::KERNEL)?;
    /// assert!(objects.is_empty());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The value number `index`, if there are so many.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_get", CacheOptions::new())?;
    /// let zeroes = Cache::bulk_zeroed(&cache, Count::new(2)?, Gfp::KERNEL)?;
    /// assert_eq!((zeroes.get(1), zeroes.get(2)), (Some(&0), None));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<&T> {
        let live = self.addresses.get(..self.count)?;
        let address = live.get(index)?;
        // SAFETY: By the type invariants this points to a valid value, which nobody else writes.
        Some(unsafe { address.as_ref() })
    }

    /// The value number `index`, if there are so many.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_get_mut", CacheOptions::new())?;
    /// let mut zeroes = Cache::bulk_zeroed(&cache, Count::new(2)?, Gfp::KERNEL)?;
    /// if let Some(zero) = zeroes.get_mut(1) {
    ///     *zero = 7;
    /// }
    /// assert_eq!(zeroes.get(1), Some(&7));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let live = self.addresses.get_mut(..self.count)?;
        let address = live.get_mut(index)?;
        // SAFETY: By the type invariants this points to a valid value, which is ours.
        Some(unsafe { address.as_mut() })
    }

    /// Iterates over the values.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_iter", CacheOptions::new())?;
    /// let zeroes = Cache::bulk_zeroed(&cache, Count::new(5)?, Gfp::KERNEL)?;
    /// assert_eq!(zeroes.iter().count(), 5);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        // SAFETY: By the type invariants these point to valid values, which nobody else writes.
        let value = |address: &NonNull<T>| unsafe { address.as_ref() };
        self.addresses.iter().take(self.count).map(value)
    }

    /// Iterates over the values, which can be changed.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_iter_mut", CacheOptions::new())?;
    /// let mut ones = Cache::bulk_zeroed(&cache, Count::new(5)?, Gfp::KERNEL)?;
    /// ones.iter_mut().for_each(|one| *one = 1);
    /// assert_eq!(ones.iter().sum::<u64>(), 5);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        // SAFETY: By the type invariants these point to valid values, all ours, and each to
        // another.
        let value = |address: &mut NonNull<T>| unsafe { address.as_mut() };
        self.addresses.iter_mut().take(self.count).map(value)
    }

    /// Takes out the last object, which is then freed by itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions, Count};
    ///
    /// let cache = Cache::<u64>::new(c"doc_bulk_pop", CacheOptions::new())?;
    /// let mut zeroes = Cache::bulk_zeroed(&cache, Count::new(2)?, Gfp::KERNEL)?;
    /// let zero = zeroes.pop();
    /// assert_eq!(zero.as_deref(), Some(&0));
    /// assert_eq!(zeroes.len(), 1);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn pop(&mut self) -> Option<CacheBox<T, H>>
    where
        H: Clone,
    {
        let last = self.count.checked_sub(1)?;
        let value = *self.addresses.get(last)?;
        // INVARIANT: One object less.
        self.count = last;
        // SAFETY: By the type invariants this was a live object of the handle's source with a valid
        // value, and we just gave it up; it is lent if need be.
        Some(unsafe { CacheBox::from_parts(value, self.handle.clone()) })
    }
}
