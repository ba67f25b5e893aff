// SPDX-License-Identifier: GPL-2.0

//! Whether this kernel survives a deed.
//!
//! What decides that is not exported to modules, so that it is read where users read it.

use super::kind::Kind;
use crate::platform::kernel_file::{
    number_in,
    words_in, //
};
use core::{
    ffi::CStr,
    fmt, //
};

/// Why a deed is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No kernel survives it.
    Never(&'static str),
    /// A setting makes the kernel panic where it would only report.
    Panics(&'static CStr),
    /// A boot option makes the kernel panic where it would only report.
    PanicsByBoot(&'static str),
    /// The slabs of this kernel do not survive it.
    Slab,
    /// A file that would tell cannot be read.
    Unknown(&'static CStr),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(reason) => f.write_str(reason),
            Self::Panics(path) => write!(
                f,
                "the kernel would panic, as {} says; set it to 0",
                text(path)
            ),
            Self::PanicsByBoot(option) => {
                write!(f, "the kernel would panic: it was booted with {option}")
            }
            Self::Slab => f.write_str(
                "the slabs of kmalloc-64 neither notice it (slab_debug=F, KASAN) nor have sheaves; \
                 set_freepointer() would end this task with a lock held",
            ),
            Self::Unknown(path) => write!(
                f,
                "{} cannot be read, which tells whether the kernel survives it",
                text(path)
            ),
        }
    }
}

fn text(path: &CStr) -> &str {
    path.to_str().unwrap_or_default()
}

/// What turns a report into a panic, unless it is 0.
const PANIC_SETTINGS: [&CStr; 3] = [
    c"/proc/sys/kernel/panic_on_warn",
    c"/proc/sys/kernel/panic_on_oops",
    c"/proc/sys/kernel/warn_limit",
];

/// The same by boot options that cannot be seen otherwise, with what they begin with.
const PANIC_OPTIONS: [&str; 3] = ["panic_on_taint=", "kasan.fault=panic", "kfence.fault=panic"];

/// Whether a boot option begins so: it may be quoted, and have dashes for underlines, as the kernel takes
/// it (`parameq()`, `kernel/params.c`).
fn begins(option: &str, beginning: &str) -> bool {
    let mut letters =
        option
            .trim_start_matches('"')
            .bytes()
            .map(|letter| if letter == b'-' { b'_' } else { letter });
    beginning
        .bytes()
        .all(|wanted| letters.next() == Some(wanted))
}

const COMMAND_LINE: &CStr = c"/proc/cmdline";

/// Says why a deed of this kind must not be done here and now.
///
/// Context: may sleep.
pub(crate) fn check(kind: Kind) -> Result<(), Refusal> {
    match kind {
        Kind::KfreeOfVmalloc => return Err(Refusal::Never(
            "kfree() takes vmalloc's address for one of the direct map, looks for its page in the \
                 wrong place, and follows what it finds there: an oops at best",
        )),
        Kind::FreeOfLargerOrder => return Err(Refusal::Never(
            "__free_pages() trusts the order, and frees the neighbours' pages under their feet: \
                 nobody notices until they are given away a second time",
        )),
        _ => {}
    }
    for path in PANIC_SETTINGS {
        match number_in(path) {
            Some(0) => {}
            Some(_) => return Err(Refusal::Panics(path)),
            None => return Err(Refusal::Unknown(path)),
        }
    }
    let options = words_in(COMMAND_LINE).ok_or(Refusal::Unknown(COMMAND_LINE))?;
    for panicking in PANIC_OPTIONS {
        if options.iter().any(|option| begins(option, panicking)) {
            return Err(Refusal::PanicsByBoot(panicking));
        }
    }
    if kind == Kind::DoubleFree {
        check_slabs()?;
    }
    Ok(())
}

const SANITY_CHECKS: &CStr = c"/sys/kernel/slab/kmalloc-64/sanity_checks";
const SHEAF_CAPACITY: &CStr = c"/sys/kernel/slab/kmalloc-64/sheaf_capacity";

/// A second `kfree()` is survived if it is noticed, or if it only puts the memory into a list of this
/// CPU twice (a sheaf), from where it can be taken again. In a slab's own list it is a `BUG()`.
fn check_slabs() -> Result<(), Refusal> {
    if cfg!(CONFIG_KASAN) || number_in(SANITY_CHECKS) == Some(1) {
        return Ok(());
    }
    match number_in(SHEAF_CAPACITY) {
        Some(0) => Err(Refusal::Slab),
        Some(_) => Ok(()),
        None => Err(Refusal::Unknown(SHEAF_CAPACITY)),
    }
}
