// SPDX-License-Identifier: GPL-2.0

//! Sizes that were checked once, so that no constructor has to check them again.

use crate::{
    failure::Refusal,
    ffi,
    gfp::{
        self,
        TakesZero, //
    },
    machine::{
        check_machine_memory,
        EVERY_MACHINE_BYTES, //
    },
};
use core::{
    fmt,
    marker::PhantomData, //
};
use kernel::page::PAGE_SIZE;

/// Families whose functions take a number of bytes.
///
/// # Examples
///
/// ```
/// use memalloc::{
///     gfp::{Kmalloc, Kvmalloc},
///     Bytes, Refusal, TakesBytes,
/// };
///
/// /// What the family can be asked for, where less than `wanted_bytes` will do.
/// fn at_most<F: TakesBytes>(wanted_bytes: usize) -> Result<Bytes<F>, Refusal> {
///     Bytes::new(wanted_bytes.min(F::MAX_BYTES))
/// }
///
/// assert_eq!(at_most::<Kmalloc>(5000)?.size_bytes(), 5000);
/// assert_eq!(at_most::<Kmalloc>(usize::MAX)?.size_bytes(), Kmalloc::MAX_BYTES);
/// assert!(Kmalloc::MAX_BYTES < Kvmalloc::MAX_BYTES);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub trait TakesBytes: TakesZero {
    /// The most that one call can be asked for, in bytes. The machine may have less.
    const MAX_BYTES: usize;

    /// The largest alignment that the family's functions can keep, in bytes.
    const MAX_ALIGN_BYTES: usize;

    /// Whether the family's functions keep an alignment only of sizes that are a multiple of it, as
    /// kmalloc does. Others take the alignment for an argument.
    const PADS: bool;
}

impl TakesBytes for gfp::Kmalloc {
    // `KMALLOC_MAX_SIZE`: the largest block of the page allocator (include/linux/slab.h). More
    // makes the kernel warn.
    const MAX_BYTES: usize = ffi::RAW_KMALLOC_MAX_SIZE;
    const MAX_ALIGN_BYTES: usize = ffi::RAW_KMALLOC_MAX_SIZE;
    // `kmalloc()` (include/linux/slab.h), `create_boot_cache()` (mm/slab_common.c).
    const PADS: bool = true;
}

impl TakesBytes for gfp::Vmalloc {
    // What the machine has is checked on allocation, for it can change.
    const MAX_BYTES: usize = isize::MAX as usize;
    const MAX_ALIGN_BYTES: usize = ffi::RAW_KMALLOC_MAX_SIZE;
    const PADS: bool = false;
}

impl TakesBytes for gfp::Kvmalloc {
    // "Don't even allow crazy sizes" (`__kvmalloc_node_noprof()`, mm/slub.c). More makes the
    // kernel warn.
    const MAX_BYTES: usize = ffi::RAW_INT_MAX;
    // "Only alignments up to those guaranteed by kmalloc() will be honored"; vmalloc, the
    // fallback, guarantees a page.
    const MAX_ALIGN_BYTES: usize = PAGE_SIZE;
    const PADS: bool = true;
}

/// A size in bytes, with an alignment, that family `F` can be asked for.
///
/// # Invariants
///
/// - `align_bytes` is a power of two in `1..=F::MAX_ALIGN_BYTES`.
/// - `size_bytes` is at least 1.
/// - `padded_bytes` is `size_bytes`, rounded up to a multiple of `align_bytes` if `F::PADS`, and in
///   `1..=F::MAX_BYTES`.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp, Bytes};
///
/// assert!(Bytes::<gfp::Kmalloc>::new(4 << 20).is_ok());
/// // One byte more than `KMALLOC_MAX_SIZE` on kernels with 4 KiB pages.
/// assert!(Bytes::<gfp::Kmalloc>::new((4 << 20) + 1).is_err());
/// assert!(Bytes::<gfp::Kmalloc>::new(0).is_err());
/// ```
pub struct Bytes<F: TakesBytes> {
    size_bytes: usize,
    align_bytes: usize,
    // Worked out once, and not for every allocation.
    padded_bytes: usize,
    _for: PhantomData<fn() -> F>,
}

impl<F: TakesBytes> Clone for Bytes<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: TakesBytes> Copy for Bytes<F> {}

impl<F: TakesBytes> PartialEq for Bytes<F> {
    fn eq(&self, other: &Self) -> bool {
        (self.size_bytes, self.align_bytes) == (other.size_bytes, other.align_bytes)
    }
}

impl<F: TakesBytes> Eq for Bytes<F> {}

impl<F: TakesBytes> fmt::Debug for Bytes<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bytes")
            .field("size_bytes", &self.size_bytes)
            .field("align_bytes", &self.align_bytes)
            .finish()
    }
}

