// SPDX-License-Identifier: GPL-2.0

//! The laboratory's files in debugfs: commands in, text out; and the module's parameters.
//!
//! ```text
//! /sys/kernel/debug/rust_memalloc/
//!     run            write a command, read its answer from the same open file
//!     report         the last answer, for people
//!     results        the last run, as JSON Lines
//!     scenarios      what can be run
//!     held           memory that is held under a name: allocate, look, free
//!     stats          what was allocated and freed
//!     progress       how far the run has come that is under way
//!     environment    what changes the results
//!     version        of the interface, and of the module
//! ```

mod commands;
mod documents;
pub(crate) mod parameters;

use crate::{
    lab::Lab,
    platform::{
        debugfs::Directory,
        releases::ModuleMetadata, //
    },
};
use commands::{
    CommandFile,
    HeldCommands,
    RunCommands, //
};
use kernel::{
    prelude::*,
    sync::Arc, //
};

/// The version of the files' names and forms, and of the commands. It grows with every change that
/// could break a user.
pub(crate) const ABI_VERSION: u32 = 1;

/// The files. They go away when this is dropped.
pub(crate) struct Interface<M> {
    _directory: Option<Directory<M, Lab>>,
}

impl<M: ModuleMetadata> Interface<M> {
    /// Creates the files.
    ///
    /// It does not fail: without debugfs the module has no interface, and the log says why. It has
    /// to be the last step of loading, for whoever opens a file may go on to use the laboratory.
    pub(crate) fn new(lab: Arc<Lab>) -> Self {
        let directory = Directory::create(c"rust_memalloc", lab)
            .and_then(|directory| {
                add_files(&directory)?;
                Ok(directory)
            })
            .inspect_err(|error| pr_warn!("no files in debugfs: {error:?}\n"));
        Self {
            _directory: directory.ok(),
        }
    }
}

fn add_files<M: ModuleMetadata>(directory: &Directory<M, Lab>) -> Result {
    directory.add::<CommandFile<RunCommands>>(c"run")?;
    directory.add::<CommandFile<HeldCommands>>(c"held")?;
    directory.add::<documents::Progress>(c"progress")?;
    directory.add::<documents::Report>(c"report")?;
    directory.add::<documents::Results>(c"results")?;
    directory.add::<documents::Scenarios>(c"scenarios")?;
    directory.add::<documents::Stats>(c"stats")?;
    directory.add::<documents::Environment>(c"environment")?;
    directory.add::<documents::Version>(c"version")
}
