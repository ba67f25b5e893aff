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
        Executed,
        Lab, //
    },
    platform::debugfs::{
        Kind,
        OpenFile, //
    },
};
use core::{
    fmt::Write,
    mem, //
};
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
    /// There is none: the command did not arrive, or there was no memory for an answer.
    Lost,
}

impl Content {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Syntax(text) => text.as_bytes(),
            Self::Answer(answer) => answer.report(),
            Self::Lost => b"no answer: the command did not arrive, or there was no memory\n",
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
        match self.execute(source) {
            Ok(Executed { answer, result }) => {
                self.show(Content::Answer(answer));
                result
            }
            Err(error) => {
                self.show(Content::Lost);
                Err(error)
            }
        }
    }
}

impl RunFile {
    fn execute(&self, source: &mut UserSliceReader) -> Result<Executed> {
        if source.len() > command::MAX_BYTES {
            return self.lab.refuse_size(source.len());
        }
        let mut bytes = KVec::with_capacity(source.len(), GFP_KERNEL)?;
        source.clone_reader().read_all(&mut bytes, GFP_KERNEL)?;
        self.lab.execute(&bytes)
    }

    /// Lets the next read begin with `content`. The old content may be large, and is dropped only
    /// when the lock is free again.
    fn show(&self, content: Content) {
        let cursor = Cursor {
            content,
            position: 0,
        };
        let old = mem::replace(&mut *self.cursor.lock(), cursor);
        drop(old);
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
