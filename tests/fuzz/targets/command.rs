// SPDX-License-Identifier: GPL-2.0

//! A command is understood, or refused with a reason that is one printable line; and what was
//! understood reads back as the same when it is shown.

use crate::command::{
    arguments::{Arguments, MAX_SIZES},
    complaint::Complaint,
    keys::{Key, Parameter},
    Command,
};

/// Every parameter, with the defaults that scenarios have.
const ALL: &[Parameter] = &[
    Parameter::new(Key::Allocator, "all"),
    Parameter::new(Key::Size, "100"),
    Parameter::new(Key::Order, "none"),
    Parameter::new(Key::From, "1"),
    Parameter::new(Key::To, "8M"),
    Parameter::new(Key::Step, "x2"),
    Parameter::new(Key::Count, "1"),
    Parameter::new(Key::Repeat, "1"),
    Parameter::new(Key::Gfp, "kernel"),
    Parameter::new(Key::Node, "any"),
    Parameter::new(Key::Align, "1"),
    Parameter::new(Key::Zero, "no"),
    Parameter::new(Key::Share, "100"),
    Parameter::new(Key::Kind, "list"),
    Parameter::new(Key::Language, "c"),
];

/// As those that time allocations take them.
const TIMED: &[Parameter] = &[
    Parameter::new(Key::Preset, "none"),
    Parameter::new(Key::Allocator, "all"),
    Parameter::new(Key::Size, "100"),
    Parameter::new(Key::Order, "none"),
    Parameter::new(Key::From, "1"),
    Parameter::new(Key::To, "8M"),
    Parameter::new(Key::Step, "x2"),
    Parameter::new(Key::Sizes, "fixed"),
    Parameter::new(Key::Gfp, "kernel"),
    Parameter::new(Key::Align, "1"),
    Parameter::new(Key::Node, "any"),
    Parameter::new(Key::Pattern, "pair"),
    Parameter::new(Key::FreeOrder, "lifo"),
    Parameter::new(Key::Count, "1"),
    Parameter::new(Key::Operations, "1000"),
    Parameter::new(Key::Warmup, "0"),
    Parameter::new(Key::Via, "all"),
    Parameter::new(Key::Cpus, "all"),
    Parameter::new(Key::Background, "0"),
    Parameter::new(Key::Seed, "0"),
];

/// As `held` takes them: with a name that has to be given.
const NAMED: &[Parameter] = &[
    Parameter::new(Key::Name, ""),
    Parameter::new(Key::Allocator, "kmalloc"),
    Parameter::new(Key::Size, "100"),
    Parameter::new(Key::Gfp, "kernel"),
];

/// None at all.
const NONE: &[Parameter] = &[];

pub(super) fn check(input: &[u8]) {
    let command = Command::parse(input);
    // One newline at the end is not part of it.
    if input.last() != Some(&b'\n') {
        let with_newline = [input, b"\n"].concat();
        let again = Command::parse(&with_newline);
        assert_eq!(command.is_ok(), again.is_ok());
        if let (Ok(command), Ok(again)) = (command, again) {
            assert_eq!(command, again);
        }
    }
    match command {
        Ok(command) => {
            check_words(input, command);
            for parameters in [ALL, TIMED, NAMED, NONE] {
                check_arguments(command, parameters);
            }
        }
        Err(complaint) => check_complaint(&complaint),
    }
}

/// The same words, by another way to take a line apart.
fn check_words(input: &[u8], command: Command<'_>) {
    let line = std::str::from_utf8(input).expect("printable ASCII");
    let words: Vec<&str> = line
        .split(|character: char| " \t\n".contains(character))
        .filter(|word| !word.is_empty())
        .collect();
    assert_eq!(words[0], command.scenario);
    let pairs: Vec<_> = command.pairs().collect();
    assert_eq!(pairs.len(), words.len() - 1);
    for (pair, word) in pairs.iter().zip(&words[1..]) {
        match pair {
            Ok((key, value)) => assert_eq!(format!("{key}={value}"), *word),
            Err(complaint) => {
                assert!(!word.contains('='));
                check_complaint(complaint);
            }
        }
    }
    assert_eq!(command.is_followed_by("all"), words[1..] == ["all"]);
}

fn check_arguments(command: Command<'_>, parameters: &'static [Parameter]) {
    let arguments = match Arguments::parse(command, parameters) {
        Ok(arguments) => arguments,
        Err(complaint) => return check_complaint(&complaint),
    };
    assert!(arguments.sizes_bytes().count() as u64 <= MAX_SIZES);
    let shown = shown(&arguments, parameters);
    let text = format!("x {}", shown.join(" "));
    let again = Command::parse(text.as_bytes()).expect("what is shown is a command");
    let again = Arguments::parse(again, parameters)
        .unwrap_or_else(|complaint| panic!("{text}: {complaint}"));
    assert_eq!(self::shown(&again, parameters), shown);
    assert_eq!(again.wanted_bytes(4096), arguments.wanted_bytes(4096));
    assert!(again.sizes_bytes().eq(arguments.sizes_bytes()));
    assert_eq!(again.name, arguments.name);
}

/// The arguments, as a command would give them.
fn shown(arguments: &Arguments, parameters: &[Parameter]) -> Vec<String> {
    parameters
        .iter()
        // Only one of the two may be given.
        .filter(|parameter| parameter.key != Key::Size || arguments.order.is_none())
        .map(|parameter| {
            let value = arguments.value_of(parameter.key).to_string();
            assert!(!value.is_empty() && !value.contains(' '));
            format!("{}={value}", parameter.key.name())
        })
        .collect()
}

/// A reason is one line of printable ASCII, and not as long as what was refused may be.
fn check_complaint(complaint: &Complaint<'_>) {
    let text = complaint.to_string();
    assert!(!text.is_empty() && text.len() < 500, "{text}");
    assert!(
        text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')),
        "{text:?}"
    );
    let _ = complaint.kind();
}
