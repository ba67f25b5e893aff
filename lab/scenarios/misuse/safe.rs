// SPDX-License-Identifier: GPL-2.0

//! Beside every rule that can be broken: what safe code would have to be written to break it, and what
//! the compiler says to that.

use crate::{
    lab::{
        output::cell::{
            Cell,
            Column, //
        },
        run::Run,
        stop::Stop,
    },
    misuse::kind::Kind,
};

/// A rule, and the safe program that would break it.
struct Rule {
    /// The same in safe Rust.
    attempt: &'static str,
    /// The compiler's refusal; none if it takes the program.
    refusal: Option<Refusal>,
}

/// What the compiler says, and the test that tries it.
struct Refusal {
    /// The error's code.
    error: &'static str,
    /// The snippet of `tests/compile_fail`.
    proof: &'static str,
}

const fn refused(attempt: &'static str, error: &'static str, proof: &'static str) -> Rule {
    Rule {
        attempt,
        refusal: Some(Refusal { error, proof }),
    }
}

const fn accepted(attempt: &'static str) -> Rule {
    Rule {
        attempt,
        refusal: None,
    }
}

const fn rule_of(kind: Kind) -> Rule {
    match kind {
        Kind::ReadAfterFree => refused("drop(number); *number", "E0382", "use_after_free"),
        Kind::WriteAfterFree => refused(
            "let new = &mut *number; drop(number); *new = 7",
            "E0505",
            "write_while_freed",
        ),
        Kind::DoubleFree => refused("drop(number); drop(number)", "E0382", "double_free"),
        Kind::ReadOutOfBounds => refused("bytes.span()[100 - 1]", "E0608", "slack_by_index"),
        Kind::WriteOutOfBounds => refused(
            "let more: &mut [u8; 128] = &mut bytes",
            "E0308",
            "slack_by_type",
        ),
        Kind::KfreeOfPage => refused(
            "a PageBlock given to who frees a KmallocBox",
            "E0308",
            "free_of_page",
        ),
        Kind::VfreeOfKmalloc => refused(
            "a KmallocBox given to who frees a VmallocBox",
            "E0308",
            "vfree_of_another_family",
        ),
        Kind::KfreeOfVmalloc => refused(
            "a VmallocBox given to who frees a KmallocBox",
            "E0308",
            "free_of_another_family",
        ),
        Kind::FreeOfLargerOrder => refused("block.free(order)", "E0599", "free_with_order"),
        Kind::Leak => {
            accepted("core::mem::forget(number): leaking is safe, but has to be asked for")
        }
        Kind::ReadUninitialised => refused(
            "let _: u64 = *KmallocBox::new_uninit(Gfp::KERNEL)?",
            "E0308",
            "unwritten_value",
        ),
        Kind::SleepUnderSpinlock => {
            accepted("KmallocBox::new(7, Gfp::KERNEL): no type knows where it is called")
        }
        Kind::SleepInInterrupt => {
            accepted("KmallocBox::new(7, Gfp::KERNEL): no type knows where it is called")
        }
        Kind::VfreeUnderSpinlock => refused(
            "a VmallocBox made with Gfp::KERNEL, given to who frees without sleep",
            "E0308",
            "free_in_atomic",
        ),
    }
}

const COLUMNS: &[Column] = &[
    Column::left("rule", "rule", 20),
    Column::left("safe", "in safe Rust", 69),
    Column::left("error", "error", 5),
    Column::left("proof", "tests/compile_fail", 18),
];

/// Writes the head of the table.
pub(super) fn head(run: &mut Run<'_>) -> Result<(), Stop> {
    Ok(run.answer.head(COLUMNS)?)
}

/// Writes the row of a kind.
pub(super) fn row(run: &mut Run<'_>, kind: Kind) -> Result<(), Stop> {
    let rule = rule_of(kind);
    let word = |word: Option<&'static str>| word.map_or(Cell::Nothing, Cell::Words);
    let cells = [
        Cell::Words(kind.name()),
        Cell::Words(rule.attempt),
        word(rule.refusal.as_ref().map(|refusal| refusal.error)),
        word(rule.refusal.as_ref().map(|refusal| refusal.proof)),
    ];
    Ok(run.answer.row("safe_counterpart", COLUMNS, &cells)?)
}
