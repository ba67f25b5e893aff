// SPDX-License-Identifier: GPL-2.0

//! `run`: a command is written, and its answer read back from the same open file.

use super::documents::{
    copy_from,
    write_scenarios, //
};
use crate::{
    lab::{
        answer::Answer,
        command,
        output::text::Text,
        Lab, //
    },
    platform::debugfs::{
        Kind,
        OpenFile, //
    },
};
use core::fmt::Write;
use kernel::{
    new_mutex,
    prelude::*,
    sync::{
        Arc,
        Mutex, //
    },
    uaccess::{
        UserSliceReader,
        UserSliceWriter, //
    },
};

/// What the next read copies from.
#[derive(Clone)]
enum Content {
    /// Nothing was written yet: how to use the file.
    Syntax(Arc<Text>),
    /// The answer to the last command written here.
    Answer(Arc<Answer>),
}

impl Content {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Syntax(text) => text.as_bytes(),
            Self::Answer(answer) => answer.report(),
        }
    }
}

/// What was copied, and what is next.
struct Cursor {
    content: Content,
    position: usize,
}

/// An open `run` file.
#[pin_data]
pub(super) struct RunFile {
    lab: Arc<Lab>,
    /// Held to look and to change, and never during a run or a copy to user space.
    #[pin]
    cursor: Mutex<Cursor>,
}

impl OpenFile for RunFile {
    type Shared = Lab;
    const KIND: Kind = Kind::Stream;

    fn open(lab: Arc<Lab>) -> Result<Pin<KBox<Self>>> {
        let cursor = Cursor {
            content: Content::Syntax(Arc::new(syntax()?, GFP_KERNEL)?),
            position: 0,
        };
        KBox::pin_init(
            pin_init!(Self {
                lab,
                cursor <- new_mutex!(cursor, "RunFile::cursor"),
            }),
            GFP_KERNEL,
        )
    }

    fn read(&self, _position: usize, destination: &mut UserSliceWriter) -> Result<usize> {
        let (content, position) = {
            let mut cursor = self.cursor.lock();
            let position = cursor.position;
            // Taken before it is copied, so that of two readers each gets its own part.
            let rest = cursor.content.as_bytes().len().saturating_sub(position);
            cursor.position += rest.min(destination.len());
            (cursor.content.clone(), position)
        };
        copy_from(content.as_bytes(), position, destination)
    }

    fn write(&self, source: &mut UserSliceReader) -> Result {
        let executed = if source.len() > command::MAX_BYTES {
            self.lab.refuse_size(source.len())?
        } else {
            let mut bytes = KVec::with_capacity(source.len(), GFP_KERNEL)?;
            source.clone_reader().read_all(&mut bytes, GFP_KERNEL)?;
            self.lab.execute(&bytes)?
        };
        *self.cursor.lock() = Cursor {
            content: Content::Answer(executed.answer),
            position: 0,
        };
        executed.result
    }
}

/// What a reader sees who wrote nothing.
fn syntax() -> Result<Text> {
    let mut text = Text::new();
    writeln!(
        text,
        "Write SCENARIO [key=value ...] here, and read the answer from the same open file;\n\
         or write here, and read the file 'report'.\n"
    )
    .and_then(|()| write_scenarios(&mut text))
    .map_err(|_| ENOMEM)?;
    Ok(text)
}
