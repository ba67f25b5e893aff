// SPDX-License-Identifier: GPL-2.0

//! The laboratory: scenarios that allocate for real, and report what the kernel gave.

pub(crate) mod answer;
pub(crate) mod command;
pub(crate) mod environment;
mod gate;
mod ledger;
mod measure;
mod memory;
pub(crate) mod output;
mod pattern;
mod run;
pub(crate) mod scenario;
mod scenarios;
pub(crate) mod settings;
pub(crate) mod stats;

use answer::{
    Answer,
    Published, //
};
use command::{
    arguments::Arguments,
    complaint::{
        Complaint,
        Kind, //
    },
    Command,
};
use gate::Gate;
use kernel::{
    new_mutex,
    prelude::*,
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        Arc,
        Mutex, //
    },
};
use ledger::Ledger;
use memalloc::Node;
use output::recorder::Recorder;
use run::{
    Run,
    Stop,
    Unmet, //
};
use scenario::Scenario;
use settings::Settings;

/// The laboratory of one loaded module.
#[pin_data]
pub(crate) struct Lab {
    settings: Settings,
    ledger: Ledger,
    next_run_id: Atomic<u64>,
    #[pin]
    gate: Gate,
    #[pin]
    published: Mutex<Published>,
}

/// What became of a command: the answer for whoever gave it, and for `write(2)`.
pub(crate) struct Executed {
    /// What to read back.
    pub(crate) answer: Arc<Answer>,
    /// What the write returns.
    pub(crate) result: Result,
}

impl Lab {
    /// An idle laboratory.
    pub(crate) fn new(settings: Settings) -> Result<Arc<Self>> {
        let nothing = Arc::new(Answer::empty(), GFP_KERNEL)?;
        Arc::pin_init(
            pin_init!(Self {
                settings,
                ledger: Ledger::new(settings.max_live_bytes),
                next_run_id: Atomic::new(1),
                gate <- Gate::new(),
                published <- new_mutex!(Published::new(nothing), "Lab::published"),
            }),
            GFP_KERNEL,
        )
    }

    /// The answers that are there for everybody.
    pub(crate) fn published(&self) -> Published {
        self.published.lock().clone()
    }

    /// Runs a command, and returns when it is done.
    ///
    /// One command runs at a time; the others wait. A signal ends the wait and the run.
    ///
    /// # Errors
    ///
    /// `ENOMEM` if there is no memory for an answer; all other errors have one.
    ///
    /// Context: may sleep, for as long as the run and those before it take.
    pub(crate) fn execute(&self, bytes: &[u8]) -> Result<Executed> {
        match self.understand(bytes) {
            Ok(task) => self.perform(&task),
            Err(complaint) => self.refuse(complaint),
        }
    }

    /// Refuses a command of which only the size is known.
    pub(crate) fn refuse_size(&self, size_bytes: usize) -> Result<Executed> {
        self.refuse(Complaint::TooLong {
            size_bytes,
            max_bytes: command::MAX_BYTES,
        })
    }

    fn understand<'a>(&self, bytes: &'a [u8]) -> Result<Task, Complaint<'a>> {
        let command = Command::parse(bytes)?;
        let scenario = Scenario::find(command.scenario).ok_or(Complaint::UnknownScenario {
            name: command.scenario,
        })?;
        let arguments = Arguments::parse(command, scenario.parameters)?;
        let node = match arguments.node {
            None => Node::ANY,
            Some(id) => Node::online(id).ok_or(Complaint::NodeOffline { id })?,
        };
        Ok(Task {
            scenario,
            arguments,
            node,
        })
    }

    fn perform(&self, task: &Task) -> Result<Executed> {
        let Ok(_pass) = self.gate.enter() else {
            return self.turn_away();
        };
        let run_id = self.next_run_id.fetch_add(1, Relaxed);
        let answer = Recorder::new(run_id, task.scenario.name);
        let mut run = Run::start(&self.ledger, answer, &self.settings, task.node);
        let ended = answer::begin(&mut run, run_id, task)
            .and_then(|()| (task.scenario.run)(&mut run, &task.arguments));
        // A request that could never be met is a refused command: nothing ran.
        if let Err(stop @ Stop::Unmet(unmet)) = ended {
            if run.allocations() == 0 && !matches!(unmet, Unmet::No(memalloc::Reason::OutOfMemory))
            {
                return self.publish_refusal(Answer::of_refusal(&stop)?, stop.into());
            }
        }
        let live_objects = self.ledger.live_objects();
        let result = match (ended, live_objects) {
            (Ok(()), 0) => Ok(()),
            (Ok(()), _) => Err(EIO),
            (Err(stop), _) => Err(stop.into()),
        };
        let answer = Arc::new(answer::end(run, ended, live_objects), GFP_KERNEL)?;
        self.published.lock().finished(answer.clone());
        Ok(Executed { answer, result })
    }

    fn refuse(&self, complaint: Complaint<'_>) -> Result<Executed> {
        let errno = match complaint.kind() {
            Kind::Invalid => EINVAL,
            Kind::OutOfRange => ERANGE,
            Kind::TooLong => E2BIG,
        };
        self.publish_refusal(Answer::of_refusal(&complaint)?, errno)
    }

    /// Answers one whose wait was ended by a signal.
    fn turn_away(&self) -> Result<Executed> {
        let answer = Answer::of_refusal(&"a signal came while another run was under way")?;
        let answer = Arc::new(answer, GFP_KERNEL)?;
        Ok(Executed {
            answer,
            result: Err(ECANCELED),
        })
    }

    fn publish_refusal(&self, answer: Answer, errno: Error) -> Result<Executed> {
        let answer = Arc::new(answer, GFP_KERNEL)?;
        self.published.lock().refused(answer.clone());
        Ok(Executed {
            answer,
            result: Err(errno),
        })
    }
}

/// A command that was understood.
pub(crate) struct Task {
    scenario: &'static Scenario,
    arguments: Arguments,
    node: Node,
}
