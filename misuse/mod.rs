// SPDX-License-Identifier: GPL-2.0

//! Breaks the rules of memory allocation, on purpose, for people to see what their kernel notices.
//!
//! This is the one folder whose `unsafe` code does not keep its word. It is called by the scenario
//! `misuse` alone, which asks for the module parameter `allow_misuse=1`, taints the kernel, and says in
//! the log what it is about to do. Each deed is chosen, and prepared, so that the kernel survives it:
//!
//! - What is written behind the end of memory lies in the rest of the same slab object. What is written
//!   to memory that was freed hits bytes that nobody on this CPU can have had since, for interrupts are
//!   off. (With `slab_debug=` there is a list for all CPUs, and another one has a moment to take the
//!   memory: one more reason why the machine must be nobody's.)
//! - Memory that was freed twice is taken back before interrupts are on again.
//! - The slab that the memory is of has other objects in use, and so stays a slab.
//! - What is given to the wrong function is of a kind that this function recognises, and leaves alone.
//!
//! What cannot be survived is refused: see [`survival`].
//!
//! The same deeds are done in C (`deeds.c`) and in Rust (`rust.rs`).

mod ffi;
pub(crate) mod kind;
mod rust;
pub(crate) mod survival;

use crate::platform::context::Place;
use core::{
    ffi::c_void,
    mem::ManuallyDrop,
    ptr::NonNull, //
};
use kind::{
    Kind,
    Language, //
};

/// How much memory the deeds are done to, in bytes.
pub(crate) const MEMORY_BYTES: usize = ffi::MISUSE_BYTES as usize;

/// Memory of kmalloc that is nobody else's, to break a rule with.
pub(crate) struct Victim {
    memory: NonNull<u8>,
    language: Language,
}

// SAFETY: The memory is ours alone, and kernel memory may be used and freed by any thread.
unsafe impl Send for Victim {}

impl Victim {
    /// Allocates it, as a program in `language` does.
    pub(crate) fn allocate(language: Language) -> Option<Self> {
        let memory = match language {
            // SAFETY: The function allocates.
            Language::C => NonNull::new(unsafe { ffi::misuse_allocate() }.cast()),
            Language::Rust => rust::allocate(),
        };
        memory.map(|memory| Self { memory, language })
    }

    /// Whether it is one of the few objects that KFENCE guards.
    pub(crate) fn is_guarded(&self) -> bool {
        // SAFETY: The function compares the address with the bounds of KFENCE's pool.
        unsafe { ffi::misuse_is_guarded(self.memory.as_ptr().cast()) }
    }

    /// Whether freeing it makes it the next that this CPU allocates. To be asked with interrupts off.
    fn stays_on_this_cpu(&self) -> bool {
        // SAFETY: The memory is live, and lies in the direct map or in KFENCE's pool.
        unsafe { ffi::misuse_stays_on_this_cpu(self.memory.as_ptr().cast()) }
    }

    /// Does a deed to it, after which it is gone.
    fn give_to<T>(
        self,
        in_c: unsafe extern "C" fn(*mut u8) -> T,
        in_rust: unsafe fn(NonNull<u8>) -> T,
    ) -> T {
        let Self { memory, language } = *ManuallyDrop::new(self);
        // SAFETY: The memory came from the function that the deeds of its language take it from. What
        // else a deed needs, its caller knows; what it breaks, the deed tells.
        unsafe {
            match language {
                Language::C => in_c(memory.as_ptr()),
                Language::Rust => in_rust(memory),
            }
        }
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // SAFETY: No deed was done to it, or it would not be dropped; so it is allocated, and ours.
        unsafe { ffi::misuse_free(self.memory.as_ptr().cast()) };
    }
}

/// More memory of the same size, in use while a deed is done, so that the slab of the victim does not
/// become empty: it would go back to the page allocator, and the deed would be done to a page that is
/// anybody's.
struct Company {
    _members: [Option<Victim>; Self::MEMBERS],
}

impl Company {
    /// More objects than a slab of that size has where each is followed by what `slab_debug=` keeps,
    /// with up to 16 CPUs (`calculate_order()`, `mm/slub.c`).
    const MEMBERS: usize = 32;

    /// What cannot be had is left out: where memory is that short, slabs are full.
    fn gather() -> Self {
        Self {
            _members: core::array::from_fn(|_| Victim::allocate(Language::C)),
        }
    }
}

/// What a deed showed, apart from what the kernel said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// There was nothing to see.
    Nothing,
    /// It read what the memory's last owner had written.
    OwnersByte,
    /// It read a byte that somebody else wrote, or nobody.
    OtherByte(u8),
    /// The kernel gave the same memory to two owners.
    TwoOwners,
    /// The kernel gave the memory to one owner at most.
    OneOwner,
    /// The deed was not done: the memory was not fit for it, or there was none.
    Undone,
}

impl Sight {
    fn of_byte(byte: u8) -> Self {
        if byte == ffi::MISUSE_BEFORE as u8 {
            Self::OwnersByte
        } else {
            Self::OtherByte(byte)
        }
    }

