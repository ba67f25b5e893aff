// SPDX-License-Identifier: GPL-2.0

//! Values, as a command would give them.

use super::{
    super::{
        super::quantity::BytesText,
        flags::Modifier,
        keys::Key,
        name::Name, //
    },
    Arguments,
    Step, //
};
use crate::misuse::kind::Kind as Misuse;
use core::fmt;

impl Arguments {
    /// The value of a parameter, as a command would give it.
    pub(crate) fn value_of(&self, key: Key) -> impl fmt::Display + use<'_> {
        ValueOf {
            arguments: self,
            key,
        }
    }
}

/// The value of one parameter.
struct ValueOf<'a> {
    arguments: &'a Arguments,
    key: Key,
}

impl fmt::Display for ValueOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments = self.arguments;
        let number_or = |f: &mut fmt::Formatter<'_>, number: Option<u32>, word| match number {
            Some(number) => write!(f, "{number}"),
            None => f.write_str(word),
        };
        match self.key {
            Key::Name => f.write_str(arguments.name.as_ref().map_or("", Name::as_str)),
            Key::Allocator => arguments.allocators.fmt(f),
            Key::Size => BytesText(arguments.size_bytes).fmt(f),
            Key::From => BytesText(arguments.from_bytes).fmt(f),
            Key::To => BytesText(arguments.to_bytes).fmt(f),
            Key::Step => match arguments.step {
                Step::Times(factor) => write!(f, "x{factor}"),
                Step::Plus(bytes) => BytesText(bytes).fmt(f),
            },
            Key::Order => number_or(f, arguments.order, "none"),
            Key::Count => arguments.count.fmt(f),
            Key::Repeat => arguments.repeat.fmt(f),
            Key::Gfp => arguments.gfp.fmt(f),
            Key::Node => number_or(f, arguments.node, "any"),
            Key::Align => BytesText(arguments.align_bytes).fmt(f),
            Key::Share => arguments.share_percent.fmt(f),
            Key::Preset => f.write_str(arguments.preset.map_or("none", |preset| preset.name)),
            Key::Pattern
            | Key::FreeOrder
            | Key::Sizes
            | Key::Operations
            | Key::Warmup
            | Key::Via
            | Key::Cpus
            | Key::Background
            | Key::Seed => arguments.workload.write_value(self.key, f),
            Key::Kind => f.write_str(arguments.misuse.map_or("list", Misuse::name)),
            Key::Language => f.write_str(arguments.language.name()),
            Key::Zero => f.write_str(if arguments.gfp.has(Modifier::Zero) {
                "yes"
            } else {
                "no"
            }),
        }
    }
}
