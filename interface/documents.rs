// SPDX-License-Identifier: GPL-2.0

//! The files that are only read. What a reader sees is as it was when the file was opened.

use super::ABI_VERSION;
use crate::{
    lab::{
        answer::Answer,
        output::{
            recorder::SCHEMA_VERSION,
            text::Text, //
        },
        scenario::SCENARIOS,
        Lab,
    },
    platform::debugfs::{
        Kind,
        OpenFile, //
    },
};
use core::fmt::{self, Write};
use kernel::{
    prelude::*,
    sync::Arc,
    uaccess::UserSliceWriter, //
};

/// Copies to user space what `content` has from `position` on.
pub(super) fn copy_from(
    content: &[u8],
    position: usize,
    destination: &mut UserSliceWriter,
) -> Result<usize> {
    let rest = content.get(position..).unwrap_or_default();
    let copied = rest.get(..destination.len()).unwrap_or(rest);
    destination.write_slice(copied)?;
    Ok(copied.len())
}

/// Defines a file that shows a part of the last answer.
macro_rules! answer_file {
    ($(#[$doc:meta])* $name:ident, $which:ident, $part:ident) => {
        $(#[$doc])*
        pub(super) struct $name(Arc<Answer>);

        impl OpenFile for $name {
            type Shared = Lab;
            const KIND: Kind = Kind::Document;

            fn open(lab: Arc<Lab>) -> Result<Pin<KBox<Self>>> {
                Ok(KBox::pin(Self(lab.published().$which), GFP_KERNEL)?)
            }

            fn read(&self, position: usize, destination: &mut UserSliceWriter) -> Result<usize> {
                copy_from(self.0.$part(), position, destination)
            }
        }
    };
}

answer_file! {
    /// `report`: the last answer, for people.
    Report, latest, report
}

answer_file! {
    /// `results`: the last run, for programs.
    Results, last_run, results
}

/// Defines a file whose text is written when it is opened.
macro_rules! text_file {
    ($(#[$doc:meta])* $name:ident, $write:expr) => {
        $(#[$doc])*
        pub(super) struct $name(Text);

        impl OpenFile for $name {
            type Shared = Lab;
            const KIND: Kind = Kind::Document;

            fn open(lab: Arc<Lab>) -> Result<Pin<KBox<Self>>> {
                let write: fn(&Lab, &mut dyn Write) -> fmt::Result = $write;
                let mut text = Text::new();
                write(&lab, &mut text).map_err(|_| ENOMEM)?;
                Ok(KBox::pin(Self(text), GFP_KERNEL)?)
            }

            fn read(&self, position: usize, destination: &mut UserSliceWriter) -> Result<usize> {
                copy_from(self.0.as_bytes(), position, destination)
            }
        }
    };
}

text_file! {
    /// `stats`: what was allocated and freed.
    Stats, Lab::write_stats
}

text_file! {
    /// `progress`: how far the run has come that is under way.
    Progress, Lab::write_progress
}

text_file! {
    /// `environment`: what changes the results.
    Environment, Lab::write_environment
}

text_file! {
    /// `scenarios`: what can be run.
    Scenarios, |_, to| write_scenarios(to)
}

text_file! {
    /// `version`: of the interface, of the results, and of the module.
    Version, |_, to| {
        writeln!(to, "abi {ABI_VERSION}")?;
        writeln!(to, "results {SCHEMA_VERSION}")?;
        writeln!(to, "module {}", crate::VERSION)
    }
}

/// Writes the table of scenarios.
pub(super) fn write_scenarios(to: &mut dyn Write) -> fmt::Result {
    for (index, scenario) in SCENARIOS.iter().enumerate() {
        if index > 0 {
            writeln!(to)?;
        }
        writeln!(to, "{}: {}", scenario.name, scenario.question)?;
        for parameter in scenario.parameters {
            let key = parameter.key;
            writeln!(
                to,
                "    {}={}  {}: {}",
                key.name(),
                parameter.default,
                parameter.meaning,
                key.accepts()
            )?;
        }
    }
    Ok(())
}
