// SPDX-License-Identifier: GPL-2.0

//! The shape that all paths have: a loop around an allocation and its free.

use core::arch::asm;
use kernel::{
    ffi::c_int,
    prelude::*, //
};

/// Allocates and frees `rounds` times; returns 0, or a negative errno.
///
/// `amount` is what the operation takes: bytes, elements, or an order.
pub(crate) type Path = unsafe extern "C" fn(rounds: usize, amount: usize) -> c_int;

/// What a path returns that has no such operation.
pub(crate) const NOT_THERE: Error = ENOTSUPP;

/// Does `pass` that many times. The counterpart in C is `DEFINE_PATH`.
#[inline(always)]
pub(crate) fn repeat(rounds: usize, mut pass: impl FnMut() -> Result) -> c_int {
    for _ in 0..rounds {
        if let Err(error) = pass() {
            return error.to_errno();
        }
    }
    // As C does, rather than have a 0 ready in each round.
    hide(0) as c_int
}

/// As far as the compiler knows, somebody else now has the pointer. It costs no instruction.
///
/// `core::hint::black_box()` would write the pointer to the stack, which C's barrier does not.
#[inline(always)]
pub(crate) fn escape<T>(pointer: *const T) {
    // SAFETY: There is no instruction.
    unsafe { asm!("/* {0} */", in(reg) pointer, options(nostack, preserves_flags)) };
}

/// Keeps a value as it is up to here, without letting it escape. It costs no instruction.
#[inline(always)]
pub(crate) fn barrier<T>(_value: T) {
    // SAFETY: There is no instruction.
    unsafe { asm!("", options(nostack, preserves_flags)) };
}

/// Makes the compiler forget what it knows of a number, like `OPTIMIZER_HIDE_VAR()`, and each time
/// anew: were it `pure`, what follows from the number could leave the loop.
#[inline(always)]
pub(crate) fn hide(mut number: usize) -> usize {
    // SAFETY: There is no instruction.
    unsafe { asm!("/* {0} */", inout(reg) number, options(nomem, nostack, preserves_flags)) };
    number
}

/// The loop, and nothing in it.
pub(crate) extern "C" fn empty(rounds: usize, _amount: usize) -> c_int {
    repeat(rounds, || {
        barrier(());
        Ok(())
    })
}
