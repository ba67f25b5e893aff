// SPDX-License-Identifier: GPL-2.0

//! A block of pages, and the piece of the log that it holds.

use memalloc::{
    gfp::Gfp,
    Failure,
    Order,
    PageBlock, //
};

/// A piece of the log.
pub(crate) struct Segment {
    block: PageBlock<u8>,
    /// Where in the log its first byte is.
    start: u64,
    used_bytes: usize,
}

impl Segment {
    /// An empty segment at a place in the log.
    ///
    /// # Errors
    ///
    /// There is no memory for it, without disturbing others.
    pub(crate) fn new(order: Order, start: u64) -> Result<Self, Failure> {
        // It counts as the memory of who writes just now, who need not be who opened the log.
        let gfp = Gfp::KERNEL.accounted().noretry().nowarn();
        Ok(Self {
            block: PageBlock::zeroed(order, gfp)?,
            start,
            used_bytes: 0,
        })
    }

    /// Forgets what is in it, and goes on at another place.
    pub(crate) fn move_to(&mut self, start: u64) {
        self.start = start;
        self.used_bytes = 0;
    }

    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    pub(crate) fn end(&self) -> u64 {
        self.start + self.used_bytes as u64
    }

    /// Appends the parts of a record, if there is room for all.
    pub(crate) fn append(&mut self, parts: &[&[u8]]) -> Option<()> {
        let record_bytes: usize = parts.iter().map(|part| part.len()).sum();
        let free = self.block.get_mut(self.used_bytes..)?;
        let mut room = free.get_mut(..record_bytes)?.iter_mut();
        for byte in parts.iter().copied().flatten() {
            *room.next()? = *byte;
        }
        self.used_bytes += record_bytes;
        Some(())
    }

    /// What it holds from a place in the log on.
    pub(crate) fn bytes_from(&self, position: u64) -> Option<&[u8]> {
        let offset = position.checked_sub(self.start)?.try_into().ok()?;
        self.block.get(..self.used_bytes)?.get(offset..)
    }
}
