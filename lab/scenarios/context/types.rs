// SPDX-License-Identifier: GPL-2.0

//! What the library's types refuse of code that must not sleep, and what they cannot know.

use crate::lab::{
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    stop::Stop,
};

const REFUSED: &[Column] = &[
    Column::left("attempt", "does not compile", 69),
    Column::left("error", "error", 5),
    Column::left("refused_by", "for want of", 37),
    Column::left("proof", "tests/compile_fail", 8),
];

const UNKNOWN: &[Column] = &[
    Column::left("attempt", "compiles, and is a bug", 69),
    Column::left("found_by", "found by", 8),
];

/// What does not compile: the attempt, the compiler's error, what would be needed, and the test that
/// tries it.
const REFUSED_BY_TYPES: &[[&str; 4]] = &[
    [
        "VmallocBox<_, MaySleep> made with Gfp::ATOMIC",
        "E0308",
        "Gfp<MaySleep, Vmalloc>",
        "sleep_vmalloc",
    ],
    [
        "KvmallocBox<_, MaySleep> made with Gfp::NOWAIT",
        "E0308",
        "Gfp<MaySleep, Kvmalloc>",
        "sleep_kvmalloc",
    ],
    [
        "VmallocBox made with Gfp::KERNEL, given to who frees without sleep",
        "E0308",
        "VmallocBox<_, NonBlocking>",
        "free_in_atomic",
    ],
    [
        "KvmallocBox made with Gfp::KERNEL, given to who frees without sleep",
        "E0308",
        "KvmallocBox<_, NonBlocking>",
        "free_in_atomic_of_kvmalloc",
    ],
    [
        "VmallocBox::huge() with Gfp::ATOMIC",
        "E0308",
        "Gfp<MaySleep, Vmalloc>",
        "sleep_huge",
    ],
    [
        "PageRun::contiguous() with Gfp::NOWAIT",
        "E0308",
        "Gfp<MaySleep, ContiguousRange>",
        "sleep_contiguous",
    ],
    [
        "resize() of a VmallocBox made with Gfp::NOWAIT",
        "E0599",
        "VmallocMemory<NonBlocking>: Resizable",
        "sleep_resize",
    ],
    [
        "resize() of a VmallocBox with Gfp::ATOMIC",
        "E0308",
        "Gfp<MaySleep, Vmalloc>",
        "sleep_resize_gfp",
    ],
    [
        "Gfp::NOWAIT.retry_mayfail()",
        "E0599",
        "Gfp<MaySleep, _>",
        "gfp_retry_without_sleep",
    ],
    [
        "Gfp::ATOMIC.noretry()",
        "E0599",
        "Gfp<MaySleep, _>",
        "gfp_noretry_without_sleep",
    ],
];

/// What the types cannot know, since they do not know where they are used; and what finds it.
const NOT_KNOWN_TO_TYPES: &[[&str; 2]] = &[
    [
        "KmallocBox::bytes(size, Gfp::KERNEL) while a spinlock is held",
        "CONFIG_DEBUG_ATOMIC_SLEEP",
    ],
    [
        "dropping a VmallocBox<_, MaySleep> while a spinlock is held",
        "CONFIG_DEBUG_ATOMIC_SLEEP",
    ],
    [
        "VmallocBox::bytes(size, Gfp::ATOMIC) in a softirq, or under its locks",
        "CONFIG_PROVE_LOCKING; else, now and then, a deadlock",
    ],
    [
        "VmallocBox::bytes(size, Gfp::ATOMIC) in a hard interrupt",
        "BUG() in __get_vm_area_node()",
    ],
];

/// Writes both tables.
#[inline(never)]
pub(super) fn write(run: &mut Run<'_>) -> Result<(), Stop> {
    run.answer.head(REFUSED)?;
    for words in REFUSED_BY_TYPES {
        run.answer
            .row("refused_by_types", REFUSED, &words.map(Cell::Words))?;
    }
    run.answer.head(UNKNOWN)?;
    for words in NOT_KNOWN_TO_TYPES {
        run.answer
            .row("not_known_to_types", UNKNOWN, &words.map(Cell::Words))?;
    }
    Ok(())
}
