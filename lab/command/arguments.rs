// SPDX-License-Identifier: GPL-2.0

//! The values of a command's parameters.

use super::{
    super::quantity::{
        parse_bytes,
        parse_count,
        NotANumber, //
    },
    allocators::AllocatorSet,
    complaint::Complaint,
    flags::{
        GfpBase,
        GfpFlags,
        Modifier,
        NotFlags, //
    },
    keys::{
        Key,
        Parameter, //
    },
    name::Name,
    presets::Preset,
    workload::{
        Unfit,
        Workload, //
    },
    Command,
};
use crate::misuse::kind::{
    Kind as Misuse,
    Language, //
};

mod together;
mod value;

/// The most sizes that one run goes through.
pub(crate) const MAX_SIZES: u64 = 4096;

/// How to get from one size to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Multiply.
    Times(u64),
    /// Add bytes.
    Plus(u64),
}

/// The value of every parameter. Of those that a scenario does not take it has some value that the
/// scenario does not look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) name: Option<Name>,
    pub(crate) allocators: AllocatorSet,
    pub(crate) size_bytes: u64,
    pub(crate) order: Option<u32>,
    pub(crate) from_bytes: u64,
    pub(crate) to_bytes: u64,
    pub(crate) step: Step,
    pub(crate) count: u64,
    pub(crate) repeat: u64,
    pub(crate) gfp: GfpFlags,
    pub(crate) node: Option<u32>,
    pub(crate) align_bytes: u64,
    pub(crate) share_percent: u64,
    pub(crate) preset: Option<&'static Preset>,
    pub(crate) workload: Workload,
    /// Nothing: the list of them.
    pub(crate) misuse: Option<Misuse>,
    pub(crate) language: Language,
    /// What `zero` says, if it was given; what counts is in `gfp`.
    zero: Option<bool>,
}

const MAX_BYTES: u64 = i64::MAX as u64;

