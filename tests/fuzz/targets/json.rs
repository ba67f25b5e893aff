// SPDX-License-Identifier: GPL-2.0

//! Whatever is written as an object reads back as the same members, in one line; and a table for
//! people has one line a row.

use super::{
    input::Input,
    strict_json::{parse, Value},
};
use crate::{
    output::{
        cell::{Cell, Column},
        json::Object,
        table,
    },
    quantity::PerMille,
};
use std::sync::OnceLock;

/// A member as it is written, and as it has to be read.
struct Member {
    key: String,
    written: Written,
    read: Vec<(String, Value)>,
}

enum Written {
    Nothing,
    Number(u64),
    Bytes(u64),
    Percent(PerMille),
    OutOf(u64, u64),
    Truth(bool),
    Hex(u64),
    Signed(i64),
    Words(String),
    /// Written in pieces, as `fmt` does.
    Shown(Pieces),
    Numbers(Vec<u64>),
}

struct Pieces(Vec<String>);

impl std::fmt::Display for Pieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|piece| f.write_str(piece))
    }
}

fn member(input: &mut Input<'_>) -> Member {
    let number = |number: u64| Value::Number(number.to_string());
    let choice = input.byte() % 11;
    let key = input.text();
    let of = |written, value| Member {
        read: vec![(key.clone(), value)],
        key: key.clone(),
        written,
    };
    match choice {
        0 => of(Written::Nothing, Value::Null),
        1 => {
            let value = input.number();
            of(Written::Number(value), number(value))
        }
        2 => {
            let value = input.number();
            of(Written::Bytes(value), number(value))
        }
        3 => {
            let share = PerMille::of(input.number(), input.number());
            of(Written::Percent(share), Value::Number(share.to_string()))
        }
        4 => {
            let (part, whole) = (input.number(), input.number());
            Member {
                read: vec![
                    (key.clone(), number(part)),
                    (format!("{key}_of"), number(whole)),
                ],
                key,
                written: Written::OutOf(part, whole),
            }
        }
        5 => {
            let truth = input.byte() % 2 == 0;
            of(Written::Truth(truth), Value::Truth(truth))
        }
        6 => {
            let value = input.number();
            of(Written::Hex(value), Value::Text(format!("{value:#x}")))
        }
        7 => {
            let value = input.number() as i64;
            of(Written::Signed(value), Value::Number(value.to_string()))
        }
        8 => {
            let words = input.text();
            of(Written::Words(words.clone()), Value::Text(words))
        }
        9 => {
            let pieces = Pieces((0..input.byte() % 4).map(|_| input.text()).collect());
            let whole = Value::Text(pieces.to_string());
            of(Written::Shown(pieces), whole)
        }
        _ => {
            let numbers: Vec<u64> = (0..input.byte() % 5).map(|_| input.number()).collect();
            let list = Value::List(numbers.iter().map(|value| number(*value)).collect());
            of(Written::Numbers(numbers), list)
        }
    }
}

fn cell(written: &Written) -> Cell<'_> {
    match written {
        Written::Nothing | Written::Numbers(_) => Cell::Nothing,
        Written::Number(number) => Cell::Number(*number),
        Written::Bytes(bytes) => Cell::Bytes(*bytes),
        Written::Percent(share) => Cell::Percent(*share),
        Written::OutOf(part, whole) => Cell::OutOf(*part, *whole),
        Written::Truth(truth) => Cell::Truth(*truth),
        Written::Hex(number) => Cell::Hex(*number),
        Written::Signed(number) => Cell::Signed(*number),
        Written::Words(words) => Cell::Words(words),
        Written::Shown(pieces) => Cell::Shown(pieces),
    }
}

pub(super) fn check(input: &[u8]) {
    let mut input = Input(input);
    let mut members = Vec::new();
    while !input.is_empty() && members.len() < 16 {
        members.push(member(&mut input));
    }
    let text = write(&members).expect("a String takes everything");
    let line = text.strip_suffix('\n').expect("a line");
    assert!(!line.contains(['\n', '\r']), "{line}");
    let expected: Vec<_> = members
        .iter()
        .flat_map(|member| member.read.clone())
        .collect();
    let expected = Value::Object(expected);
    print_for_others(line, &expected);
    assert_eq!(parse(line), Some(expected), "{line}");
    check_table(&members);
}

/// With `PRINT=1`, tells what was written, and what has to be read from it, so that another parser can
/// be tried on it (scripts/fuzz.py).
fn print_for_others(line: &str, expected: &Value) {
    static IS_ASKED_FOR: OnceLock<bool> = OnceLock::new();
    if *IS_ASKED_FOR.get_or_init(|| std::env::var_os("PRINT").is_some()) {
        println!("json {} {}", hex(line), form(expected));
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// A value without JSON's syntax: strings in hexadecimal, and brackets.
fn form(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Truth(truth) => truth.to_string(),
        Value::Number(number) => number.clone(),
        Value::Text(text) => format!("'{}'", hex(text)),
        Value::List(values) => {
            let values: Vec<_> = values.iter().map(form).collect();
            format!("[{}]", values.join(","))
        }
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| format!("'{}':{}", hex(name), form(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

fn write(members: &[Member]) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let mut object = Object::open(&mut text)?;
    for member in members {
        match &member.written {
            Written::Numbers(numbers) => object.numbers(&member.key, numbers)?,
            written => object.member(&member.key, cell(written))?,
        }
    }
    object.close()?;
    Ok(text)
}

/// Cells of printable ASCII, as all are, stand in one line that does not end in a space.
fn check_table(members: &[Member]) {
    const COLUMNS: [Column; 4] = [
        Column::left("a", "first", 5),
        Column::right("b", "second", 0),
        Column::left("c", "third", 20),
        Column::right("d", "fourth", 9),
    ];
    let is_printable = |member: &&Member| {
        let text = cell(&member.written).to_string();
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let cells: Vec<Cell<'_>> = members
        .iter()
        .filter(is_printable)
        .map(|member| cell(&member.written))
        .take(COLUMNS.len())
        .collect();
    let mut text = String::new();
    table::write_row(&mut text, &COLUMNS[..cells.len()], &cells).expect("a String");
    let line = text.strip_suffix('\n').expect("a line");
    assert!(!line.contains('\n') && !line.ends_with(' '), "{line:?}");
    let words: Vec<_> = line.split(' ').filter(|word| !word.is_empty()).collect();
    assert_eq!(
        words,
        cells.iter().map(ToString::to_string).collect::<Vec<_>>()
    );
}
