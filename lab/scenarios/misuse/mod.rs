// SPDX-License-Identifier: GPL-2.0

//! `misuse`: what this kernel notices when somebody breaks a rule.

mod headline;
mod safe;

use crate::{
    lab::{
        command::{
            allocators::Allocator,
            arguments::Arguments,
            keys::{
                Key,
                Parameter, //
            },
        },
        output::cell::{
            Cell,
            Column, //
        },
        run::Run,
        scenario::Scenario,
        settings::{
            Misuse,
            Settings, //
        },
        stop::Stop,
    },
    misuse::{
        self,
        kind::{
            Kind,
            Language, //
        },
        survival,
        Sight,
        Victim, //
    },
    platform::{
        kernel_file,
        log::Position,
        system, //
    },
};
use core::fmt;
use headline::{
    Detector,
    Headline, //
};
use kernel::{
    prelude::*,
    time::{
        delay::fsleep,
        Delta,
        Instant,
        Monotonic, //
    },
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "misuse",
    question: "What does this kernel notice when C, or unsafe Rust, breaks a rule?",
    parameters: &[
        Parameter::new(Key::Kind, "list"),
        Parameter::new(Key::Language, "c"),
    ],
    run,
};

const DEED: &[Column] = &[
    Column::left("rule", "rule broken", 0),
    Column::left("language", "by", 0),
    Column::left("memory", "memory", 0),
    Column::left("sight", "what it saw itself", 0),
    Column::left("reports", "reports in the log", 0),
    Column::left("noticed_by", "noticed by", 0),
    Column::left("slabs_validated", "slabs validated then", 0),
    Column::left("ask", "to be asked yet", 0),
];

const REPORT: &[Column] = &[
    Column::left("by", "report by", 18),
    Column::left("text", "what it says", 12),
];

/// Why a rule is not broken.
pub(crate) enum Forbidden {
    /// Nobody allowed it.
    Parameter(Kind),
    /// The kernel would not survive it.
    Survival(Kind, survival::Refusal),
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(kind) => write!(
                f,
                "kind={}: breaks a rule of the kernel; load the module with allow_misuse=1, on a \
                 machine that nobody needs",
                kind.name()
            ),
            Self::Survival(kind, refusal) => write!(f, "kind={}: {refusal}", kind.name()),
        }
    }
}

/// Says why a command must not run. Commands of other scenarios break no rule.
pub(crate) fn permit(settings: &Settings, arguments: &Arguments) -> Result<(), Forbidden> {
    match arguments.misuse {
        None => Ok(()),
        Some(kind) if settings.misuse == Misuse::Refused => Err(Forbidden::Parameter(kind)),
        Some(kind) => survival::check(kind).map_err(|refusal| Forbidden::Survival(kind, refusal)),
    }
}

fn run(run: &mut Run<'_>, arguments: &Arguments) -> Result<(), Stop> {
    match arguments.misuse {
        None => list(run),
        Some(kind) => break_rule(run, kind, arguments.language),
    }
}

fn list(run: &mut Run<'_>) -> Result<(), Stop> {
    safe::head(run)?;
    for kind in Kind::ALL {
        run.checkpoint()?;
        safe::row(run, kind)?;
    }
    Ok(())
}

fn break_rule(run: &mut Run<'_>, kind: Kind, language: Language) -> Result<(), Stop> {
    let receipt = run.book(Allocator::Kmalloc, misuse::MEMORY_BYTES as u64)?;
    let victim = choose(run, kind, language)?;
    let is_guarded = victim.is_guarded();
    await_limit(run, kind)?;

    let before = Position::end();
    pr_warn!(
        "misuse kind={} language={}: taints the kernel, and breaks a rule on purpose; what is reported \
         from here on is no bug of this kernel\n",
        kind.name(),
        language.name()
    );
    system::taint_by_user();
    let sight = misuse::break_on_purpose(kind, victim);
    let is_validated = kind.is_about_kmalloc() && validate_slabs();
    pr_warn!(
        "misuse kind={} language={}: done\n",
        kind.name(),
        language.name()
    );
    drop(receipt);

    let is_asked_later = kind == Kind::Leak && cfg!(CONFIG_DEBUG_KMEMLEAK);
    let reports = Reports::since(before)?;
    let cells = [
        Cell::Words(kind.name()),
        Cell::Words(language.name()),
        match (kind.is_about_kmalloc(), is_guarded) {
            (false, _) => Cell::Nothing,
            (true, false) => Cell::Words("slab"),
            (true, true) => Cell::Words("KFENCE"),
        },
        Cell::Shown(&sight),
        Cell::Number(reports.number),
        Cell::Words(match reports.first_by {
            Some(detector) => detector.name(),
            None if is_asked_later => "nothing yet",
            None => "nothing",
        }),
        Cell::Truth(is_validated),
        match is_asked_later {
            true => Cell::Words(ASK_KMEMLEAK),
            false => Cell::Nothing,
        },
    ];
    run.answer.line(format_args!(""))?;
    run.answer.list("deed", DEED, &cells)?;
    if reports.number > 0 {
        reports.write(run, before)?;
    }
    safe::head(run)?;
    safe::row(run, kind)?;
    run.step_done();
    Ok(())
}

