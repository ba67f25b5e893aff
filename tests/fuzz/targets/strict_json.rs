// SPDX-License-Identifier: GPL-2.0

//! A parser for JSON that accepts what RFC 8259 does, and nothing else. It shares no code with the
//! writer, and checks it.

/// A value. Numbers stay texts, so that none is rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Truth(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// The value that a text is.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut parser = Parser(text);
    let value = parser.value()?;
    parser.space();
    parser.0.is_empty().then_some(value)
}

struct Parser<'a>(&'a str);

impl Parser<'_> {
    fn space(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn takes(&mut self, start: &str) -> bool {
        match self.0.strip_prefix(start) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.space();
        for (word, value) in [
            ("null", Value::Null),
            ("true", Value::Truth(true)),
            ("false", Value::Truth(false)),
        ] {
            if self.takes(word) {
                return Some(value);
            }
        }
        match self.0.chars().next()? {
            '"' => self.text().map(Value::Text),
            '[' => self.list(),
            '{' => self.object(),
            _ => self.number(),
        }
    }

    fn list(&mut self) -> Option<Value> {
        let mut values = Vec::new();
        self.takes("[");
        self.space();
        if self.takes("]") {
            return Some(Value::List(values));
        }
        loop {
            values.push(self.value()?);
            self.space();
            if self.takes("]") {
                return Some(Value::List(values));
            }
            self.takes(",").then_some(())?;
        }
    }

    fn object(&mut self) -> Option<Value> {
        let mut members = Vec::new();
        self.takes("{");
        self.space();
        if self.takes("}") {
            return Some(Value::Object(members));
        }
        loop {
            self.space();
            let name = self.text()?;
            self.space();
            self.takes(":").then_some(())?;
            members.push((name, self.value()?));
            self.space();
            if self.takes("}") {
                return Some(Value::Object(members));
            }
            self.takes(",").then_some(())?;
        }
    }

    fn digits(&mut self) -> Option<String> {
        let end = self
            .0
            .find(|digit: char| !digit.is_ascii_digit())
            .unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        (!digits.is_empty()).then(|| digits.to_owned())
    }

    fn number(&mut self) -> Option<Value> {
        let mut number = String::new();
        if self.takes("-") {
            number.push('-');
        }
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        number += &whole;
        if self.takes(".") {
            number = format!("{number}.{}", self.digits()?);
        }
        if self.takes("e") || self.takes("E") {
            let sign = if self.takes("-") { "-" } else { "" };
            if sign.is_empty() {
                self.takes("+");
            }
            number = format!("{number}e{sign}{}", self.digits()?);
        }
        Some(Value::Number(number))
    }

    fn text(&mut self) -> Option<String> {
        self.takes("\"").then_some(())?;
        let mut text = String::new();
        let mut rest = self.0.chars();
        loop {
            match rest.next()? {
                '"' => break,
                '\\' => text.push(escaped(&mut rest)?),
                '\0'..='\u{1f}' => return None,
                character => text.push(character),
            }
        }
        self.0 = rest.as_str();
        Some(text)
    }
}

fn escaped(rest: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match rest.next()? {
        '"' => '"',
        '\\' => '\\',
        '/' => '/',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let first = four_digits(rest)?;
            match first {
                0xd800..=0xdbff => {
                    (rest.next() == Some('\\') && rest.next() == Some('u')).then_some(())?;
                    let second = four_digits(rest)?;
                    (0xdc00..=0xdfff).contains(&second).then_some(())?;
                    char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?
                }
                _ => char::from_u32(first)?,
            }
        }
        _ => return None,
    })
}

fn four_digits(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |number, _| {
        Some(number << 4 | rest.next()?.to_digit(16)?)
    })
}
