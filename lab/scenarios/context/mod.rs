// SPDX-License-Identifier: GPL-2.0

//! `context`: allocating and freeing where sleeping is forbidden.

mod types;

use crate::{
    lab::{
        command::{
            allocators::Allocator,
            arguments::Arguments,
            flags::{
                GfpBase,
                GfpFlags, //
            },
            keys::{
                Key,
                Parameter, //
            },
        },
        memory::Request,
        output::cell::{
            Cell,
            Column, //
        },
        run::Run,
        scenario::Scenario,
        stop::{
            Stop,
            Why, //
        },
    },
    platform::context::{
        Place,
        State, //
    },
};
use core::mem::MaybeUninit;
use kernel::{
    page::PAGE_SIZE,
    time::{
        delay::fsleep,
        Delta, //
    },
};
use memalloc::{
    gfp::{
        self,
        Family,
        Gfp,
        NonBlocking, //
    },
    inspect::{
        Backend,
        Inspect, //
    },
    AllocatesIn,
    Bytes,
    KmallocMemory,
    KvmallocMemory,
    Node,
    Order,
    Owned,
    PageBlock,
    Reason,
    VmallocMemory, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "context",
    question: "Which calls work where sleeping is forbidden, and what do the types refuse?",
    parameters: &[
        Parameter::new(Key::Allocator, "all"),
        Parameter::new(Key::Size, "4k"),
        Parameter::new(Key::Count, "16"),
    ],
    run,
};

const CALLS: &[Column] = &[
    Column::left("place", "place", 17),
    Column::right("preempt_count", "preempt_count", 13),
    Column::left("interrupts_off", "irqs off", 8),
    Column::left("allocator", "allocator", 9),
    Column::left("gfp", "gfp", 6),
    Column::right("done", "allocated and freed", 19),
    Column::left("served_by", "served by", 9),
    Column::left("freed_by", "freed by", 13),
    Column::left("freed_later", "later", 5),
    Column::left("outcome", "outcome", 8),
];

/// The places, and what each is called.
const PLACES: [(Place, &str); 6] = [
    (Place::PreemptionOff, "preemption off"),
    (Place::Spinlock, "spinlock held"),
    (Place::BottomHalvesOff, "bottom halves off"),
    (Place::InterruptsOff, "interrupts off"),
    (Place::Softirq, "softirq"),
    (Place::Interrupt, "hard interrupt"),
];

/// The masks for these places.
const BASES: [GfpBase; 2] = [GfpBase::Nowait, GfpBase::Atomic];

/// The most that is asked for with interrupts off: to zero and to map it takes time.
const MAX_BYTES: usize = 1 << 20;

/// A worker frees what vmalloc gave, later. It gets time to, whenever this much waits for it.
const MAX_WAITING_BYTES: usize = 8 << 20;

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    let allocators = arguments.allocators.iter().count() as u64;
    run.expect_steps(arguments.allocations(allocators * (PLACES.len() * BASES.len()) as u64));
    let mut waiting_bytes = 0;
    run.answer.head(CALLS)?;
    for (place, name) in PLACES {
        for allocator in arguments.allocators.iter() {
            for base in BASES {
                let mut request =
                    Request::of(arguments, allocator, arguments.size_bytes, Node::ANY);
                request.flags = GfpFlags::plain(base);
                let calls = Calls::make(run, place, &request, arguments.count, &mut waiting_bytes)?;
                calls.write(run, name, &request)?;
            }
        }
    }
    types::write(run)
}

/// What became of equal calls in one place.
struct Calls {
    /// What the place is, by the kernel's own account.
    state: Option<State>,
    asked: u64,
    /// How many were allocated, and freed in the same place.
    done: u64,
    /// What served the last one.
    backend: Option<Backend>,
    /// Why there are no more; empty if all worked.
    outcome: &'static str,
}

impl Calls {
    /// Makes each call in an entry of its own, so that the machine waits for one at a time.
    fn make(
        run: &mut Run<'_>,
        place: Place,
        request: &Request,
        count: u64,
        waiting_bytes: &mut usize,
    ) -> Result<Self, Stop> {
        let mut calls = Self {
            state: place.call(State::here),
            asked: 0,
            done: 0,
            backend: None,
            outcome: "",
        };
        if let Some(reason) = not_tried(place, request) {
            calls.outcome = reason;
            return Ok(calls);
        }
        if calls.state.is_none() {
            calls.outcome = "not tried: this machine has no such interrupt";
            return Ok(calls);
        }
        for _ in 0..count {
            run.checkpoint()?;
            let outcome = run.allocate_and_free(request, || {
                let called = place.call(|| once(request));
                called.unwrap_or(Err(Reason::OutOfMemory))
            });
            calls.asked += 1;
            match outcome {
                Ok(backend) => {
                    calls.done += 1;
                    calls.backend = Some(backend);
                    if backend == Backend::Vmalloc {
                        *waiting_bytes += request.size_bytes;
                    }
                }
                Err(Stop::Unmet(unmet)) => {
                    calls.outcome = match unmet.why {
                        Why::OutOfMemory => "no memory",
                        Why::Refused(_) => "refused: too large",
                        Why::OverLimit(_) => "refused: over a limit of the laboratory",
                    };
                    break;
                }
                Err(stop) => return Err(stop),
            }
            if *waiting_bytes >= MAX_WAITING_BYTES {
                fsleep(Delta::from_millis(1));
                *waiting_bytes = 0;
            }
            run.step_done();
        }
        Ok(calls)
    }