impl<F: TakesBytes> Bytes<F> {
    /// `size_bytes` with no alignment beyond the family's own.
    ///
    /// # Errors
    ///
    /// [`Refusal::ZeroSize`], [`Refusal::TooLarge`].
    #[inline(always)]
    pub const fn new(size_bytes: usize) -> Result<Self, Refusal> {
        // One comparison for most sizes, which then need none with the machine's memory.
        if size_bytes.wrapping_sub(1) < EVERY_MACHINE_BYTES && EVERY_MACHINE_BYTES <= F::MAX_BYTES {
            // INVARIANT: The size is in the range; every size is a multiple of one.
            return Ok(Self {
                size_bytes,
                align_bytes: 1,
                padded_bytes: size_bytes,
                _for: PhantomData,
            });
        }
        Self::aligned(size_bytes, 1)
    }

    /// `size_bytes` at an address that is a multiple of `align_bytes`.
    ///
    /// # Errors
    ///
    /// [`Refusal::ZeroSize`], [`Refusal::TooLarge`], [`Refusal::NotPowerOfTwo`],
    /// [`Refusal::AlignmentTooLarge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{
    ///     gfp::{Kmalloc, Vmalloc},
    ///     Bytes, Refusal,
    /// };
    ///
    /// // For a device that reads lines of 64 bytes.
    /// let size = Bytes::<Kmalloc>::aligned(100, 64)?;
    /// assert_eq!((size.size_bytes(), size.align_bytes()), (100, 64));
    /// // What the kernel is asked for: vmalloc needs no more than the one page.
    /// assert_eq!(size.padded_bytes(), 128);
    /// assert_eq!(Bytes::<Vmalloc>::aligned(100, 1 << 20)?.padded_bytes(), 100);
    /// let refusal = Bytes::<Kmalloc>::aligned(100, 48).err();
    /// assert_eq!(refusal, Some(Refusal::NotPowerOfTwo { align_bytes: 48 }));
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    #[inline(always)]
    pub const fn aligned(size_bytes: usize, align_bytes: usize) -> Result<Self, Refusal> {
        if size_bytes == 0 {
            return Err(Refusal::ZeroSize);
        }
        if !align_bytes.is_power_of_two() {
            return Err(Refusal::NotPowerOfTwo { align_bytes });
        }
        if align_bytes > F::MAX_ALIGN_BYTES {
            return Err(Refusal::AlignmentTooLarge {
                align_bytes,
                max_bytes: F::MAX_ALIGN_BYTES,
            });
        }
        // What the kernel is asked for is the padded size.
        let padded_bytes = if F::PADS {
            padded_bytes(size_bytes, align_bytes)
        } else {
            size_bytes
        };
        if padded_bytes > F::MAX_BYTES {
            return Err(Refusal::TooLarge {
                size_bytes: padded_bytes,
                max_bytes: F::MAX_BYTES,
            });
        }
        // INVARIANT: Each part was just checked.
        Ok(Self {
            size_bytes,
            align_bytes,
            padded_bytes,
            _for: PhantomData,
        })
    }

    /// The bytes asked for.
    #[inline(always)]
    pub const fn size_bytes(self) -> usize {
        self.size_bytes
    }

    /// The alignment asked for, in bytes.
    #[inline(always)]
    pub const fn align_bytes(self) -> usize {
        self.align_bytes
    }

    /// Refuses sizes above the memory of this machine. The constructors of vmalloc and kvmalloc owners
    /// do that too; this is to know it in advance.
    ///
    /// # Errors
    ///
    /// [`Refusal::TooLarge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Vmalloc, machine_memory_bytes, Bytes};
    ///
    /// // vmalloc itself has no limit.
    /// let size = Bytes::<Vmalloc>::new(machine_memory_bytes() + 1)?;
    /// assert!(size.check_machine_memory().is_err());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub fn check_machine_memory(self) -> Result<(), Refusal> {
        check_machine_memory(self.padded_bytes())
    }

    /// The size that the kernel is asked for: of kmalloc and kvmalloc it is rounded up to a multiple of
    /// the alignment.
    ///
    /// kmalloc guarantees an alignment of the largest power of two that divides the size
    /// (`kmalloc()`, `include/linux/slab.h`; `create_boot_cache()`, `mm/slab_common.c`), so that
    /// asking for this many bytes is how to get the alignment.
    #[inline(always)]
    pub const fn padded_bytes(self) -> usize {
        self.padded_bytes
    }
}

/// `size_bytes` rounded up to a multiple of `align_bytes`, a power of two; `usize::MAX` if there is
/// no such number.
#[inline(always)]
const fn padded_bytes(size_bytes: usize, align_bytes: usize) -> usize {
    // Without the division of `checked_next_multiple_of()`, which would be one on each check.
    let below_next = align_bytes.wrapping_sub(1);
    match size_bytes.checked_add(below_next) {
        Some(sum) => sum & !below_next,
        None => usize::MAX,
    }
}
