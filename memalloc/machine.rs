// SPDX-License-Identifier: GPL-2.0

//! The memory that the machine has, above which vmalloc and kvmalloc are not asked.

use crate::{
    failure::{
        Failure,
        Refusal, //
    },
    ffi,
    gfp::{
        Context,
        Family,
        Gfp, //
    },
};
use kernel::page::PAGE_SIZE;

/// The memory that this machine has, in bytes. vmalloc logs a warning when it is asked for more.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, machine_memory_bytes, Bytes, KvmallocBox};
///
/// // A hash table grows with the machine, but not without bound.
/// let size = Bytes::new((machine_memory_bytes() / 1024).min(1 << 20))?;
/// let table = KvmallocBox::zeroed_bytes(size, Gfp::KERNEL)?;
/// assert!(table.len() < machine_memory_bytes());
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub fn machine_memory_bytes() -> usize {
    // SAFETY: The helper reads one counter.
    let pages = unsafe { ffi::memalloc_totalram_pages() };
    pages.saturating_mul(PAGE_SIZE)
}

/// What every machine has, since no kernel with modules boots in less.
pub(crate) const EVERY_MACHINE_BYTES: usize = 1 << 20;

/// Refuses sizes above the memory of this machine, of which the kernel would log a warning.
///
/// Sizes that every machine has are not compared with it: a small kvmalloc then costs what it costs
/// in C.
#[inline(always)]
pub(crate) fn check_machine_memory(size_bytes: usize) -> Result<(), Refusal> {
    if size_bytes <= EVERY_MACHINE_BYTES {
        return Ok(());
    }
    compare_machine_memory(size_bytes)
}

/// The same for `function`, which takes memory piece by piece: there the kernel would rather kill
/// processes, or search in vain, than fail at once.
pub(crate) fn check_all<C: Context, F: Family>(
    function: &'static str,
    size_bytes: usize,
    gfp: Gfp<C, F>,
) -> Result<(), Failure> {
    check_machine_memory(size_bytes)
        .map_err(|refusal| Failure::refused(function, size_bytes, gfp.bits(), refusal))
}

#[cold]
fn compare_machine_memory(size_bytes: usize) -> Result<(), Refusal> {
    let max_bytes = machine_memory_bytes();
    if size_bytes > max_bytes {
        return Err(Refusal::TooLarge {
            size_bytes,
            max_bytes,
        });
    }
    Ok(())
}
