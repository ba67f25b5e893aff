// SPDX-License-Identifier: GPL-2.0

//! Values as text.

use super::{
    Memory,
    Owned, //
};
use core::fmt;

impl<T: ?Sized + fmt::Debug, M: Memory> fmt::Debug for Owned<T, M> {
    /// Shows the value, unless it is in memory for secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if M::IS_FOR_SECRETS {
            return f.write_str("(secret)");
        }
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display, M: Memory> fmt::Display for Owned<T, M> {
    /// Shows the value, unless it is in memory for secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if M::IS_FOR_SECRETS {
            return f.write_str("(secret)");
        }
        fmt::Display::fmt(&**self, f)
    }
}

// What `pr_info!` and the other macros of the `kernel` crate want.
impl<T: ?Sized + kernel::fmt::Display, M: Memory> kernel::fmt::Display for Owned<T, M> {
    /// Shows the value, unless it is in memory for secrets.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{prelude::fmt, str::CString};
    /// use memalloc::{gfp::Gfp, KmallocBox, SensitiveBox};
    ///
    /// let speed = KmallocBox::new(1000_u32, Gfp::KERNEL)?;
    /// kernel::pr_info!("{speed} Mbit/s\n");
    /// assert_eq!(&*CString::try_from_fmt(fmt!("{speed}"))?, c"1000");
    /// let pin = SensitiveBox::new(1234_u32, Gfp::KERNEL)?;
    /// assert_eq!(&*CString::try_from_fmt(fmt!("{pin}"))?, c"(secret)");
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if M::IS_FOR_SECRETS {
            return f.write_str("(secret)");
        }
        kernel::fmt::Display::fmt(&**self, f)
    }
}
