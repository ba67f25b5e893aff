// SPDX-License-Identifier: GPL-2.0

//! Why there is no memory: a request that can never be met, or one that was not met now.

use crate::ffi;
use core::{
    ffi::CStr,
    fmt, //
};
use kernel::error::{code, Error};

/// Why no kernel of this configuration can meet a request. It never reaches the allocator.
///
/// # Examples
///
/// ```
/// use kernel::error::{code, Error};
/// use memalloc::{gfp::Kmalloc, Bytes, Refusal};
///
/// // Sizes that came from elsewhere are checked before anything is begun.
/// let too_large = Bytes::<Kmalloc>::new(usize::MAX).err();
/// assert!(matches!(too_large, Some(Refusal::TooLarge { .. })));
/// // As text it says what was asked, and what is allowed: "0 bytes; at least 1".
/// let none = Bytes::<Kmalloc>::new(0).err();
/// assert_eq!(none, Some(Refusal::ZeroSize));
/// // `?` makes an errno of it.
/// assert_eq!(none.map(Error::from), Some(code::EINVAL));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Zero bytes were asked for.
    ZeroSize,
    /// More bytes than the family, or this machine, can give.
    TooLarge {
        /// The bytes asked for.
        size_bytes: usize,
        /// The most that can be given.
        max_bytes: usize,
    },
    /// More elements than the family can give; the product of the two may not even be a number.
    TooMany {
        /// The elements asked for.
        count: usize,
        /// The size of one.
        element_bytes: usize,
        /// The most bytes that can be given.
        max_bytes: usize,
    },
    /// The alignment is not a power of two.
    NotPowerOfTwo {
        /// The alignment asked for.
        align_bytes: usize,
    },
    /// An alignment that the family cannot keep.
    AlignmentTooLarge {
        /// The alignment asked for.
        align_bytes: usize,
        /// The largest that the family keeps.
        max_bytes: usize,
    },
    /// A block order above `MAX_PAGE_ORDER`.
    OrderTooLarge {
        /// The order asked for.
        order: u32,
        /// `MAX_PAGE_ORDER`.
        max: u32,
    },
    /// A name for a slab cache that the kernel, or a reader of `/proc/slabinfo`, would stumble over.
    BadCacheName {
        /// The name.
        name: &'static CStr,
    },
    /// A name that a slab cache has already.
    CacheNameTaken {
        /// The name.
        name: &'static CStr,
    },
    /// A region for copying to and from user space that does not lie within the object.
    UsercopyOutside {
        /// Where the region ends, from the start of the object.
        end_bytes: usize,
        /// The size of the object.
        object_bytes: usize,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ZeroSize => f.write_str("0 bytes; at least 1"),
            Self::TooLarge {
                size_bytes,
                max_bytes,
            } => write!(f, "{size_bytes} bytes; at most {max_bytes}"),
            Self::TooMany {
                count,
                element_bytes,
                max_bytes,
            } => write!(
                f,
                "{count} elements of {element_bytes} bytes; at most {max_bytes} bytes"
            ),
            Self::NotPowerOfTwo { align_bytes } => {
                write!(f, "alignment {align_bytes}; a power of two")
            }
            Self::AlignmentTooLarge {
                align_bytes,
                max_bytes,
            } => write!(f, "alignment {align_bytes}; at most {max_bytes}"),
            Self::OrderTooLarge { order, max } => write!(f, "order {order}; at most {max}"),
            Self::BadCacheName { name } => {
                write!(
                    f,
                    "cache name {name:?}; printable ASCII without spaces or slashes"
                )
            }
            Self::CacheNameTaken { name } => write!(f, "cache name {name:?}; one not in use"),
            Self::UsercopyOutside {
                end_bytes,
                object_bytes,
            } => write!(
                f,
                "user copies up to byte {end_bytes}; at most {object_bytes}"
            ),
        }
    }
}

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
    /// The request can never be met; asking again is useless.
    Refused(Refusal),
    /// The kernel had no memory under these flags; asking again later may succeed.
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
/// // As text, for the log: "vmalloc: … bytes; at most …".
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

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::CacheNameTaken { .. } => code::EEXIST,
            _ => code::EINVAL,
        }
    }
}
