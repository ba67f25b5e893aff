// SPDX-License-Identifier: GPL-2.0

//! The first lines of what the kernel reports, and who says so. Pure, so that its tests run on the
//! host.

/// What in the kernel notices misuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detector {
    /// The kernel address sanitizer.
    Kasan,
    /// The sampling guard of slab objects.
    Kfence,
    /// The slab allocator's own checks (`slab_debug=`).
    Slub,
    /// `CONFIG_DEBUG_ATOMIC_SLEEP`.
    AtomicSleep,
    /// `CONFIG_PROVE_LOCKING`.
    Lockdep,
    /// The undefined behaviour sanitizer.
    Ubsan,
    /// A `WARN_ON()` of the function that was misused.
    Warning,
    /// Something else.
    Other,
}

impl Detector {
    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kasan => "KASAN",
            Self::Kfence => "KFENCE",
            Self::Slub => "SLUB_DEBUG",
            Self::AtomicSleep => "DEBUG_ATOMIC_SLEEP",
            Self::Lockdep => "lockdep",
            Self::Ubsan => "UBSAN",
            Self::Warning => "WARN",
            Self::Other => "BUG",
        }
    }
}

/// The first line of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Headline<'a> {
    /// Who reports.
    pub(crate) detector: Detector,
    /// What, without the place in the code, which can be an address.
    pub(crate) text: &'a str,
}

/// What lockdep's reports begin with, besides `WARNING: ` and `[ BUG: `.
const LOCKDEP: [&str; 7] = [
    "possible circular locking",
    "possible recursive locking",
    "possible irq lock inversion",
    "inconsistent lock state",
    "suspicious RCU usage",
    "bad unlock balance",
    "Nested lock was not taken",
];

impl<'a> Headline<'a> {
    /// The headline in a line of the log, if it is one.
    pub(crate) fn in_line(line: &'a str) -> Option<Self> {
        let line = without_stamps(line);
        let of = |detector, text: &'a str| {
            let text = [" in ", " at ", " for "].iter().fold(text, |text, place| {
                text.split_once(place).map_or(text, |(what, _)| what)
            });
            Some(Self { detector, text })
        };
        if let Some(text) = line.strip_prefix("BUG: KASAN: ") {
            return of(Detector::Kasan, text);
        }
        if let Some(text) = line.strip_prefix("BUG: KFENCE: ") {
            return of(Detector::Kfence, text);
        }
        if let Some(text) = line.strip_prefix("UBSAN: ") {
            return of(Detector::Ubsan, text);
        }
        if let Some(text) = line.strip_prefix("[ BUG: ") {
            return of(Detector::Lockdep, text.trim_end_matches([' ', ']', '!']));
        }
        if let Some(text) = line.strip_prefix("BUG: ") {
            let detector = match text.starts_with("sleeping function called") {
                true => Detector::AtomicSleep,
                false => Detector::Other,
            };
            return of(detector, text);
        }
        if let Some(text) = line.strip_prefix("WARNING: ") {
            let detector = match LOCKDEP.iter().any(|start| text.starts_with(start)) {
                true => Detector::Lockdep,
                false => Detector::Warning,
            };
            return of(detector, text);
        }
        // [WHAT overwritten] FROM-TO …, which the next line calls an object that is corrupt.
        if let Some((text, _place)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            return match text.ends_with(" overwritten") {
                true => of(Detector::Slub, text),
                false => None,
            };
        }
        // BUG CACHE (TAINTS): WHAT
        let (_cache, text) = line.strip_prefix("BUG ")?.split_once(" (")?;
        let (_taints, text) = text.split_once("): ")?;
        of(Detector::Slub, text)
    }
}

/// The line without the time, the CPU and the task that may stand before it.
fn without_stamps(line: &str) -> &str {
    let is_stamp = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'.' | b'T' | b'C'))
    };
    let mut rest = line;
    while let Some((stamp, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        if !is_stamp(stamp) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_tell_who_reports_what() {
        for (line, expected) in [
            (
                "[    7.123456] BUG: KASAN: slab-use-after-free in misuse_read_after_free+0x2b/0x60 [m]",
                Some((Detector::Kasan, "slab-use-after-free")),
            ),
            (
                "[   71.123456][  T123] BUG: KFENCE: use-after-free read in read_after_free+0x1/0x2",
                Some((Detector::Kfence, "use-after-free read")),
            ),
            (
                "[    7.1] BUG kmalloc-64 (Tainted: G     U     OE      ): Poison overwritten",
                Some((Detector::Slub, "Poison overwritten")),
            ),
            (
                "[   18.6] [kmalloc Redzone overwritten] 0xff16-0xff16 @offset=3196. First byte 0x5c",
                Some((Detector::Slub, "kmalloc Redzone overwritten")),
            ),
            (
                "BUG kmalloc-64 (Not tainted): Object already free",
                Some((Detector::Slub, "Object already free")),
            ),
            (
                "[    7.1] BUG: sleeping function called from invalid context at mm/vmalloc.c:3477",
                Some((
                    Detector::AtomicSleep,
                    "sleeping function called from invalid context",
                )),
            ),
            (
                "[    7.1] WARNING: mm/slub.c:6734 at free_large_kmalloc+0xb0/0xc0, CPU#0: sh/98",
                Some((Detector::Warning, "mm/slub.c:6734")),
            ),
            (
                "[    7.1] WARNING: inconsistent lock state",
                Some((Detector::Lockdep, "inconsistent lock state")),
            ),
            (
                "[    7.1] [ BUG: Invalid wait context ]",
                Some((Detector::Lockdep, "Invalid wait context")),
            ),
            (
                "UBSAN: array-index-out-of-bounds in mm/x.c:1:2",
                Some((Detector::Ubsan, "array-index-out-of-bounds")),
            ),
            (
                "[    7.1] BUG: unable to handle page fault for address: ffff888000000000",
                Some((Detector::Other, "unable to handle page fault")),
            ),
            ("[    7.1] rust_memalloc: misuse: BUG: KASAN: not at its place", None),
            ("[    7.1] BUG with a bracket (but no colon)", None),
            ("[    7.1] [<ffffffff81000000>] somewhere", None),
            ("[    7.1] Call Trace:", None),
            ("[", None),
            ("", None),
        ] {
            let found = Headline::in_line(line);
            assert_eq!(
                found.map(|headline| (headline.detector, headline.text)),
                expected,
                "{line}"
            );
        }
    }
}
