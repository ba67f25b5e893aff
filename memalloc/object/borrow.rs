// SPDX-License-Identifier: GPL-2.0

//! References to the value, for functions that take whatever gives one.

use super::{
    Handle,
    Object, //
};
use core::borrow::{
    Borrow,
    BorrowMut, //
};

impl<T, H: Handle> AsRef<T> for Object<T, H> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T, H: Handle> AsMut<T> for Object<T, H> {
    fn as_mut(&mut self) -> &mut T {
        self
    }
}

impl<T, H: Handle> Borrow<T> for Object<T, H> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T, H: Handle> BorrowMut<T> for Object<T, H> {
    fn borrow_mut(&mut self) -> &mut T {
        self
    }
}
