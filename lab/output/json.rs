// SPDX-License-Identifier: GPL-2.0

//! Cells for programs: JSON Lines (RFC 8259, one object a line).

use super::cell::{
    Cell,
    Column, //
};
use core::fmt::{self, Write};

/// Writes one object, member by member.
pub(crate) struct Object<'a> {
    to: &'a mut dyn Write,
    is_empty: bool,
}

impl<'a> Object<'a> {
    /// Opens an object.
    pub(crate) fn open(to: &'a mut dyn Write) -> Result<Self, fmt::Error> {
        to.write_char('{')?;
        Ok(Self { to, is_empty: true })
    }

    /// Adds a member.
    pub(crate) fn member(&mut self, key: &str, value: Cell<'_>) -> fmt::Result {
        if !self.is_empty {
            self.to.write_char(',')?;
        }
        self.is_empty = false;
        write_string(self.to, &key)?;
        self.to.write_char(':')?;
        write_value(self.to, value)?;
        if let Cell::OutOf(_, whole) = value {
            self.to.write_char(',')?;
            write_string(self.to, &format_args!("{key}_of"))?;
            write!(self.to, ":{whole}")?;
        }
        Ok(())
    }

    /// Adds a member for each cell, called as its column is.
    pub(crate) fn members(&mut self, columns: &[Column], cells: &[Cell<'_>]) -> fmt::Result {
        for (column, cell) in columns.iter().zip(cells) {
            self.member(column.key, *cell)?;
        }
        Ok(())
    }

    /// Adds a member that is a list of numbers.
    pub(crate) fn numbers(&mut self, key: &str, numbers: &[u64]) -> fmt::Result {
        if !self.is_empty {
            self.to.write_char(',')?;
        }
        self.is_empty = false;
        write_string(self.to, &key)?;
        self.to.write_str(":[")?;
        for (index, number) in numbers.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(self.to, "{separator}{number}")?;
        }
        self.to.write_char(']')
    }

    /// Closes the object, and the line.
    pub(crate) fn close(self) -> fmt::Result {
        self.to.write_str("}\n")
    }
}

fn write_value(to: &mut dyn Write, value: Cell<'_>) -> fmt::Result {
    match value {
        Cell::Nothing => to.write_str("null"),
        Cell::Number(number)
        | Cell::Bytes(number)
        | Cell::BytesAtMost(number)
        | Cell::OutOf(number, _) => {
            write!(to, "{number}")
        }
        Cell::Signed(number) => write!(to, "{number}"),
        Cell::Percent(share) => write!(to, "{share}"),
        Cell::Truth(truth) => write!(to, "{truth}"),
        Cell::Hex(number) => write_string(to, &format_args!("{number:#x}")),
        Cell::Words(words) => write_string(to, &words),
        Cell::Shown(value) => write_string(to, value),
    }
}

fn write_string(to: &mut dyn Write, value: &dyn fmt::Display) -> fmt::Result {
    to.write_char('"')?;
    write!(Escaping { to }, "{value}")?;
    to.write_char('"')
}

/// Escapes what may not stand in a JSON string.
struct Escaping<'a> {
    to: &'a mut dyn Write,
}

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '"' => self.to.write_str("\\\"")?,
                '\\' => self.to.write_str("\\\\")?,
                '\n' => self.to.write_str("\\n")?,
                '\t' => self.to.write_str("\\t")?,
                '\0'..='\u{1f}' | '\u{7f}' => write!(self.to, "\\u{:04x}", u32::from(character))?,
                _ => self.to.write_char(character)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::PerMille;

    fn object(write: impl FnOnce(&mut Object<'_>) -> fmt::Result) -> String {
        let mut text = String::new();
        let mut object = Object::open(&mut text).unwrap();
        write(&mut object).unwrap();
        object.close().unwrap();
        text
    }

    #[test]
    fn each_kind_of_cell_has_a_form() {
        let text = object(|object| {
            object.member("a", Cell::Nothing)?;
            object.member("b", Cell::Number(u64::MAX))?;
            object.member("c", Cell::Bytes(4096))?;
            object.member("d", Cell::Percent(PerMille::of(1, 3)))?;
            object.member("e", Cell::OutOf(2, 3))?;
            object.member("f", Cell::Truth(false))?;
            object.numbers("g", &[1, 2])?;
            object.numbers("h", &[])?;
            object.member("i", Cell::Signed(-7))?;
            object.member("j", Cell::Shown(&"a\"b"))?;
            object.member("k", Cell::Hex(0xff))?;
            object.member("l", Cell::Words("x"))
        });
        assert_eq!(
            text,
            "{\"a\":null,\"b\":18446744073709551615,\"c\":4096,\"d\":33.3,\"e\":2,\"e_of\":3,\
             \"f\":false,\"g\":[1,2],\"h\":[],\"i\":-7,\"j\":\"a\\\"b\",\"k\":\"0xff\",\"l\":\"x\"}\n"
        );
    }

    #[test]
    fn strings_are_escaped() {
        let text = object(|object| object.member("k\"", Cell::Words("a\"\\\n\t\u{1}\u{7f}é")));
        assert_eq!(text, "{\"k\\\"\":\"a\\\"\\\\\\n\\t\\u0001\\u007fé\"}\n");
    }

    #[test]
    fn an_empty_object_is_an_object() {
        assert_eq!(object(|_| Ok(())), "{}\n");
    }
}
