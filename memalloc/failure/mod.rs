// SPDX-License-Identifier: GPL-2.0

//! Why there is no memory: a request that the kernel need not be asked, or one that was not met now.

mod refusal;

pub use refusal::Refusal;

use crate::ffi;
use core::fmt;
use kernel::error::{code, Error};

/// Why an allocation did not happen.
///
/// # Examples
///
/// ```
/// use kernel::{error::Error, page::PAGE_SIZE};
/// use memalloc::{gfp::Gfp, Bytes, KvmallocBox, Reason};
///
/// /// As large a buffer as there is memory for, but for no more than `size_bytes`.
/// fn buffer(mut size_bytes: usize) -> Result<KvmallocBox<[u8]>, Error> {
///     loop {
///         let size = Bytes::new(size_bytes)?;
///         match KvmallocBox::zeroed_bytes(size, Gfp::KERNEL.retry_mayfail().nowarn()) {
///             Ok(buffer) => return Ok(buffer),
///             Err(failure) => match failure.reason() {
///                 // There may be memory for less.
///                 Reason::OutOfMemory if size_bytes > PAGE_SIZE => size_bytes /= 2,
///                 // The caller is wrong, and is told so.
///                 _ => return Err(failure.into()),
///             },
///         }
///     }
/// }
///
/// assert!(buffer(1 << 20)?.len() <= 1 << 20);
/// assert!(buffer(usize::MAX).is_err());
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The kernel was not asked, for the request cannot be met on this machine as it is. To ask again, or
    /// to free memory, does not help, unless it changes what the [`Refusal`] names.
    Refused(Refusal),
    /// The kernel was asked, and gave nothing under these flags: for want of memory, or of room or of a
    /// range to put it. To ask again later, for less, or with flags that allow more, may succeed.
    OutOfMemory,
}

/// An allocation that did not happen: what was asked, of whom, and why there is none.
///
/// # Examples
///
/// ```
/// use kernel::error::{code, Error};
/// use memalloc::{gfp::Gfp, machine_memory_bytes, Bytes, Reason, Refusal, VmallocBox};
///
/// let size = Bytes::new(machine_memory_bytes() + 1)?;
/// let Err(failure) = VmallocBox::bytes(size, Gfp::KERNEL) else {
///     return Err(code::ERANGE);
/// };
/// // For the log: "vmalloc: … bytes; at most …".
/// kernel::pr_info!("no buffer: {failure}\n");
/// assert_eq!(failure.allocator(), "vmalloc");
/// assert_eq!(failure.size_bytes(), size.size_bytes());
/// let reason = failure.reason();
/// assert!(matches!(reason, Reason::Refused(Refusal::TooLarge { .. })));
/// // `?` makes an errno of it: not `ENOMEM`, which stands for want of memory alone.
/// assert_eq!(Error::from(failure), code::EINVAL);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    allocator: &'static str,
    size_bytes: usize,
    flags: ffi::gfp_t,
    reason: Reason,
}

impl Failure {
    #[cold]
    pub(crate) fn out_of_memory(
        allocator: &'static str,
        size_bytes: usize,
        flags: ffi::gfp_t,
    ) -> Self {
        Self {
            allocator,
            size_bytes,
            flags,
            reason: Reason::OutOfMemory,
        }
    }

    #[cold]
    pub(crate) fn refused(
        allocator: &'static str,
        size_bytes: usize,
        flags: ffi::gfp_t,
        refusal: Refusal,
    ) -> Self {
        Self {
            allocator,
            size_bytes,
            flags,
            reason: Reason::Refused(refusal),
        }
    }

    /// The C name of the function family that was asked.
    pub fn allocator(&self) -> &'static str {
        self.allocator
    }

    /// The bytes that were asked for.
    pub fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// The flags that the kernel was asked with, or would have been, as
    /// [`Gfp::bits`](crate::gfp::Gfp::bits) gives them.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{
    ///     gfp::{Gfp, MaySleep, Pages},
    ///     PageRun,
    /// };
    ///
    /// let gfp: Gfp<MaySleep, Pages> = Gfp::KERNEL.accounted();
    /// let failure = PageRun::exact(core::num::NonZeroUsize::MAX, gfp).err();
    /// assert_eq!(failure.map(|failure| failure.flags()), Some(gfp.bits()));
    /// ```
    pub fn flags(&self) -> u32 {
        self.flags
    }

    /// Why there is no memory.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Refused(refusal) => write!(f, "{}: {refusal}", self.allocator),
            Reason::OutOfMemory => write!(
                f,
                "{}: the kernel had no memory for {} bytes with gfp {:#x}",
                self.allocator, self.size_bytes, self.flags
            ),
        }
    }
}

// What `pr_err!` and the other macros of the `kernel` crate want.
impl kernel::fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The one place that turns a failure into an errno.
///
/// A refused request gets `EINVAL` and not the `ENOMEM` that C code would return for it: the machine
/// is not out of memory, and freeing some would not help.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure.reason {
            Reason::Refused(refusal) => refusal.into(),
            Reason::OutOfMemory => code::ENOMEM,
        }
    }
}
