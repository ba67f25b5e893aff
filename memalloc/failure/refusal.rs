// SPDX-License-Identifier: GPL-2.0

//! Requests that the kernel is not asked.

use core::{
    ffi::CStr,
    fmt, //
};
use kernel::error::{code, Error};

/// Why this kernel cannot meet a request on this machine. It never reaches the allocator.
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

// What `pr_err!` and the other macros of the `kernel` crate want.
impl kernel::fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
