// SPDX-License-Identifier: GPL-2.0

//! The files that take commands: one is written, and its answer read back from the same open file.

use super::documents::{
    copy_from,
    write_scenarios, //
};
use crate::{
    lab::{
        answer::Answer,
        command,
        held,
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
    fmt::{
        self,
        Write, //
    },
    marker::PhantomData,
    mem,
    ops::Range,
    ptr, //
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

/// What a file makes of the commands that are written to it.
pub(super) trait Commands: Send + Sync + 'static {
    /// Carries out one command.
    fn execute(lab: &Lab, bytes: &[u8]) -> Result<Executed>;

    /// Writes what a reader sees who wrote nothing.
    fn write_greeting(lab: &Lab, to: &mut dyn Write) -> fmt::Result;
}

/// `run`: runs scenarios.
pub(super) enum RunCommands {}

impl Commands for RunCommands {
    fn execute(lab: &Lab, bytes: &[u8]) -> Result<Executed> {
        lab.execute(bytes)
    }

    fn write_greeting(_lab: &Lab, to: &mut dyn Write) -> fmt::Result {
        writeln!(
            to,
            "Write SCENARIO [key=value ...] here, and read the answer from the same open file;\n\
             or write here, and read the file 'report'.\n"
        )?;
        write_scenarios(to)
    }
}

/// `held`: allocates under a name, and frees.
pub(super) enum HeldCommands {}

impl Commands for HeldCommands {
    fn execute(lab: &Lab, bytes: &[u8]) -> Result<Executed> {
        lab.execute_on_held(bytes)
    }

    fn write_greeting(lab: &Lab, to: &mut dyn Write) -> fmt::Result {
        lab.write_held(to)?;
        held::write_syntax(to)
    }
}

/// What the next read copies from.
#[derive(Clone)]
enum Content {
    /// Nothing was written yet: how to use the file, or what is there.
    Greeting(Arc<Text>),
    /// The answer to the last command written here.
    Answer(Arc<Answer>),
    /// There is none: the command did not arrive, or there was no memory for an answer.
    Lost,
}

impl Content {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Greeting(text) => text.as_bytes(),
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

/// An open file for commands of kind `K`.
#[pin_data]
pub(super) struct CommandFile<K: Commands> {
    lab: Arc<Lab>,
    /// Held to look and to change, and never during a run or a copy to user space.
    #[pin]
    cursor: Mutex<Cursor>,
    _kind: PhantomData<fn() -> K>,
}

impl<K: Commands> OpenFile for CommandFile<K> {
    type Shared = Lab;
    const KIND: Kind = Kind::Stream;

    fn open(lab: Arc<Lab>) -> Result<Pin<KBox<Self>>> {
        let mut greeting = Text::new();
        K::write_greeting(&lab, &mut greeting).map_err(|_| ENOMEM)?;
        let cursor = Cursor {
            content: Content::Greeting(Arc::new(greeting, GFP_KERNEL)?),
            position: 0,
        };
        KBox::pin_init(
            pin_init!(Self {
                lab,
                cursor <- new_mutex!(cursor, "CommandFile::cursor"),
                _kind: PhantomData,
            }),
            GFP_KERNEL,
        )
    }

    fn read(&self, _position: usize, destination: &mut UserSliceWriter) -> Result<usize> {
        let (content, part) = self.take_part(destination.len());
        let copied = copy_from(content.as_bytes(), part.start, destination);
        if copied.is_err() {
            self.give_back(&content, part);
        }
        copied
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

impl<K: Commands> CommandFile<K> {
    /// What the next read copies, of so many bytes at most. It is taken before it is copied, so that
    /// of two readers each gets its own part.
    fn take_part(&self, max_bytes: usize) -> (Content, Range<usize>) {
        let mut cursor = self.cursor.lock();
        let start = cursor.position;
        let rest = cursor.content.as_bytes().len().saturating_sub(start);
        cursor.position += rest.min(max_bytes);
        (cursor.content.clone(), start..cursor.position)
    }

    /// Lets the next read begin with a part that could not be copied, unless somebody has read on.
    fn give_back(&self, content: &Content, part: Range<usize>) {
        let mut cursor = self.cursor.lock();
        let is_same = ptr::eq(cursor.content.as_bytes(), content.as_bytes());
        if is_same && cursor.position == part.end {
            cursor.position = part.start;
        }
    }

    fn execute(&self, source: &mut UserSliceReader) -> Result<Executed> {
        if source.len() > command::MAX_BYTES {
            return self.lab.refuse_size(source.len());
        }
        let mut bytes = KVec::with_capacity(source.len(), GFP_KERNEL)?;
        source.clone_reader().read_all(&mut bytes, GFP_KERNEL)?;
        K::execute(&self.lab, &bytes)
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
