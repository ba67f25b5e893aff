// SPDX-License-Identifier: GPL-2.0

//! `claims`: what the two guides say, held against the running kernel.
//!
//! What cannot be measured from here is left out: that kernel memory is never swapped out, for
//! example, or that a call may sleep which had no reason to.

mod alignment;
mod arrays;
mod ask;
mod claim;
mod contexts;
mod contiguity;
mod copies;
mod device;
mod freeing;
mod limits;
mod options;
mod orders;
mod sizes;
mod speed;
mod zeroing;

use crate::lab::{
    command::arguments::Arguments,
    output::cell::{
        Cell,
        Column, //
    },
    run::Run,
    scenario::Scenario,
    stop::Stop,
};
use claim::{
    Claim,
    Finding,
    Verdict, //
};

/// The scenario's row in the table of scenarios.
pub(crate) const SCENARIO: Scenario = Scenario {
    name: "claims",
    question: "Which statements of the two guides hold on this kernel?",
    parameters: &[],
    run,
};

/// All claims, by theme. Add a new one to the file of its theme.
const THEMES: &[&[Claim]] = &[
    limits::CLAIMS,
    sizes::CLAIMS,
    orders::CLAIMS,
    alignment::CLAIMS,
    contiguity::CLAIMS,
    device::CLAIMS,
    zeroing::CLAIMS,
    contexts::CLAIMS,
    arrays::CLAIMS,
    copies::CLAIMS,
    freeing::CLAIMS,
    speed::CLAIMS,
    options::CLAIMS,
];

const COLUMNS: &[Column] = &[
    Column::left("id", "claim", 32),
    Column::left("verdict", "verdict", 18),
    Column::left("guide", "says", 0),
];

/// How many claims got each verdict.
#[derive(Default)]
struct Tally {
    holds: u64,
    does_not_hold: u64,
    depends: u64,
    not_measured: u64,
}

impl Tally {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Holds => self.holds += 1,
            Verdict::DoesNotHold => self.does_not_hold += 1,
            Verdict::Depends(_) => self.depends += 1,
            Verdict::NotMeasured => self.not_measured += 1,
        }
    }
}

fn run(run: &mut Run<'_>, _arguments: &Arguments) -> Result<(), Stop> {
    let claims = THEMES.iter().map(|claims| claims.len() as u64).sum();
    run.expect_steps(claims);
    run.answer.head(COLUMNS)?;
    let mut tally = Tally::default();
    for claim in THEMES.iter().copied().flatten() {
        run.checkpoint()?;
        let finding = check(run, claim)?;
        tally.add(finding.verdict);
        write(run, claim, &finding)?;
        run.step_done();
    }
    write_tally(run, claims, &tally)
}

/// Measures what a claim says. Memory that could not be had is no error, but tells nothing.
#[inline(never)]
fn check(run: &mut Run<'_>, claim: &Claim) -> Result<Finding, Stop> {
    match (claim.check)(run) {
        Err(stop @ (Stop::Unmet(_) | Stop::OverLimit { .. })) => {
            Finding::new(Verdict::NotMeasured, format_args!("{stop}"))
        }
        other => other,
    }
}

#[inline(never)]
fn write(run: &mut Run<'_>, claim: &Claim, finding: &Finding) -> Result<(), Stop> {
    let Claim {
        id, guide, text, ..
    } = claim;
    let measured = finding.measured();
    let depends_on = match finding.verdict {
        Verdict::Depends(on) => Some(on),
        _ => None,
    };
    run.answer.line(format_args!(
        "{id:<32}  {:<18}  {}",
        finding.verdict.words(),
        guide.name()
    ))?;
    run.answer.line(format_args!("    says        {text}"))?;
    run.answer
        .line(format_args!("    measured    {measured}"))?;
    if let Some(on) = depends_on {
        run.answer.line(format_args!("    depends on  {on}"))?;
    }
    run.answer.object("claim", |object| {
        object.member("id", Cell::Words(id))?;
        object.member("guide", Cell::Words(guide.name()))?;
        object.member("claim", Cell::Words(text))?;
        object.member("verdict", Cell::Words(finding.verdict.name()))?;
        object.member("depends_on", depends_on.map_or(Cell::Nothing, Cell::Words))?;
        object.member("measured", Cell::Words(measured))
    })?;
    Ok(())
}

#[inline(never)]
fn write_tally(run: &mut Run<'_>, claims: u64, tally: &Tally) -> Result<(), Stop> {
    let Tally {
        holds,
        does_not_hold,
        depends,
        not_measured,
    } = *tally;
    run.answer.line(format_args!(""))?;
    run.answer.line(format_args!(
        "{claims} claims: {holds} hold, {does_not_hold} do not hold here, {depends} depend, \
         {not_measured} not measured"
    ))?;
    run.answer.object("tally", |object| {
        object.member("claims", Cell::Number(claims))?;
        object.member("holds", Cell::Number(holds))?;
        object.member("does_not_hold", Cell::Number(does_not_hold))?;
        object.member("depends", Cell::Number(depends))?;
        object.member("not_measured", Cell::Number(not_measured))
    })?;
    Ok(())
}

/// Two claims with one id could not be told apart.
#[allow(clippy::indexing_slicing)] // At compile time.
const _: () = {
    /// Whether two words are the same.
    const fn is_same(one: &[u8], other: &[u8]) -> bool {
        if one.len() != other.len() {
            return false;
        }
        let mut index = 0;
        while index < one.len() {
            if one[index] != other[index] {
                return false;
            }
            index += 1;
        }
        true
    }

    /// Whether `id` is in the themes from `theme` on, of the first one from `index` on.
    const fn is_used(id: &str, mut theme: usize, mut index: usize) -> bool {
        while theme < THEMES.len() {
            while index < THEMES[theme].len() {
                if is_same(id.as_bytes(), THEMES[theme][index].id.as_bytes()) {
                    return true;
                }
                index += 1;
            }
            index = 0;
            theme += 1;
        }
        false
    }

    let mut theme = 0;
    while theme < THEMES.len() {
        let mut index = 0;
        while index < THEMES[theme].len() {
            let id = THEMES[theme][index].id;
            assert!(!is_used(id, theme, index + 1), "two claims have one id");
            index += 1;
        }
        theme += 1;
    }
};
