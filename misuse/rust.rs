// SPDX-License-Identifier: GPL-2.0

//! The deeds in Rust: what `unsafe` code can do with the library's owners when it breaks its word.
//!
//! No `SAFETY` comment here shows that a contract is kept. Each says which one is broken, and why the
//! kernel survives it.

use super::ffi;
use core::{
    mem::{
        self,
        MaybeUninit, //
    },
    ptr::NonNull, //
};
use kernel::ffi::c_int;
use memalloc::{
    gfp::{
        Gfp,
        MaySleep, //
    },
    Bytes,
    KmallocBox,
    Order,
    PageBlock,
    VmallocBox, //
};

const MEMORY_BYTES: usize = ffi::MISUSE_BYTES as usize;
const TOUCHED: usize = ffi::MISUSE_TOUCHED as usize;
const BEFORE: u8 = ffi::MISUSE_BEFORE as u8;
const AFTER: u8 = ffi::MISUSE_AFTER as u8;

/// The memory of all deeds.
type Content = [u8; MEMORY_BYTES];

/// What the deeds take.
pub(super) fn allocate() -> Option<NonNull<u8>> {
    let memory = KmallocBox::new([BEFORE; MEMORY_BYTES], Gfp::KERNEL.nowarn()).ok()?;
    Some(memory.into_raw().cast())
}

/// An owner of the memory.
///
/// # Safety
///
/// `memory` came from [`allocate`], and is still allocated. (Whether there is another owner already is
/// what the deeds are about.)
unsafe fn own(memory: NonNull<u8>) -> KmallocBox<Content> {
    // SAFETY: The caller vouches for the memory; that it has one owner is broken, or kept, there.
    unsafe { KmallocBox::from_raw(memory.cast()) }
}

/// # Safety
///
/// As for [`own`]; the memory is gone afterwards. So it is for all deeds below.
pub(super) unsafe fn read_after_free(memory: NonNull<u8>) -> u8 {
    // SAFETY: This function's contract.
    drop(unsafe { own(memory) });
    // SAFETY: Broken: the memory is freed. It stays mapped, so that reading it harms nobody.
    unsafe { memory.add(TOUCHED).read_volatile() }
}

/// # Safety
///
/// As for [`read_after_free`]; and interrupts are off.
pub(super) unsafe fn write_after_free(memory: NonNull<u8>) {
    // SAFETY: This function's contract.
    drop(unsafe { own(memory) });
    // SAFETY: Broken: the memory is freed. It is still the next that this CPU would allocate, and with
    // interrupts off nobody here does.
    unsafe { memory.add(TOUCHED).write_volatile(AFTER) };
}

/// # Safety
///
/// As for [`read_after_free`]; interrupts are off, and the caller takes the memory back.
pub(super) unsafe fn double_free(memory: NonNull<u8>) {
    // SAFETY: This function's contract.
    drop(unsafe { own(memory) });
    // SAFETY: Broken: the memory is freed already. The caller takes back what the kernel now has twice.
    drop(unsafe { own(memory) });
}

/// # Safety
///
/// As for [`read_after_free`].
pub(super) unsafe fn read_out_of_bounds(memory: NonNull<u8>) -> u8 {
    // SAFETY: This function's contract.
    let owner = unsafe { own(memory) };
    // SAFETY: Broken: the memory ends before that byte. It lies in the same object of the slab.
    let byte = unsafe { memory.add(owner.len()).read_volatile() };
    drop(owner);
    byte
}

/// # Safety
///
/// As for [`read_after_free`].
pub(super) unsafe fn write_out_of_bounds(memory: NonNull<u8>) {
    // SAFETY: This function's contract.
    let owner = unsafe { own(memory) };
    // SAFETY: Broken: the memory ends before that byte. It lies in the same object of the slab, and is
    // nobody else's.
    unsafe { memory.add(owner.len()).write_volatile(AFTER) };
    drop(owner);
}

/// # Safety
///
/// As for [`read_after_free`].
pub(super) unsafe fn vfree_of_kmalloc(memory: NonNull<u8>) {
    // SAFETY: Broken: the memory is not of vmalloc's family. `vfree()` looks for it, and does not find it.
    drop(unsafe { VmallocBox::<Content, MaySleep>::from_raw(memory.cast()) });
    // SAFETY: This function's contract: `vfree()` has left the memory alone.
    drop(unsafe { own(memory) });
}

/// # Safety
///
/// As for [`read_after_free`].
pub(super) unsafe fn leak(memory: NonNull<u8>) {
    // SAFETY: This function's contract.
    let owner = unsafe { own(memory) };
    // Safe code may do that: memory that is never freed is never misused.
    mem::forget(owner);
}

/// The byte, or -1 if there was no memory.
///
/// # Safety
///
/// As for [`read_after_free`].
pub(super) unsafe fn read_uninitialised(memory: NonNull<u8>) -> c_int {
    // SAFETY: This function's contract. This is so that there is something old to be read.
    drop(unsafe { own(memory) });
    let Ok(fresh) = KmallocBox::<MaybeUninit<Content>>::new_uninit(Gfp::KERNEL.nowarn()) else {
        return -1;
    };
    // SAFETY: Broken: nobody has written the bytes. They lie within the memory, and any are valid.
    let content = unsafe { fresh.assume_init() };
    let byte = NonNull::from(&content[TOUCHED]);
    // SAFETY: The byte is in the memory that `content` owns.
    unsafe { byte.read_volatile() }.into()
}

/// Whether there was a page.
pub(super) fn kfree_of_page() -> bool {
    let Ok(mut page) = PageBlock::new(Order::ZERO, Gfp::KERNEL.nowarn()) else {
        return false;
    };
    let start = NonNull::from(&mut page[..]).cast();
    // SAFETY: Broken: the memory is not of kmalloc's family. `kfree()` sees that it is not, and leaves
    // it alone, so that `page` still owns it.
    drop(unsafe { own(start) });
    true
}

/// Allocates as one who may sleep, and returns whether there was memory. That this is called where
/// nobody may sleep is what no type knows.
pub(super) fn sleep() -> bool {
    KmallocBox::new([BEFORE; MEMORY_BYTES], Gfp::KERNEL.nowarn()).is_ok()
}

/// What only those who may sleep free.
pub(super) fn vmalloc() -> Option<VmallocBox<[MaybeUninit<u8>], MaySleep>> {
    VmallocBox::bytes(Bytes::new(MEMORY_BYTES).ok()?, Gfp::KERNEL.nowarn()).ok()
}
