// SPDX-License-Identifier: GPL-2.0

//! Writes the answer of one run, in both forms.

use super::{
    cell::{
        Cell,
        Column, //
    },
    json::Object,
    table,
    text::Text,
};
use core::fmt::{self, Write};

/// The version of the form of the JSON Lines. It grows when a member goes away or changes meaning.
pub(crate) const SCHEMA_VERSION: u64 = 1;

/// The two forms of an answer.
pub(crate) struct Recorder {
    report: Text,
    results: Text,
    run_id: u64,
    scenario: &'static str,
}

impl Recorder {
    /// An answer in two texts that are empty so far.
    pub(crate) const fn new(
        report: Text,
        results: Text,
        run_id: u64,
        scenario: &'static str,
    ) -> Self {
        Self {
            report,
            results,
            run_id,
            scenario,
        }
    }

    /// Writes a line for people.
    pub(crate) fn line(&mut self, line: fmt::Arguments<'_>) -> fmt::Result {
        self.report.write_fmt(line)?;
        self.report.write_char('\n')
    }

    /// Writes an object for programs, of kind `kind`, whose members `write` adds.
    pub(crate) fn object(
        &mut self,
        kind: &str,
        write: impl FnOnce(&mut Object<'_>) -> fmt::Result,
    ) -> fmt::Result {
        let size_bytes = self.results.as_bytes().len();
        let written = self.write_object(kind, write);
        if written.is_err() {
            // Half a line would spoil the lines that follow.
            self.results.truncate(size_bytes);
        }
        written
    }

    fn write_object(
        &mut self,
        kind: &str,
        write: impl FnOnce(&mut Object<'_>) -> fmt::Result,
    ) -> fmt::Result {
        let mut object = Object::open(&mut self.results)?;
        object.member("schema", Cell::Number(SCHEMA_VERSION))?;
        object.member("run", Cell::Number(self.run_id))?;
        object.member("scenario", Cell::Words(self.scenario))?;
        object.member("kind", Cell::Words(kind))?;
        write(&mut object)?;
        object.close()
    }

    /// How many bytes there are for programs so far.
    pub(crate) fn results_bytes(&self) -> usize {
        self.results.as_bytes().len()
    }

    /// Lets what follows use the room that was kept for it.
    pub(crate) fn end(&mut self) {
        self.report.end();
        self.results.end();
    }

    /// Starts a table, with a blank line before it.
    pub(crate) fn head(&mut self, columns: &[Column]) -> fmt::Result {
        self.report.write_char('\n')?;
        table::write_head(&mut self.report, columns)
    }

    /// Writes a row of a table, and an object of kind `kind`.
    pub(crate) fn row(
        &mut self,
        kind: &str,
        columns: &[Column],
        cells: &[Cell<'_>],
    ) -> fmt::Result {
        table::write_row(&mut self.report, columns, cells)?;
        self.object(kind, |object| object.members(columns, cells))
    }

    /// Writes a row of a table, and an object of kind `kind` that has other members, too.
    pub(crate) fn row_and_more(
        &mut self,
        kind: &str,
        columns: &[Column],
        cells: &[Cell<'_>],
        more: &[(&str, Cell<'_>)],
    ) -> fmt::Result {
        table::write_row(&mut self.report, columns, cells)?;
        self.object(kind, |object| {
            object.members(columns, cells)?;
            more.iter()
                .try_for_each(|(key, cell)| object.member(key, *cell))
        })
    }

    /// Writes one figure a line, and an object of kind `kind`.
    pub(crate) fn list(
        &mut self,
        kind: &str,
        columns: &[Column],
        cells: &[Cell<'_>],
    ) -> fmt::Result {
        table::write_list(&mut self.report, columns, cells)?;
        self.object(kind, |object| object.members(columns, cells))
    }

    /// The finished answer: for people, and for programs.
    pub(crate) fn finish(self) -> (Text, Text) {
        (self.report, self.results)
    }
}
