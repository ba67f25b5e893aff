// SPDX-License-Identifier: GPL-2.0

//! Cells for people: aligned columns, or one figure a line.

use super::{
    super::quantity::BytesText,
    cell::{
        Cell,
        Column,
        Side, //
    },
};
use core::fmt::{self, Write};

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nothing => f.write_str("-"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bytes(bytes) => write!(f, "{}", BytesText(bytes)),
            Self::BytesAtMost(bytes) => write!(f, "<={}", BytesText(bytes)),
            Self::Percent(share) => write!(f, "{share}"),
            Self::OutOf(part, whole) => write!(f, "{part}/{whole}"),
            Self::Truth(true) => f.write_str("yes"),
            Self::Truth(false) => f.write_str("no"),
            Self::Hex(number) => write!(f, "{number:#x}"),
            Self::Signed(number) => write!(f, "{number:+}"),
            Self::Words(words) => f.write_str(words),
            Self::Shown(value) => value.fmt(f),
        }
    }
}

/// Counts the bytes of what is written, which is its width: all our texts are ASCII.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

fn length(value: &dyn fmt::Display) -> usize {
    let mut length = Length(0);
    match write!(length, "{value}") {
        Ok(()) => length.0,
        Err(fmt::Error) => 0,
    }
}

fn write_spaces(to: &mut dyn Write, count: usize) -> fmt::Result {
    (0..count).try_for_each(|_| to.write_char(' '))
}

fn write_line<'a>(
    to: &mut dyn Write,
    columns: &[Column],
    values: impl Iterator<Item = &'a dyn fmt::Display>,
) -> fmt::Result {
    // Spaces are owed until something follows them, so that no line ends in one.
    let mut owed = 0;
    for (index, (column, value)) in columns.iter().zip(values).enumerate() {
        if index > 0 {
            owed += 2;
        }
        let padding = column.width.saturating_sub(length(value));
        if column.side == Side::Right {
            owed += padding;
        }
        write_spaces(to, owed)?;
        write!(to, "{value}")?;
        owed = match column.side {
            Side::Left => padding,
            Side::Right => 0,
        };
    }
    to.write_char('\n')
}

/// Writes the headings of `columns`.
pub(crate) fn write_head(to: &mut dyn Write, columns: &[Column]) -> fmt::Result {
    write_line(
        to,
        columns,
        columns
            .iter()
            .map(|column| &column.title as &dyn fmt::Display),
    )
}

/// Writes a row of cells below the headings.
pub(crate) fn write_row(to: &mut dyn Write, columns: &[Column], cells: &[Cell<'_>]) -> fmt::Result {
    write_line(
        to,
        columns,
        cells.iter().map(|cell| cell as &dyn fmt::Display),
    )
}

/// Writes a row as one figure a line.
pub(crate) fn write_list(
    to: &mut dyn Write,
    columns: &[Column],
    cells: &[Cell<'_>],
) -> fmt::Result {
    for (column, cell) in columns.iter().zip(cells) {
        writeln!(to, "{:<24}{cell}", column.title)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::left("allocator", "allocator", 9),
        Column::right("size_bytes", "size", 6),
        Column::left("outcome", "outcome", 8),
    ];

    #[test]
    fn columns_align_and_no_line_ends_in_a_space() {
        let mut text = String::new();
        write_head(&mut text, COLUMNS).unwrap();
        write_row(
            &mut text,
            COLUMNS,
            &[Cell::Words("pages"), Cell::Bytes(4096), Cell::Nothing],
        )
        .unwrap();
        write_row(
            &mut text,
            COLUMNS,
            &[Cell::Words("kmalloc"), Cell::BytesAtMost(64), Cell::Nothing],
        )
        .unwrap();
        assert_eq!(
            text,
            "allocator    size  outcome\n\
             pages          4K  -\n\
             kmalloc      <=64  -\n"
        );
    }

    #[test]
    fn a_cell_that_is_too_long_keeps_its_distance() {
        let mut text = String::new();
        write_row(
            &mut text,
            COLUMNS,
            &[
                Cell::Words("a-very-long-word"),
                Cell::Number(1_234_567_890),
                Cell::Truth(true),
            ],
        )
        .unwrap();
        assert_eq!(text, "a-very-long-word  1234567890  yes\n");
    }
}
