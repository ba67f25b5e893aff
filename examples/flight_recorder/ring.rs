// SPDX-License-Identifier: GPL-2.0

//! A queue that cannot grow.

use kernel::prelude::*;
use memalloc::{
    gfp::Gfp,
    Count,
    KvmallocBox, //
};

/// A queue that has all its room from the beginning: later nothing in it is moved, nor any memory
/// asked for.
pub(crate) struct Ring<T> {
    /// From the oldest on, `len` are taken. After the last place comes the first.
    places: KvmallocBox<[Option<T>]>,
    oldest: usize,
    len: usize,
}

impl<T> Ring<T> {
    /// An empty ring.
    ///
    /// # Errors
    ///
    /// `ENOMEM`, and `EINVAL`, if this machine never has memory for it.
    pub(crate) fn new(room: usize) -> Result<Self> {
        let gfp = Gfp::KERNEL.accounted().nowarn();
        Ok(Self {
            places: KvmallocBox::array(Count::new(room)?, gfp)?.write_with(|_| None),
            oldest: 0,
            len: 0,
        })
    }

    /// How many are in it.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len == self.places.len()
    }

    /// The place of what is so many behind the oldest.
    fn place(&self, index: usize) -> usize {
        let place = self.oldest + index;
        place.checked_sub(self.places.len()).unwrap_or(place)
    }

    /// All that are in it, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len).filter_map(|index| self.places.get(self.place(index))?.as_ref())
    }

    pub(crate) fn oldest(&self) -> Option<&T> {
        self.places.get(self.oldest)?.as_ref()
    }

    pub(crate) fn newest(&self) -> Option<&T> {
        let place = self.place(self.len.checked_sub(1)?);
        self.places.get(place)?.as_ref()
    }

    pub(crate) fn newest_mut(&mut self) -> Option<&mut T> {
        let place = self.place(self.len.checked_sub(1)?);
        self.places.get_mut(place)?.as_mut()
    }

    /// Appends what is newer than all others.
    ///
    /// # Errors
    ///
    /// `ENOSPC`, if the ring is full.
    pub(crate) fn push(&mut self, newest: T) -> Result {
        let place = self.place(self.len);
        match self.places.get_mut(place) {
            Some(free @ None) => *free = Some(newest),
            _ => return Err(ENOSPC),
        }
        self.len += 1;
        Ok(())
    }

    /// Takes the oldest out.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let oldest = self.places.get_mut(self.oldest)?.take()?;
        self.oldest = self.place(1);
        self.len -= 1;
        Some(oldest)
    }
}