    fn write(&self, run: &mut Run<'_>, place: &str, request: &Request) -> Result<(), Stop> {
        let known = |cell| match self.asked {
            0 => Cell::Nothing,
            _ => cell,
        };
        let cells = [
            Cell::Words(place),
            self.state
                .map_or(Cell::Nothing, |state| Cell::Hex(state.preempt_count.into())),
            self.state
                .map_or(Cell::Nothing, |state| Cell::Truth(state.interrupts_off)),
            Cell::Words(request.allocator.name()),
            Cell::Shown(&request.flags),
            known(Cell::OutOf(self.done, self.asked)),
            self.backend
                .map_or(Cell::Nothing, |backend| Cell::Words(backend.name())),
            self.backend
                .map_or(Cell::Nothing, |_| Cell::Words(freed_by(request.allocator))),
            // A worker unmaps it.
            self.backend.map_or(Cell::Nothing, |backend| {
                Cell::Truth(backend == Backend::Vmalloc)
            }),
            Cell::Words(match self.outcome {
                "" => "ok",
                other => other,
            }),
        ];
        Ok(run.answer.row("call", CALLS, &cells)?)
    }
}

/// Why a call is not made in a place, where it would be a bug of the caller.
fn not_tried(place: Place, request: &Request) -> Option<&'static str> {
    let may_map = match request.allocator {
        Allocator::Vmalloc => true,
        // It does not fall back for what fits a page.
        Allocator::Kvmalloc => request.size_bytes > PAGE_SIZE,
        Allocator::Kmalloc | Allocator::Pages => false,
    };
    match place {
        Place::Softirq if may_map => {
            Some("not tried: the CPU may hold vmalloc's locks, and would wait for itself")
        }
        Place::Interrupt if may_map => {
            Some("not tried: vmalloc in a hard interrupt is a BUG() of the kernel")
        }
        // There the allocators' locks sleep.
        Place::PreemptionOff | Place::InterruptsOff | Place::Interrupt
            if cfg!(CONFIG_PREEMPT_RT) =>
        {
            Some("not tried: with PREEMPT_RT nothing allocates there")
        }
        _ if request.size_bytes > MAX_BYTES => {
            Some("not tried: above 1M it would hold up the machine")
        }
        _ => None,
    }
}

/// Allocates, writes, and frees.
///
/// Context: does not sleep; where vmalloc may be asked, not in any interrupt.
fn once(request: &Request) -> Result<Backend, Reason> {
    match request.allocator {
        Allocator::Kmalloc => once_of::<KmallocMemory>(request),
        Allocator::Vmalloc => once_of::<VmallocMemory<NonBlocking>>(request),
        Allocator::Kvmalloc => once_of::<KvmallocMemory<NonBlocking>>(request),
        Allocator::Pages => {
            let order = Order::holding(request.size_bytes).map_err(Reason::Refused)?;
            let mut block = PageBlock::new(order, mask::<gfp::Pages>(request))
                .map_err(|failure| failure.reason())?;
            touch(&mut block);
            Ok(block.span().backend())
        }
    }
}

fn once_of<M: AllocatesIn<NonBlocking>>(request: &Request) -> Result<Backend, Reason>
where
    Owned<Raw, M>: Inspect,
{
    let size = Bytes::new(request.size_bytes).map_err(Reason::Refused)?;
    let mut bytes = Owned::<Raw, M>::bytes(size, mask::<M::Family>(request))
        .map_err(|failure| failure.reason())?;
    touch(&mut bytes);
    Ok(bytes.span().backend())
}

type Raw = [MaybeUninit<u8>];

fn mask<F: Family>(request: &Request) -> Gfp<NonBlocking, F> {
    match request.flags.base {
        GfpBase::Atomic => Gfp::ATOMIC.nowarn(),
        _ => Gfp::NOWAIT.nowarn(),
    }
}

/// Writes the first and the last byte.
fn touch(bytes: &mut Raw) {
    if let Some(first) = bytes.first_mut() {
        first.write(1);
    }
    if let Some(last) = bytes.last_mut() {
        last.write(2);
    }
}

fn freed_by(allocator: Allocator) -> &'static str {
    match allocator {
        Allocator::Pages => "__free_pages",
        Allocator::Kmalloc => "kfree",
        Allocator::Vmalloc | Allocator::Kvmalloc => "kvfree_atomic",
    }
}
