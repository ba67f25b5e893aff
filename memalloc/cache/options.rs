// SPDX-License-Identifier: GPL-2.0

//! What a slab cache is made with.

use crate::{
    failure::Refusal,
    ffi, //
};
use core::ops::Range;
use kernel::page::PAGE_SIZE;

// Debugging options add words to an object, and, to each side of it, up to its alignment. With
// these limits that still fits the largest block of pages.
pub(super) const MAX_OBJECT_BYTES: usize = ffi::RAW_KMALLOC_MAX_SIZE / 2;
pub(super) const MAX_ALIGN_BYTES: usize = ffi::RAW_KMALLOC_MAX_SIZE / 4;

/// Options for [`Cache::new`](crate::Cache::new), like `struct kmem_cache_args` and the `SLAB_`
/// flags.
///
/// # Invariants
///
/// - `align_bytes` is a power of two in `1..=MAX_ALIGN_BYTES`.
/// - `flags` are `SLAB_` flags that any module may pass, and that need nothing else.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, Cache, CacheOptions};
///
/// let options = CacheOptions::new().aligned(64)?.unmerged().accounted();
/// let cache = Cache::new(c"doc_cache_options", options)?;
/// let object = Cache::allocate(&cache, 7_u8, Gfp::KERNEL)?;
/// assert_eq!(object.physical_address().as_u64() % 64, 0);
/// # Ok::<(), kernel::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an option returns the new options"]
pub struct CacheOptions {
    align_bytes: usize,
    usercopy_start_bytes: usize,
    usercopy_end_bytes: usize,
    flags: ffi::slab_flags_t,
}

impl Default for CacheOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl CacheOptions {
    /// No alignment beyond the type's, nothing for user space to see, and none of the flags.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::CacheOptions;
    ///
    /// assert_eq!(CacheOptions::new(), CacheOptions::default());
    /// ```
    pub const fn new() -> Self {
        // INVARIANT: One is a power of two; no flag.
        Self {
            align_bytes: 1,
            usercopy_start_bytes: 0,
            usercopy_end_bytes: 0,
            flags: 0,
        }
    }

