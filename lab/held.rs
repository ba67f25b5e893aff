// SPDX-License-Identifier: GPL-2.0

//! Memory that is held under a name, for people to look at with other tools, until they free it.

use super::{
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
        cell::{
            Cell,
            Column, //
        },
        table,
    },
    run::Live,
    stop::{
        Stop,
        Unmet,
        Why, //
    },
    Executed,
    Lab, //
};
use crate::platform::task;
use core::fmt;
use kernel::{
    new_mutex,
    page::PAGE_SIZE,
    prelude::*,
    sync::Mutex,
    time::{
        Instant,
        Monotonic, //
    },
};
use memalloc::{
    inspect::Runs,
    Reason, //
};

/// The most names that are held at once.
const MAX_NAMES: usize = 256;

const ALLOC: &[Parameter] = &[
    Parameter {
        key: Key::Name,
        default: "",
    },
    Parameter {
        key: Key::Allocator,
        default: "kmalloc",
    },
    Parameter {
        key: Key::Size,
        default: "4k",
    },
    Parameter {
        key: Key::Order,
        default: "none",
    },
    Parameter {
        key: Key::Count,
        default: "1",
    },
    Parameter {
        key: Key::Gfp,
        default: "kernel",
    },
    Parameter {
        key: Key::Node,
        default: "any",
    },
    Parameter {
        key: Key::Align,
        default: "1",
    },
    Parameter {
        key: Key::Zero,
        default: "no",
    },
];

const FREE: &[Parameter] = &[Parameter {
    key: Key::Name,
    default: "",
}];

const COLUMNS: &[Column] = &[
    Column::left("name", "name", 24),
    Column::left("allocator", "allocator", 9),
    Column::left("served_by", "served by", 9),
    Column::right("size_bytes", "size", 9),
    Column::right("count", "count", 6),
    Column::right("usable_bytes", "usable", 9),
    Column::right("runs", "runs", 6),
    Column::right("longest_run_pages", "longest", 7),
    Column::right("node", "node", 4),
    Column::right("age_s", "age s", 7),
];

/// Allocations under one name.
struct Holding {
    name: Name,
    request: Request,
    since: Instant<Monotonic>,
    figures: Figures,
    live: KVVec<Live>,
}

/// What the table shows of the allocations: the sum, or the worst.
#[derive(Clone, Copy, Default)]
struct Figures {
    usable_bytes: u64,
    runs: u64,
    longest_run_pages: u64,
    first_node: u32,
}

impl Drop for Holding {
    fn drop(&mut self) {
        while let Some(live) = self.live.pop() {
            drop(live);
            task::yield_if_needed();
        }
    }
}

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
        match self.change_held(bytes) {
            Ok(Ok(())) => self.answer_with(Self::write_held),
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
        let Some(allocator) = arguments.allocators.single() else {
            return Err(Complaint::OneAllocator);
        };
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
        // Somebody may have been faster.
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
        let pushed = holdings.push(holding, GFP_KERNEL);
        drop(holdings);
        Ok(pushed.map_err(Stop::from))
    }

    /// Allocates `count` times, all or nothing.
    fn allocate_all(
        &self,
        name: Name,
        request: Request,
        count: u64,
    ) -> Result<KBox<Holding>, Stop> {
        let unmet = |why| Stop::Unmet(Unmet::new(&request, why));
        let mut holding = KBox::new(
            Holding {
                name,
                request,
                since: Instant::now(),
                figures: Figures::default(),
                live: KVVec::new(),
            },
            GFP_KERNEL,
        )?;
        for _ in 0..count {
            task::yield_if_needed();
            if task::signal_pending() {
                return Err(Stop::Cancelled);
            }
            let charge = self
                .ledger
                .charge(Purpose::Hold, request.allocator, request.charge_bytes())
                .map_err(|over| unmet(Why::OverLimit(over)))?;
            let memory = match request.allocate() {
                Ok(memory) => memory,
                Err(Reason::Refused(refusal)) => return Err(unmet(Why::Refused(refusal))),
                Err(Reason::OutOfMemory) if task::signal_pending() => return Err(Stop::Cancelled),
                Err(Reason::OutOfMemory) => {
                    charge.failed();
                    return Err(unmet(Why::OutOfMemory));
                }
            };
            let live = Live::new(memory, charge.allocated());
            holding.figures.add(&live);
            holding.live.push(live, GFP_KERNEL | __GFP_NOWARN)?;
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

impl Figures {
    fn add(&mut self, live: &Live) {
        let span = live.memory.span();
        let mut runs = Runs::new();
        for (index, frame) in span.page_frames().enumerate() {
            if index == 0 && self.runs == 0 {
                self.first_node = frame.node;
            }
            if index % 4096 == 0 {
                task::yield_if_needed();
            }
            runs.push(frame.pfn.as_u64());
        }
        self.usable_bytes += span.usable_size().size_bytes as u64;
        self.longest_run_pages = match self.runs {
            0 => runs.longest_pages(),
            _ => self.longest_run_pages.min(runs.longest_pages()),
        };
        self.runs = self.runs.max(runs.count());
    }
}

impl Holding {
    fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let backend = self.live.first().map(|live| live.memory.span().backend());
        let age_s = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(0) / 1000;
        let cells = [
            Cell::Words(self.name.as_str()),
            Cell::Words(self.request.allocator.name()),
            backend.map_or(Cell::Nothing, |backend| Cell::Words(backend.name())),
            Cell::Bytes(self.request.size_bytes as u64),
            Cell::Number(self.live.len() as u64),
            Cell::Bytes(self.figures.usable_bytes),
            Cell::Number(self.figures.runs),
            Cell::Number(self.figures.longest_run_pages),
            Cell::Number(u64::from(self.figures.first_node)),
            Cell::Number(age_s),
        ];
        table::write_row(to, COLUMNS, &cells)
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
            key.meaning(),
            key.accepts()
        )?;
    }
    Ok(())
}
