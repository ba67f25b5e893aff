// SPDX-License-Identifier: GPL-2.0

//! References to the value, for functions that take whatever gives one.

use super::{
    Memory,
    Owned, //
};
use core::borrow::{
    Borrow,
    BorrowMut, //
};

impl<T: ?Sized, M: Memory> AsRef<T> for Owned<T, M> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized, M: Memory> AsMut<T> for Owned<T, M> {
    fn as_mut(&mut self) -> &mut T {
        self
    }
}

impl<T: ?Sized, M: Memory> Borrow<T> for Owned<T, M> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: ?Sized, M: Memory> BorrowMut<T> for Owned<T, M> {
    fn borrow_mut(&mut self) -> &mut T {
        self
    }
}
