// SPDX-License-Identifier: GPL-2.0

//! The file `/dev/flight_recorder`: each who opens it gets a log.

use crate::{
    log::Log,
    new_log, //
};
use core::fmt::Write;
use kernel::{
    fs::{
        File,
        Kiocb, //
    },
    iov::{
        IovIterDest,
        IovIterSource, //
    },
    miscdevice::{
        MiscDevice,
        MiscDeviceRegistration, //
    },
    new_mutex,
    page::PAGE_SIZE,
    prelude::*,
    seq_file::SeqFile,
    str::Formatter,
    sync::Mutex,
    time::{
        Instant,
        Monotonic, //
    },
};
use memalloc::{
    gfp::Gfp,
    Bytes,
    KmallocBox, //
};

/// What precedes a message at most.
const MAX_STAMP_BYTES: usize = 48;

/// The longest message, so that a record fits into the smallest segment. A longer write is cut, and
/// its writer goes on with the rest.
const MAX_MESSAGE_BYTES: usize = PAGE_SIZE - MAX_STAMP_BYTES - 1;

/// What is behind an open file, which may be open in many programs.
#[pin_data]
pub(crate) struct Recorder {
    opened: Instant<Monotonic>,
    /// Nobody sleeps with it, or with that of the log, for user space's sake.
    #[pin]
    reading: Mutex<Reading>,
    #[pin]
    log: Mutex<Log>,
}

/// How far a log was read.
struct Reading {
    position: u64,
    /// How much gave way before it was read.
    lost_bytes: u64,
}

/// A copy of bytes that lie together in a log.
struct Copied {
    /// Where in the log they were.
    start: u64,
    bytes: KmallocBox<[u8]>,
}

impl Recorder {
    /// Appends a message, with the time and its writer before it, and a line's end behind.
    fn record(&self, message: &[u8]) -> Result {
        let time_us = self.opened.elapsed().as_nanos() / 1000;
        let mut stamp = [0; MAX_STAMP_BYTES];
        let mut text = Formatter::new(&mut stamp);
        write!(
            text,
            "[{:5}.{:06}] {}: ",
            time_us / 1_000_000,
            time_us % 1_000_000,
            current!().pid()
        )?;
        let stamp_bytes = text.bytes_written();
        let line_end: &[u8] = match message {
            [.., b'\n'] => b"",
            _ => b"\n",
        };
        self.log
            .lock()
            .append(&[&stamp[..stamp_bytes], message, line_end])
    }

    /// A copy of what is at a place in the log, at most `max_bytes`.
    fn copy(&self, position: u64, max_bytes: usize) -> Result<Copied> {
        let log = self.log.lock();
        let piece = log.read(position);
        let bytes = piece.bytes.get(..max_bytes).unwrap_or(piece.bytes);
        Ok(Copied {
            start: piece.start,
            bytes: KmallocBox::copy_of(bytes, Gfp::KERNEL)?,
        })
    }
}

#[vtable]
impl MiscDevice for Recorder {
    type Ptr = Pin<KmallocBox<Self>>;

    fn open(_file: &File, _device: &MiscDeviceRegistration<Self>) -> Result<Self::Ptr> {
        let log = new_log()?;
        // This counts as the opener's memory, what the log grows by as that of its writers.
        KmallocBox::new_uninit(Gfp::KERNEL.accounted())?.write_pin_init(try_pin_init!(Self {
            opened: Instant::now(),
            reading <- new_mutex!(Reading {
                position: 0,
                lost_bytes: 0,
            }),
            log <- new_mutex!(log),
        }? Error))
    }

    /// Records what is written, as one message.
    fn write_iter(kiocb: Kiocb<'_, Self::Ptr>, from: &mut IovIterSource<'_>) -> Result<usize> {
        if from.is_empty() {
            return Ok(0);
        }
        let size = Bytes::new(from.len().min(MAX_MESSAGE_BYTES))?;
        let mut buffer = KmallocBox::bytes(size, Gfp::KERNEL)?;
        let message = from.copy_from_iter_raw(&mut buffer);
        if message.is_empty() {
            return Err(EFAULT);
        }
        kiocb.file().record(message)?;
        Ok(message.len())
    }

    /// Reads on, past what gave way, and does not wait at the end.
    fn read_iter(kiocb: Kiocb<'_, Self::Ptr>, to: &mut IovIterDest<'_>) -> Result<usize> {
        let recorder = kiocb.file();
        let position = recorder.reading.lock().position;
        let Copied { start, bytes } = recorder.copy(position, to.len().min(PAGE_SIZE))?;
        let copied_bytes = to.copy_to_iter(&bytes);
        if copied_bytes == 0 && !bytes.is_empty() {
            return Err(EFAULT);
        }
        let mut reading = recorder.reading.lock();
        // Who read at the same time got the same.
        if reading.position == position {
            reading.lost_bytes += start - position;
            reading.position = start + copied_bytes as u64;
        }
        Ok(copied_bytes)
    }

    /// What `/proc/PID/fdinfo/FD` says of the file.
    fn show_fdinfo(recorder: Pin<&Self>, text: &SeqFile, _file: &File) {
        let reading = recorder.reading.lock();
        kernel::seq_print!(
            text,
            "position:\t{}\nlost:\t{}\n",
            reading.position,
            reading.lost_bytes
        );
        drop(reading);
        let log = recorder.log.lock();
        kernel::seq_print!(
            text,
            "segments:\t{}\noldest:\t{}\nend:\t{}\n",
            log.segments(),
            log.oldest(),
            log.end()
        );
    }
}
