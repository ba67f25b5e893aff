// SPDX-License-Identifier: GPL-2.0

//! The row for one flag: what was seen without it, and with it.

use crate::lab::{
    command::allocators::Allocator,
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    stop::Stop,
};

/// The columns of a flag.
pub(super) const COLUMNS: &[Column] = &[
    Column::left("flag", "flag", 13),
    Column::left("looked_at", "what was looked at", 32),
    Column::left("allocator", "allocator", 9),
    Column::right("without", "without", 7),
    Column::right("with", "with", 7),
    Column::left("verdict", "verdict", 12),
    Column::left("note", "note", 4),
];

/// The note where the memory to look at was not to be had.
pub(super) const NO_MEMORY: &str = "there was no memory to look at, or no budget for it";

/// Whether a flag's effect was seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It made a difference.
    Observed,
    /// It made none here.
    NotObserved,
}

/// How many of how many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) part: u64,
    pub(super) whole: u64,
}

impl Share {
    /// Whether it is all of them, or all of none.
    pub(super) const fn is_all(self) -> bool {
        self.part == self.whole
    }
}

/// What was seen of a flag.
pub(super) struct Row {
    pub(super) flag: &'static str,
    pub(super) looked_at: &'static str,
    pub(super) allocator: Option<Allocator>,
    /// How many of how many, without the flag.
    pub(super) without: Option<Share>,
    /// The same, with the flag.
    pub(super) with: Option<Share>,
    pub(super) verdict: Verdict,
    /// Why, or what it means; may be empty.
    pub(super) note: &'static str,
}

impl Row {
    /// A flag whose effect cannot be seen here, and why.
    pub(super) const fn unseen(
        flag: &'static str,
        looked_at: &'static str,
        note: &'static str,
    ) -> Self {
        Self {
            flag,
            looked_at,
            allocator: None,
            without: None,
            with: None,
            verdict: Verdict::NotObserved,
            note,
        }
    }

    /// Writes it.
    #[inline(never)]
    pub(super) fn write(&self, run: &mut Run<'_>) -> Result<(), Stop> {
        let share = |share: Option<Share>| {
            share.map_or(Cell::Nothing, |share| Cell::OutOf(share.part, share.whole))
        };
        let cells = [
            Cell::Words(self.flag),
            Cell::Words(self.looked_at),
            self.allocator
                .map_or(Cell::Nothing, |allocator| Cell::Words(allocator.name())),
            share(self.without),
            share(self.with),
            Cell::Words(match self.verdict {
                Verdict::Observed => "observed",
                Verdict::NotObserved => "not observed",
            }),
            Cell::Words(self.note),
        ];
        Ok(run.answer.row("flag", COLUMNS, &cells)?)
    }
}