    /// Places objects at multiples of `align_bytes`.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotPowerOfTwo`], [`Refusal::AlignmentTooLarge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_options_aligned", CacheOptions::new().aligned(8192)?)?;
    /// let table = Cache::allocate(&cache, [0_u64; 16], Gfp::KERNEL)?;
    /// assert_eq!(table.span().address() % 8192, 0);
    /// assert!(CacheOptions::new().aligned(4095).is_err());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub const fn aligned(mut self, align_bytes: usize) -> Result<Self, Refusal> {
        if !align_bytes.is_power_of_two() {
            return Err(Refusal::NotPowerOfTwo { align_bytes });
        }
        if align_bytes > MAX_ALIGN_BYTES {
            return Err(Refusal::AlignmentTooLarge {
                align_bytes,
                max_bytes: MAX_ALIGN_BYTES,
            });
        }
        // INVARIANT: We just checked it.
        self.align_bytes = align_bytes;
        Ok(self)
    }

    /// Places objects at the start of a cache line, or small ones so that they do not cross into
    /// the next (`SLAB_HWCACHE_ALIGN`).
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, inspect::Inspect, Cache, CacheOptions};
    ///
    /// let options = CacheOptions::new().aligned_to_cache_lines();
    /// let cache = Cache::new(c"doc_options_lines", options)?;
    /// let object = Cache::allocate(&cache, [0_u8; 40], Gfp::KERNEL)?;
    /// assert!(object.span().alignment_bytes() >= 32);
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub const fn aligned_to_cache_lines(self) -> Self {
        self.with(ffi::RAW_SLAB_HWCACHE_ALIGN)
    }

    /// Lets the bytes in `region`, counted from an object's start, be copied to and from user
    /// space.
    ///
    /// With `CONFIG_HARDENED_USERCOPY`, to copy others stops the kernel. A region that is empty is
    /// none. [`Cache::new`](crate::Cache::new) refuses one that ends behind the object.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::mem::offset_of;
    /// use memalloc::{Cache, CacheOptions};
    ///
    /// struct Request {
    ///     secret: [u8; 16],
    ///     answer: [u8; 48],
    /// }
    ///
    /// let answer = offset_of!(Request, answer);
    /// let options = CacheOptions::new().usercopy(answer..answer + 48);
    /// assert!(Cache::<Request>::new(c"doc_options_usercopy", options).is_ok());
    /// let options = CacheOptions::new().usercopy(0..65);
    /// assert!(Cache::<Request>::new(c"doc_options_usercopy", options).is_err());
    /// ```
    pub const fn usercopy(mut self, region: Range<usize>) -> Self {
        self.usercopy_start_bytes = region.start;
        self.usercopy_end_bytes = region.end;
        self
    }

    /// Keeps the cache for itself (`SLAB_NO_MERGE`). Otherwise the kernel may serve several caches
    /// of like objects from one, unless it was built with `CONFIG_DEBUG_VM`.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::CacheOptions;
    ///
    /// assert_ne!(CacheOptions::new().unmerged(), CacheOptions::new());
    /// ```
    pub const fn unmerged(self) -> Self {
        self.with(ffi::RAW_SLAB_NO_MERGE)
    }

    /// Charges all objects to the memory cgroup of who allocates them (`SLAB_ACCOUNT`), as
    /// [`accounted`](crate::gfp::Gfp::accounted) masks do for one.
    ///
    /// # Examples
    ///
    /// ```
    /// use memalloc::{gfp::Gfp, Cache, CacheOptions};
    ///
    /// let cache = Cache::new(c"doc_options_accounted", CacheOptions::new().accounted())?;
    /// assert!(Cache::allocate(&cache, 7_u64, Gfp::KERNEL).is_ok());
    /// # Ok::<(), kernel::error::Error>(())
    /// ```
    pub const fn accounted(self) -> Self {
        self.with(ffi::RAW_SLAB_ACCOUNT)
    }

    const fn with(mut self, flag: ffi::slab_flags_t) -> Self {
        // INVARIANT: Callers pass flags that need nothing else.
        self.flags |= flag;
        self
    }

    /// The flags as the kernel takes them.
    pub(super) const fn flags(self) -> ffi::slab_flags_t {
        // With `CONFIG_DEBUG_VM` the kernel warns of a second cache of one name
        // (`kmem_cache_sanity_check()`, `mm/slab_common.c`). Of those that it may merge nobody can
        // know whether they are still there: see `memalloc_cache_has_directory()`.
        if cfg!(CONFIG_DEBUG_VM) {
            self.unmerged().flags
        } else {
            self.flags
        }
    }

    /// How large the objects have to be, for `T`s, in bytes.
    pub(super) const fn object_bytes_for<T>(self) -> usize {
        // KASAN moves what it notes of objects that are smaller than what it notes of free ones
        // (`kasan_cache_create()`, `mm/kasan/generic.c`), and `obj_exts_offset_in_object()`
        // (`mm/slub.c`) does not know: where padding leaves room for the account of an object, that
        // lies in KASAN's notes, and freeing follows what it finds there. Seen on 7.3.4. A note is two
        // words, or four (`struct kasan_track`), and a link follows in that of a free object.
        const KASAN_FREE_META_BYTES: usize = if cfg!(CONFIG_KASAN_EXTRA_INFO) {
            24
        } else {
            16
        };
        if cfg!(CONFIG_KFENCE) && self.align_bytes > PAGE_SIZE && size_of::<T>() <= PAGE_SIZE {
            // KFENCE takes objects up to a page, and moves them within its page to their alignment
            // (`kfence_guarded_alloc()`, `mm/kfence/core.c`): with more than a page's, out of it.
            PAGE_SIZE + 1
        } else if cfg!(CONFIG_KASAN_GENERIC) && size_of::<T>() < KASAN_FREE_META_BYTES {
            KASAN_FREE_META_BYTES
        } else {
            size_of::<T>()
        }
    }

    /// The rest as the kernel takes it, for objects that are `T`s.
    pub(super) fn arguments_for<T>(self) -> Result<ffi::kmem_cache_args, Refusal> {
        let usercopy = self.usercopy_start_bytes..self.usercopy_end_bytes;
        if usercopy.end > size_of::<T>() {
            return Err(Refusal::UsercopyOutside {
                end_bytes: usercopy.end,
                object_bytes: size_of::<T>(),
            });
        }
        // The kernel warns about an offset without a size.
        let usercopy = if usercopy.is_empty() { 0..0 } else { usercopy };
        Ok(ffi::kmem_cache_args {
            // CAST: At most `MAX_ALIGN_BYTES`, and the others at most the size of a `T`.
            align: self.align_bytes.max(align_of::<T>()) as u32,
            useroffset: usercopy.start as u32,
            usersize: usercopy.len() as u32,
            ..pin_init::zeroed()
        })
    }
}
