// SPDX-License-Identifier: GPL-2.0

//! What a scenario is, and which there are.

use super::{
    command::{
        arguments::Arguments,
        keys::{
            Key,
            Parameter, //
        },
    },
    run::Run,
    scenarios,
    stop::Stop, //
};

/// A question to the kernel, and how to find the answer.
pub(crate) struct Scenario {
    /// The word that runs it.
    pub(crate) name: &'static str,
    /// The question, in one sentence.
    pub(crate) question: &'static str,
    /// What it takes. Every parameter has a default, so that the name alone runs it.
    pub(crate) parameters: &'static [Parameter],
    /// Finds the answer.
    pub(crate) run: fn(&mut Run<'_>, &Arguments) -> Result<(), Stop>,
}

/// All scenarios. Add a new one here.
pub(crate) const SCENARIOS: &[Scenario] = &[
    scenarios::probe::SCENARIO,
    scenarios::sweep::SCENARIO,
    scenarios::compare::SCENARIO,
    scenarios::orders::SCENARIO,
    scenarios::classes::SCENARIO,
    scenarios::limits::SCENARIO,
    scenarios::resize::SCENARIO,
    scenarios::duplicate::SCENARIO,
    scenarios::overflow::SCENARIO,
    scenarios::unwind::SCENARIO,
    scenarios::cache::SCENARIO,
    scenarios::context::SCENARIO,
    scenarios::gfp::SCENARIO,
    scenarios::numa::SCENARIO,
    scenarios::fragment::SCENARIO,
    scenarios::latency::SCENARIO,
    scenarios::scale::SCENARIO,
    scenarios::claims::SCENARIO,
    scenarios::misuse::SCENARIO,
];

impl Scenario {
    /// The scenario with this name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// Whether it takes this parameter.
    pub(crate) fn takes(&self, key: Key) -> bool {
        self.parameters.iter().any(|parameter| parameter.key == key)
    }
}
