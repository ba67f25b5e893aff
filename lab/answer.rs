// SPDX-License-Identifier: GPL-2.0

//! Answers: how one begins and ends, and which ones everybody can read.

use super::{
    command::keys::Key,
    output::{
        cell::Cell,
        text::Text, //
    },
    run::Run,
    stop::Stop,
    Task,
};
use core::fmt::{
    Display,
    Write, //
};
use kernel::{
    prelude::*,
    sync::Arc, //
};

/// What a command got: for people, and, if it ran, for programs.
pub(crate) struct Answer {
    report: Text,
    results: Text,
}

impl Answer {
    /// No answer yet.
    pub(crate) const fn empty() -> Self {
        Self {
            report: Text::new(),
            results: Text::new(),
        }
    }

    /// An answer for people only.
    pub(super) const fn of_text(report: Text) -> Self {
        Self {
            report,
            results: Text::new(),
        }
    }

    /// The answer to a command that did not run: one line with the reason.
    pub(crate) fn of_refusal(reason: &dyn Display) -> Result<Self> {
        let mut answer = Self::empty();
        writeln!(answer.report, "refused: {reason}").map_err(|_| ENOMEM)?;
        Ok(answer)
    }

    /// For people.
    pub(crate) fn report(&self) -> &[u8] {
        self.report.as_bytes()
    }

    /// For programs.
    pub(crate) fn results(&self) -> &[u8] {
        self.results.as_bytes()
    }
}

/// Writes what stands at the top of an answer: what was asked.
pub(super) fn begin(run: &mut Run<'_>, run_id: u64, task: &Task) -> Result<(), Stop> {
    let Task {
        scenario,
        arguments,
    } = task;
    run.answer
        .line(format_args!("run {run_id}: {}", scenario.name))?;
    run.answer.line(format_args!("{}", scenario.question))?;
    run.answer.object("begin", |object| {
        object.member(
            "kernel",
            Cell::Words(crate::platform::system::kernel_release()),
        )?;
        for parameter in scenario.parameters {
            let name = match parameter.key {
                // The object has a kind of its own.
                Key::Kind => "rule",
                key => key.name(),
            };
            object.member(name, Cell::Shown(&arguments.value_of(parameter.key)))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Writes what stands at the end of an answer: how the run ended, and what is still allocated.
///
/// What does not fit any more is missing: the answer then ends early, and the write says so.
pub(super) fn end(mut run: Run<'_>, ended: Result<(), Stop>, live_objects: u64) -> Answer {
    let status = match ended {
        Ok(()) if live_objects > 0 => "leaked",
        Ok(()) => "complete",
        Err(stop) => stop.name(),
    };
    let (allocations, elapsed_ns) = (run.allocations(), run.elapsed_ns());
    run.answer.end();
    let written = run.answer.line(format_args!("")).and_then(|()| {
        match ended {
            Ok(()) => run.answer.line(format_args!(
                "complete: {allocations} allocations, {live_objects} outstanding, {} ms",
                elapsed_ns / 1_000_000
            )),
            Err(stop) => run.answer.line(format_args!(
                "stopped: {stop}; after {allocations} allocations, {live_objects} outstanding, {} ms",
                elapsed_ns / 1_000_000
            )),
        }?;
        run.answer.object("end", |object| {
            object.member("status", Cell::Words(status))?;
            object.member(
                "reason",
                match &ended {
                    Ok(()) => Cell::Nothing,
                    Err(stop) => Cell::Shown(stop),
                },
            )?;
            object.member("allocations", Cell::Number(allocations))?;
            object.member("outstanding", Cell::Number(live_objects))?;
            object.member("elapsed_ns", Cell::Number(elapsed_ns))
        })
    });
    if written.is_err() {
        pr_warn!("the answer of a run is cut short: no memory, or no room\n");
    }
    let (report, results) = run.answer.finish();
    Answer { report, results }
}

/// The answers that everybody can read.
#[derive(Clone)]
pub(crate) struct Published {
    /// The last answer that is for people: of a run, or to a refused command.
    pub(crate) latest: Arc<Answer>,
    /// The answer of the last run.
    pub(crate) last_run: Arc<Answer>,
}

impl Published {
    /// What is there after a run.
    pub(super) fn of_run(answer: Arc<Answer>) -> Self {
        Self {
            latest: answer.clone(),
            last_run: answer,
        }
    }
}
