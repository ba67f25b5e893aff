// SPDX-License-Identifier: GPL-2.0

//! The file `/dev/flight_recorder`.

use crate::{
    log::{
        Log,
        Lost, //
    },
    Shared,
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
    sync::{
        Arc,
        Mutex, //
    },
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

/// What is shared by all who have the file open.
#[pin_data]
pub(crate) struct Recorder {
    started: Instant<Monotonic>,
    #[pin]
    log: Mutex<Log>,
}

impl Recorder {
    pub(crate) fn new(log: Log) -> Result<Arc<Self>> {
        Arc::pin_init(
            pin_init!(Self {
                started: Instant::now(),
                log <- new_mutex!(log),
            }),
            GFP_KERNEL,
        )
    }

    /// Appends a message, with the time and its writer before it, and a line's end behind.
    fn record(&self, message: &[u8]) -> Result {
        let time_us = self.started.elapsed().as_nanos() / 1000;
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
    fn copy(&self, position: u64, max_bytes: usize) -> Result<Result<KmallocBox<[u8]>, Lost>> {
        let log = self.log.lock();
        Ok(match log.read(position) {
            Ok(bytes) => {
                let bytes = bytes.get(..max_bytes).unwrap_or(bytes);
                Ok(KmallocBox::copy_of(bytes, Gfp::KERNEL)?)
            }
            Err(lost) => Err(lost),
        })
    }
}

/// Somebody who has the file open.
#[pin_data]
pub(crate) struct Reader {
    recorder: Arc<Recorder>,
    /// How far it has read. Taken before the lock of the log.
    #[pin]
    position: Mutex<u64>,
}

#[vtable]
impl MiscDevice for Reader {
    type Ptr = Pin<KmallocBox<Self>>;

    fn open(_file: &File, _device: &MiscDeviceRegistration<Self>) -> Result<Self::Ptr> {
        let recorder = Shared::get()?;
        let oldest = recorder.log.lock().oldest();
        KmallocBox::new_uninit(Gfp::KERNEL)?.write_pin_init(try_pin_init!(Self {
            recorder,
            position <- new_mutex!(oldest),
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
        kiocb.file().recorder.record(message)?;
        Ok(message.len())
    }

    /// Reads on, and does not wait at the end. What gave way before it was read is told once, by
    /// `EPIPE`; after that it goes on with the oldest that there is.
    fn read_iter(kiocb: Kiocb<'_, Self::Ptr>, to: &mut IovIterDest<'_>) -> Result<usize> {
        let reader = kiocb.file();
        let mut position = reader.position.lock();
        match reader.recorder.copy(*position, to.len().min(PAGE_SIZE))? {
            Ok(bytes) => {
                let copied_bytes = to.copy_to_iter(&bytes);
                if copied_bytes == 0 && !bytes.is_empty() {
                    return Err(EFAULT);
                }
                *position += copied_bytes as u64;
                Ok(copied_bytes)
            }
            Err(lost) => {
                *position = lost.oldest;
                Err(EPIPE)
            }
        }
    }

    /// What `/proc/PID/fdinfo/FD` says of the file.
    fn show_fdinfo(reader: Pin<&Self>, text: &SeqFile, _file: &File) {
        let position = *reader.position.lock();
        let log = reader.recorder.log.lock();
        kernel::seq_print!(
            text,
            "segments:\t{}\noldest:\t{}\nposition:\t{}\nend:\t{}\n",
            log.segments(),
            log.oldest(),
            position,
            log.end()
        );
    }
}