    fn if_done(is_done: bool) -> Self {
        if is_done {
            Self::Nothing
        } else {
            Self::Undone
        }
    }
}

/// Breaks the rule `kind`, once, in the language of `victim`. Only for those who were asked to, by
/// somebody who knows.
///
/// [`survival::check`] says whether the kernel survives it. Kinds that are not about memory of kmalloc
/// leave `victim` alone.
///
/// Context: may sleep.
pub(crate) fn break_on_purpose(kind: Kind, victim: Victim) -> Sight {
    let language = victim.language;
    let _company = kind.is_about_kmalloc().then(Company::gather);
    match kind {
        Kind::ReadAfterFree => {
            Sight::of_byte(victim.give_to(ffi::misuse_read_after_free, rust::read_after_free))
        }
        Kind::WriteAfterFree => undisturbed(victim, write_after_free),
        Kind::DoubleFree => undisturbed(victim, double_free),
        Kind::ReadOutOfBounds => {
            Sight::of_byte(victim.give_to(ffi::misuse_read_out_of_bounds, rust::read_out_of_bounds))
        }
        Kind::WriteOutOfBounds => {
            victim.give_to(ffi::misuse_write_out_of_bounds, rust::write_out_of_bounds);
            Sight::Nothing
        }
        Kind::VfreeOfKmalloc => {
            victim.give_to(ffi::misuse_vfree_of_kmalloc, rust::vfree_of_kmalloc);
            Sight::Nothing
        }
        Kind::Leak => {
            victim.give_to(ffi::misuse_leak, rust::leak);
            Sight::Nothing
        }
        Kind::ReadUninitialised => {
            let byte = victim.give_to(ffi::misuse_read_uninitialised, rust::read_uninitialised);
            // Below zero: there was no memory.
            u8::try_from(byte).map_or(Sight::Undone, Sight::of_byte)
        }
        Kind::KfreeOfPage => Sight::if_done(kfree_of_page(language)),
        Kind::SleepUnderSpinlock => sleep_in(Place::Spinlock, language),
        Kind::SleepInInterrupt => sleep_in(Place::Interrupt, language),
        Kind::VfreeUnderSpinlock => Sight::if_done(vfree_under_spinlock(language)),
        // Never survived.
        Kind::KfreeOfVmalloc | Kind::FreeOfLargerOrder => Sight::Undone,
    }
}

/// Calls `deed` with interrupts off, so that nobody else allocates on this CPU meanwhile.
/// The deed is not done to memory that others could have first.
fn undisturbed(victim: Victim, deed: fn(Victim) -> Sight) -> Sight {
    let deed = || match victim.stays_on_this_cpu() {
        true => deed(victim),
        false => Sight::Undone,
    };
    Place::InterruptsOff.call(deed).unwrap_or(Sight::Undone)
}

/// To be called with interrupts off.
fn write_after_free(victim: Victim) -> Sight {
    victim.give_to(ffi::misuse_write_after_free, rust::write_after_free);
    Sight::Nothing
}

/// To be called with interrupts off.
fn double_free(victim: Victim) -> Sight {
    let memory = victim.memory;
    victim.give_to(ffi::misuse_double_free, rust::double_free);
    // SAFETY: The memory was freed twice, and interrupts have been off since before that.
    match unsafe { ffi::misuse_take_back(memory.as_ptr().cast()) } {
        true => Sight::TwoOwners,
        false => Sight::OneOwner,
    }
}

fn kfree_of_page(language: Language) -> bool {
    match language {
        // SAFETY: What is broken is broken within, as in `rust::kfree_of_page`.
        Language::C => unsafe { ffi::misuse_kfree_of_page() },
        Language::Rust => rust::kfree_of_page(),
    }
}

fn sleep_in(place: Place, language: Language) -> Sight {
    let is_done = place.call(|| match language {
        // SAFETY: The function allocates and frees. That it may sleep is a bug here, but not one of
        // memory safety.
        Language::C => unsafe { ffi::misuse_sleep() },
        Language::Rust => rust::sleep(),
    });
    Sight::if_done(is_done == Some(true))
}

fn vfree_under_spinlock(language: Language) -> bool {
    match language {
        Language::C => Area::allocate().is_some_and(|area| {
            let is_freed = Place::Spinlock.call(|| area.free());
            is_freed.is_some()
        }),
        Language::Rust => rust::vmalloc().is_some_and(|area| {
            let is_freed = Place::Spinlock.call(|| drop(area));
            is_freed.is_some()
        }),
    }
}

/// Memory of `misuse_vmalloc()`.
struct Area(NonNull<c_void>);

// SAFETY: Kernel memory may be freed by any thread.
unsafe impl Send for Area {}

impl Area {
    fn allocate() -> Option<Self> {
        // SAFETY: The function allocates.
        NonNull::new(unsafe { ffi::misuse_vmalloc() }).map(Self)
    }

    fn free(self) {
        // SAFETY: The memory is of vmalloc, and freed once. That `vfree()` may sleep is a bug where this
        // is called, but not one of memory safety.
        unsafe { ffi::misuse_vfree(self.0.as_ptr()) };
    }
}