impl Arguments {
    /// Takes the values of a command for a scenario that takes `parameters`, and the defaults of
    /// those that it does not give.
    pub(crate) fn parse<'a>(
        command: Command<'a>,
        parameters: &'static [Parameter],
    ) -> Result<Self, Complaint<'a>> {
        let mut arguments = Self {
            name: None,
            allocators: AllocatorSet::parse("all").ok_or(Complaint::Empty)?,
            size_bytes: 1,
            order: None,
            from_bytes: 1,
            to_bytes: 1,
            step: Step::Times(2),
            count: 1,
            repeat: 1,
            gfp: GfpFlags::plain(GfpBase::Kernel),
            node: None,
            align_bytes: 1,
            share_percent: 100,
            preset: None,
            workload: Workload::EMPTY,
            misuse: None,
            language: Language::C,
            zero: None,
        };
        // A parameter without a default has to be given.
        for parameter in parameters.iter().filter(|one| !one.default.is_empty()) {
            arguments.set(parameter.key, parameter.default)?;
        }
        // Only what is given can contradict the flags.
        arguments.zero = None;
        arguments.set_preset(command, parameters)?;
        let mut given = [false; Key::ALL.len()];
        for pair in command.pairs() {
            let (name, value) = pair?;
            let key = Key::from_name(name)
                .filter(|key| parameters.iter().any(|parameter| parameter.key == *key))
                .ok_or(Complaint::UnknownKey {
                    key: name,
                    takes: parameters,
                })?;
            if let Some(given) = given.get_mut(key as usize) {
                if core::mem::replace(given, true) {
                    return Err(Complaint::DoubledKey { key });
                }
            }
            arguments.set(key, value)?;
            if key == Key::Size && given.get(Key::Order as usize) == Some(&false) {
                // That of a preset.
                arguments.order = None;
            }
            if arguments.order.is_some() && given.get(Key::Size as usize) == Some(&true) {
                return Err(Complaint::Conflict {
                    key,
                    value,
                    because: "give either size or order",
                });
            }
        }
        let is_missing =
            |one: &&Parameter| one.default.is_empty() && given.get(one.key as usize) != Some(&true);
        if let Some(parameter) = parameters.iter().find(is_missing) {
            return Err(Complaint::MissingKey { key: parameter.key });
        }
        arguments.check_together(command, parameters)?;
        if arguments.zero == Some(true) {
            arguments.gfp.add(Modifier::Zero);
        }
        Ok(arguments)
    }

    /// Takes the values of the preset that the command names, if it names one.
    fn set_preset<'a>(
        &mut self,
        command: Command<'a>,
        parameters: &'static [Parameter],
    ) -> Result<(), Complaint<'a>> {
        let takes = |key: Key| parameters.iter().any(|parameter| parameter.key == key);
        let pair = command
            .pairs()
            .filter_map(Result::ok)
            .find(|(name, _)| takes(Key::Preset) && *name == Key::Preset.name());
        if let Some((_, value)) = pair {
            self.set(Key::Preset, value)?;
        }
        let values = self.preset.map_or(&[][..], |preset| preset.values);
        for (key, value) in values.iter().filter(|(key, _)| takes(*key)) {
            self.set(*key, value)?;
        }
        Ok(())
    }

    fn set<'a>(&mut self, key: Key, value: &'a str) -> Result<(), Complaint<'a>> {
        let malformed = Complaint::Malformed { key, value };
        let out_of_range = Complaint::OutOfRange { key, value };
        let bounded = |number: Result<u64, NotANumber>, min: u64, max: u64| match number {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            Ok(_) | Err(NotANumber::Overflow) => Err(out_of_range),
            Err(NotANumber::Malformed) => Err(malformed),
        };
        let bytes = |text| bounded(parse_bytes(text), 1, MAX_BYTES);
        match key {
            Key::Name => self.name = Some(Name::parse(value).ok_or(malformed)?),
            Key::Allocator => self.allocators = AllocatorSet::parse(value).ok_or(malformed)?,
            Key::Size => self.size_bytes = bytes(value)?,
            Key::From => self.from_bytes = bytes(value)?,
            Key::To => self.to_bytes = bytes(value)?,
            Key::Step => {
                self.step = match value.strip_prefix('x') {
                    Some(factor) => Step::Times(bounded(parse_count(factor), 2, 1024)?),
                    None => Step::Plus(bytes(value)?),
                }
            }
            Key::Count => self.count = bounded(parse_count(value), 1, 65_536)?,
            Key::Repeat => self.repeat = bounded(parse_count(value), 1, 1_000_000_000)?,
            Key::Order => {
                self.order = match value {
                    "none" => None,
                    _ => u32::try_from(bounded(parse_count(value), 0, 63)?).ok(),
                }
            }
            Key::Gfp => {
                self.gfp = GfpFlags::parse(value).map_err(|error| match error {
                    NotFlags::Malformed => malformed,
                    NotFlags::Conflict => Complaint::Conflict {
                        key,
                        value,
                        because: "noretry and retry_mayfail exclude each other, \
                                  and nowait and atomic take neither",
                    },
                })?
            }
            Key::Node => {
                self.node = match value {
                    "any" => None,
                    _ => u32::try_from(bounded(parse_count(value), 0, u64::from(u32::MAX))?).ok(),
                }
            }
            Key::Align => {
                let align_bytes = bounded(parse_bytes(value), 1, 1 << 30)?;
                if !align_bytes.is_power_of_two() {
                    return Err(malformed);
                }
                self.align_bytes = align_bytes;
            }
            Key::Share => self.share_percent = bounded(parse_count(value), 1, 100)?,
            Key::Preset => {
                self.preset = match value {
                    "none" => None,
                    name => Some(Preset::find(name).ok_or(malformed)?),
                }
            }
            Key::Pattern
            | Key::FreeOrder
            | Key::Sizes
            | Key::Operations
            | Key::Warmup
            | Key::Via
            | Key::Cpus
            | Key::Background
            | Key::Seed => self.workload.set(key, value).map_err(|unfit| match unfit {
                Unfit::Malformed => malformed,
                Unfit::OutOfRange => out_of_range,
            })?,
            Key::Kind => {
                self.misuse = match value {
                    "list" => None,
                    _ => Some(Misuse::from_name(value).ok_or(malformed)?),
                }
            }
            Key::Language => self.language = Language::from_name(value).ok_or(malformed)?,
            Key::Zero => {
                self.zero = match value {
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => return Err(malformed),
                }
            }
        }
        Ok(())
    }

    /// How many allocations `series` series make, if each request is met.
    pub(crate) fn allocations(&self, series: u64) -> u64 {
        self.count
            .saturating_mul(self.repeat)
            .saturating_mul(series)
    }

    /// What `size` or `order` asks for, in bytes of `page_bytes` a page; at most [`u64::MAX`].
    pub(crate) fn wanted_bytes(&self, page_bytes: u64) -> u64 {
        match self.order {
            None => self.size_bytes,
            Some(order) => page_bytes
                .checked_mul(1_u64.checked_shl(order).unwrap_or(u64::MAX))
                .unwrap_or(u64::MAX),
        }
    }

    /// The sizes from `from` to `to`, at most one more than [`MAX_SIZES`].
    pub(crate) fn sizes_bytes(self) -> impl Iterator<Item = u64> {
        let next = move |size: &u64| match self.step {
            Step::Times(factor) => size.checked_mul(factor),
            Step::Plus(bytes) => size.checked_add(bytes),
        };
        core::iter::successors(Some(self.from_bytes), next)
            .take_while(move |size| *size <= self.to_bytes)
            .take(MAX_SIZES as usize + 1)
    }
}

#[cfg(test)]
mod tests;