/// How long it is tried to get memory that KFENCE guards, at most.
const MAX_PATIENCE_MS: u64 = 10_000;

/// It counts what is older than five seconds.
const ASK_KMEMLEAK: &str =
    "sleep 6; echo scan > /sys/kernel/debug/kmemleak; cat /sys/kernel/debug/kmemleak";

/// Allocates the memory. Where KFENCE is on, it is memory that KFENCE guards, if any is to be had.
fn choose(run: &Run<'_>, kind: Kind, language: Language) -> Result<Victim, Stop> {
    let interval_ms = match kind.is_about_kmalloc() {
        true => system::kfence_sample_interval_ms(),
        false => 0,
    };
    // It guards one allocation an interval, whosever that is.
    let patience_ms = interval_ms.saturating_mul(100).min(MAX_PATIENCE_MS);
    let patience = Delta::from_millis(i64::try_from(patience_ms).unwrap_or(0));
    let started = Instant::<Monotonic>::now();
    loop {
        let victim = Victim::allocate(language).ok_or(Stop::AnswerFailed)?;
        if victim.is_guarded() || started.elapsed() >= patience {
            return Ok(victim);
        }
        drop(victim);
        run.checkpoint()?;
    }
}

/// Waits until the kernel would report a sleep in the wrong place: it does so once a second
/// (`__might_resched()`).
fn await_limit(run: &Run<'_>, kind: Kind) -> Result<(), Stop> {
    let is_limited = matches!(
        kind,
        Kind::SleepUnderSpinlock | Kind::SleepInInterrupt | Kind::VfreeUnderSpinlock
    );
    if is_limited && cfg!(CONFIG_DEBUG_ATOMIC_SLEEP) {
        for _ in 0..11 {
            run.checkpoint()?;
            fsleep(Delta::from_millis(100));
        }
    }
    Ok(())
}

/// Has the slab allocator look at all its objects of the size, and returns whether it did: only slabs
/// with `slab_debug=` can be looked at.
fn validate_slabs() -> bool {
    kernel_file::write_to(c"/sys/kernel/slab/kmalloc-64/validate", "1").is_ok()
}

/// What the kernel has reported.
struct Reports {
    number: u64,
    first_by: Option<Detector>,
}

impl Reports {
    fn since(position: Position) -> Result<Self, Stop> {
        let mut reports = Self {
            number: 0,
            first_by: None,
        };
        position.each_line(|line| {
            if let Some(headline) = Headline::in_line(line) {
                reports.first_by.get_or_insert(headline.detector);
                reports.number += 1;
            }
            Ok::<(), Stop>(())
        })?;
        Ok(reports)
    }

    /// Writes them all.
    fn write(&self, run: &mut Run<'_>, position: Position) -> Result<(), Stop> {
        run.answer.head(REPORT)?;
        position.each_line(|line| match Headline::in_line(line) {
            Some(Headline { detector, text }) => {
                let cells = [Cell::Words(detector.name()), Cell::Words(text)];
                Ok(run.answer.row("report", REPORT, &cells)?)
            }
            None => Ok(()),
        })
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("-"),
            Self::OwnersByte => f.write_str("what the memory's last owner had written"),
            Self::OtherByte(0x6b) => f.write_str("0x6b, the poison of memory that is free"),
            Self::OtherByte(byte) => write!(f, "{byte:#04x}, which no owner wrote"),
            Self::TwoOwners => f.write_str("the kernel gave the memory to two owners"),
            Self::OneOwner => f.write_str("the kernel did not give the memory to two owners"),
            Self::Undone => f.write_str("not done: there was no memory that is fit for it"),
        }
    }
}
