// SPDX-License-Identifier: GPL-2.0

//! Memory that is held under a name, for people to look at with other tools, until they free it.

mod holding;

use super::{
    answer::Answer,
    booked::{
        self,
        Live, //
    },
    check_order,
    command::{
        arguments::Arguments,
        complaint::Complaint,
        keys::{
            Key,
            Parameter, //
        },
        name::Name,
        Command,
    },
    ledger::Purpose,
    memory::Request,
    node_of,
    output::{
        table,
        text::Text, //
    },
    stop::Stop,
    Executed,
    Lab, //
};
use crate::platform::task::{
    self,
    OomOrigin, //
};
use core::fmt::{
    self,
    Write, //
};
use holding::{
    Holding,
    COLUMNS, //
};
use kernel::{
    alloc::kvec::PushError,
    new_mutex,
    page::PAGE_SIZE,
    prelude::*,
    sync::{
        Arc,
        Mutex,
        UniqueArc, //
    },
};

/// The most names that are held at once.
const MAX_NAMES: usize = 256;

const ALLOC: &[Parameter] = &[
    Parameter::new(Key::Name, ""),
    Parameter::new(Key::Allocator, "kmalloc"),
    Parameter::new(Key::Size, "4k"),
    Parameter::new(Key::Order, "none"),
    Parameter::new(Key::Count, "1"),
    Parameter::new(Key::Gfp, "kernel"),
    Parameter::new(Key::Node, "any"),
    Parameter::new(Key::Align, "1"),
    Parameter::new(Key::Zero, "no"),
];

const FREE: &[Parameter] = &[Parameter::new(Key::Name, "")];

/// What is held. It is freed when this is dropped, on unloading at the latest.
#[pin_data]
pub(crate) struct HeldTable {
    #[pin]
    holdings: Mutex<KVec<KBox<Holding>>>,
}

impl HeldTable {
    /// Nothing is held.
    pub(super) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            holdings <- new_mutex!(KVec::new(), "HeldTable::holdings"),
        })
    }

    fn has(&self, name: Name) -> bool {
        self.holdings.lock().iter().any(|one| one.name == name)
    }

    /// Takes the holding out of the table.
    fn take(&self, name: Name) -> Option<KBox<Holding>> {
        let mut holdings = self.holdings.lock();
        let index = holdings.iter().position(|one| one.name == name)?;
        holdings.remove(index).ok()
    }

    /// Takes any holding out of the table.
    fn take_any(&self) -> Option<KBox<Holding>> {
        self.holdings.lock().pop()
    }
}

impl Lab {
    /// Carries out a command on what is held. It does not wait for a run.
    ///
    /// # Errors
    ///
    /// `ENOMEM` if there is no memory for an answer; all other errors have one.
    ///
    /// Context: may sleep.
    pub(crate) fn execute_on_held(&self, bytes: &[u8]) -> Result<Executed> {
        // Room for the answer comes first: what was changed must be told.
        let room = UniqueArc::new_uninit(GFP_KERNEL)?;
        let mut table = Text::with_reserve()?;
        match self.change_held(bytes) {
            Ok(Ok(())) => {
                if self.write_held(&mut table).is_err() {
                    table.end();
                    writeln!(table, "(there was no memory for more of the table)")?;
                }
                Ok(Executed {
                    answer: Arc::from(room.write(Answer::of_text(table))),
                    result: Ok(()),
                })
            }
            Ok(Err(stop)) => self.refuse_for(&stop, stop.into()),
            Err(complaint) => self.refuse(complaint),
        }
    }

    fn change_held<'a>(&self, bytes: &'a [u8]) -> Result<Result<(), Stop>, Complaint<'a>> {
        let command = Command::parse(bytes)?;
        match command.scenario {
            "alloc" => self.hold(command),
            "free" if command.is_followed_by("all") => {
                // What is added meanwhile is not waited for.
                for _ in 0..MAX_NAMES {
                    drop(self.held.take_any());
                }
                Ok(Ok(()))
            }
            "free" => {
                let arguments = Arguments::parse(command, FREE)?;
                let name = arguments
                    .name
                    .ok_or(Complaint::MissingKey { key: Key::Name })?;
                let holding = self.held.take(name);
                drop(holding.ok_or(Complaint::NameUnknown { name })?);
                Ok(Ok(()))
            }
            verb => Err(Complaint::UnknownVerb { verb }),
        }
    }

    fn hold<'a>(&self, command: Command<'a>) -> Result<Result<(), Stop>, Complaint<'a>> {
        let arguments = Arguments::parse(command, ALLOC)?;
        let name = arguments
            .name
            .ok_or(Complaint::MissingKey { key: Key::Name })?;
        let given = arguments.allocators;
        let allocator = given.single().ok_or(Complaint::OneAllocator { given })?;
        let node = node_of(&arguments)?;
        check_order(&arguments)?;
        if self.held.has(name) {
            return Err(Complaint::NameTaken { name });
        }
        let size_bytes = arguments.wanted_bytes(PAGE_SIZE as u64);
        let request = Request::of(&arguments, allocator, size_bytes, node);
        let holding = match self.allocate_all(name, request, arguments.count) {
            Ok(holding) => holding,
            Err(stop) => return Ok(Err(stop)),
        };
        let mut holdings = self.held.holdings.lock();
        // Somebody may have been faster. Whatever is not added is freed when the lock is free again.
        if holdings.iter().any(|one| one.name == name) {
            drop(holdings);
            drop(holding);
            return Err(Complaint::NameTaken { name });
        }
        if holdings.len() >= MAX_NAMES {
            drop(holdings);
            drop(holding);
            return Err(Complaint::TooManyNames { max: MAX_NAMES });
        }
        let left_over = match holdings.reserve(1, GFP_KERNEL | __GFP_NOWARN) {
            Ok(()) => holdings
                .push_within_capacity(holding)
                .map_err(|PushError(holding)| holding)
                .err(),
            Err(_) => Some(holding),
        };
        drop(holdings);
        Ok(match left_over {
            None => Ok(()),
            Some(_holding) => Err(Stop::AnswerFailed),
        })
    }

    /// Allocates `count` times, all or nothing.
    fn allocate_all(
        &self,
        name: Name,
        request: Request,
        count: u64,
    ) -> Result<KBox<Holding>, Stop> {
        // Nobody else is to pay for what is asked for here.
        let _origin = OomOrigin::claim();
        let mut holding = KBox::new(Holding::new(name, request), GFP_KERNEL)?;
        for _ in 0..count {
            task::yield_if_needed();
            if task::signal_pending() {
                return Err(Stop::Cancelled);
            }
            let (memory, receipt) =
                booked::allocate(&self.ledger, Purpose::Hold, &request, || request.allocate())?;
            holding.add(Live::new(memory, receipt))?;
        }
        Ok(holding)
    }

    /// Writes the table of what is held.
    pub(crate) fn write_held(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        table::write_head(to, COLUMNS)?;
        for holding in self.held.holdings.lock().iter() {
            holding.write(to)?;
        }
        Ok(())
    }
}

/// How to change what is held.
pub(crate) fn write_syntax(to: &mut dyn fmt::Write) -> fmt::Result {
    writeln!(to)?;
    writeln!(to, "alloc name=N [key=value ...], free name=N, or free all")?;
    for parameter in ALLOC {
        let key = parameter.key;
        let default = match parameter.default {
            "" => "...",
            default => default,
        };
        writeln!(
            to,
            "    {}={default}  {}: {}",
            key.name(),
            parameter.meaning,
            key.accepts()
        )?;
    }
    Ok(())
}
