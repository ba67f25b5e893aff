// SPDX-License-Identifier: GPL-2.0

//! The laboratory: scenarios that allocate for real, and report what the kernel gave.

pub(crate) mod answer;
mod booked;
pub(crate) mod command;
pub(crate) mod environment;
mod frames;
mod gate;
mod gfp;
pub(crate) mod held;
mod ledger;
mod measure;
mod memory;
pub(crate) mod output;
mod pattern;
mod progress;
mod quantity;
mod run;
pub(crate) mod scenario;
mod scenarios;
pub(crate) mod settings;
pub(crate) mod stats;
mod stop;
mod timing;

use crate::platform::{
    errno,
    task::OomOrigin, //
};
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
    keys::Key,
    Command,
};
use core::{
    fmt,
    mem, //
};
use gate::Gate;
use held::HeldTable;
use kernel::{
    new_mutex,
    page::PAGE_SIZE,
    prelude::*,
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        Arc,
        Mutex,
        UniqueArc, //
    },
};
use ledger::{
    Ledger,
    Purpose, //
};
use memalloc::{
    Node,
    Order, //
};
use memory::Request;
use output::{
    recorder::Recorder,
    text::Text, //
};
use progress::Progress;
use run::Run;
use scenario::Scenario;
use scenarios::misuse::{
    self,
    Forbidden, //
};
use settings::Settings;
use stop::{
    Stop,
    Unmet,
    Why, //
};

/// The laboratory of one loaded module.
#[pin_data]
pub(crate) struct Lab {
    settings: Settings,
    ledger: Arc<Ledger>,
    next_run_id: Atomic<u64>,
    #[pin]
    gate: Gate,
    #[pin]
    progress: Progress,
    #[pin]
    held: HeldTable,
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
        let ledger = Arc::new(Ledger::new(settings.max_live_bytes), GFP_KERNEL)?;
        Arc::pin_init(
            pin_init!(Self {
                settings,
                ledger,
                next_run_id: Atomic::new(1),
                gate <- Gate::new(),
                progress <- Progress::new(),
                held <- HeldTable::new(),
                published <- new_mutex!(Published::of_run(nothing), "Lab::published"),
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

    // Apart from `execute`, whose frame would be that of all three.
    #[inline(never)]
    fn understand<'a>(&self, bytes: &'a [u8]) -> Result<Task, Complaint<'a>> {
        let command = Command::parse(bytes)?;
        let scenario = Scenario::find(command.scenario).ok_or(Complaint::UnknownScenario {
            name: command.scenario,
        })?;
        let arguments = Arguments::parse(command, scenario.parameters)?;
        node_of(&arguments)?;
        check_order(&arguments)?;
        Ok(Task {
            scenario,
            arguments,
        })
    }

    #[inline(never)]
    fn perform(&self, task: &Task) -> Result<Executed> {
        if let Err(forbidden) = self.permit(task) {
            return self.refuse_for(&forbidden, EPERM);
        }
        if let Err(unmet) = self.check(task) {
            return self.refuse_for(&unmet, Stop::Unmet(unmet).into());
        }
        let Ok(_pass) = self.gate.enter() else {
            let reason = "a signal came while another run was under way";
            return self.refuse_for(&reason, errno::canceled());
        };
        // The wait may have been long: a setting may be another, a node may have gone offline.
        if let Err(forbidden) = self.permit(task) {
            return self.refuse_for(&forbidden, EPERM);
        }
        let node = match node_of(&task.arguments) {
            Ok(node) => node,
            Err(complaint) => return self.refuse(complaint),
        };
        // Room for the answer comes first: what was found must not be lost for want of it.
        let room = UniqueArc::new_uninit(GFP_KERNEL)?;
        let (report, results) = (Text::with_reserve()?, Text::with_reserve()?);
        let run_id = self.next_run_id.fetch_add(1, Relaxed);
        let answer = Recorder::new(report, results, run_id, task.scenario.name);
        let _origin = OomOrigin::claim();
        self.progress.begin(run_id, task.scenario.name);
        let mut run = Run::start(&self.ledger, &self.progress, answer, &self.settings, node);
        let ended = answer::begin(&mut run, run_id, task)
            .and_then(|()| (task.scenario.run)(&mut run, &task.arguments));
        self.progress.end();
        let live_objects = self.ledger.live_objects(Purpose::Run);
        let result = match (ended, live_objects) {
            (Ok(()), 0) => Ok(()),
            (Ok(()), _) => Err(EIO),
            (Err(stop), _) => Err(stop.into()),
        };
        let answer = Arc::from(room.write(answer::end(run, ended, live_objects)));
        self.publish(Published::of_run(answer.clone()));
        Ok(Executed { answer, result })
    }

    /// Writes how far the run has come that is under way.
    pub(crate) fn write_progress(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        self.progress.write(to)
    }

    /// Says why the one request that a task is about could never be met, if that is so.
    ///
    /// Tasks that are about many sizes tell it for each size.
    fn check(&self, task: &Task) -> Result<(), Unmet> {
        let Task {
            scenario,
            arguments,
        } = task;
        if !scenario.takes(Key::Size) {
            return Ok(());
        }
        let size_bytes = arguments.wanted_bytes(PAGE_SIZE as u64);
        for allocator in arguments.allocators.iter() {
            let request = Request::of(arguments, allocator, size_bytes, Node::ANY);
            request
                .check()
                .map_err(|refusal| Unmet::new(&request, Why::Refused(refusal)))?;
            self.ledger
                .check(request.charge_bytes())
                .map_err(|over| Unmet::new(&request, Why::OverLimit(over)))?;
        }
        Ok(())
    }

    /// Says why a rule must not be broken, if the task is to break one.
    fn permit(&self, task: &Task) -> Result<(), Forbidden> {
        misuse::permit(&self.settings, &task.arguments)
    }

    fn refuse(&self, complaint: Complaint<'_>) -> Result<Executed> {
        let errno = match complaint.kind() {
            Kind::Invalid => EINVAL,
            Kind::OutOfRange => ERANGE,
            Kind::TooLong => E2BIG,
            Kind::Taken => EEXIST,
            Kind::Unknown => ENOENT,
            Kind::Full => ENOSPC,
        };
        self.refuse_for(&complaint, errno)
    }

    /// Answers that nothing was run, and why.
    fn refuse_for(&self, reason: &dyn fmt::Display, errno: Error) -> Result<Executed> {
        let answer = Arc::new(Answer::of_refusal(reason)?, GFP_KERNEL)?;
        // The last run stays, whichever that is by now.
        let old = mem::replace(&mut self.published.lock().latest, answer.clone());
        drop(old);
        Ok(Executed {
            answer,
            result: Err(errno),
        })
    }

    /// Replaces what everybody can read. The old answers may be large, and are dropped only when the
    /// lock is free again.
    fn publish(&self, published: Published) {
        let old = mem::replace(&mut *self.published.lock(), published);
        drop(old);
    }
}

/// The node that the arguments name.
fn node_of(arguments: &Arguments) -> Result<Node, Complaint<'static>> {
    match arguments.node {
        None => Ok(Node::ANY),
        Some(id) => Node::online(id).ok_or(Complaint::NodeOffline { id }),
    }
}

/// Refuses orders that no block has.
fn check_order(arguments: &Arguments) -> Result<(), Complaint<'static>> {
    let max = Order::MAX.get();
    match arguments.order {
        Some(order) if order > max => Err(Complaint::OrderTooLarge { order, max }),
        _ => Ok(()),
    }
}

/// A command that was understood.
pub(crate) struct Task {
    scenario: &'static Scenario,
    arguments: Arguments,
}
