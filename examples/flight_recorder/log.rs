// SPDX-License-Identifier: GPL-2.0

//! A stream without end, of which the newest part is there.
//!
//! It lies in segments, none of which ends within a record. They are taken one by one, as they are
//! needed; when there may be no more, or is no memory, the oldest is used again.

use crate::segment::Segment;
use kernel::prelude::*;
use memalloc::Order;

pub(crate) struct Log {
    order: Order,
    max_segments: usize,
    /// The oldest first.
    segments: KVec<Segment>,
}

/// Bytes that lie together in a log.
pub(crate) struct Piece<'a> {
    /// Where in the log they are.
    pub(crate) start: u64,
    pub(crate) bytes: &'a [u8],
}

impl Log {
    /// An empty log.
    ///
    /// # Errors
    ///
    /// `EINVAL`, if there may be no segments.
    pub(crate) fn new(order: Order, max_segments: u32) -> Result<Self> {
        if max_segments == 0 {
            return Err(EINVAL);
        }
        Ok(Self {
            order,
            max_segments: max_segments as usize,
            segments: KVec::new(),
        })
    }

    /// Where the next record goes.
    pub(crate) fn end(&self) -> u64 {
        self.segments.last().map_or(0, Segment::end)
    }

    /// Where the oldest record is.
    pub(crate) fn oldest(&self) -> u64 {
        self.segments.first().map_or(0, Segment::start)
    }

    /// How many blocks of pages it has.
    pub(crate) fn segments(&self) -> usize {
        self.segments.len()
    }

    /// Appends a record, which is given in parts.
    ///
    /// # Errors
    ///
    /// `EMSGSIZE`, if it is larger than a segment, and `ENOMEM`, if there is no segment at all.
    pub(crate) fn append(&mut self, parts: &[&[u8]]) -> Result {
        if let Some(newest) = self.segments.last_mut() {
            if newest.append(parts).is_some() {
                return Ok(());
            }
        }
        let mut next = self.next_segment()?;
        let appended = next.append(parts).ok_or(EMSGSIZE);
        // There is room: the segment was taken from there, or the room was made before.
        self.segments.push(next, GFP_KERNEL)?;
        appended
    }

    /// An empty segment: a new one, or else the oldest.
    fn next_segment(&mut self) -> Result<Segment> {
        let end = self.end();
        if self.segments.len() < self.max_segments {
            match self.new_segment(end) {
                Ok(segment) => return Ok(segment),
                Err(error) if self.segments.is_empty() => return Err(error),
                Err(_) => (),
            }
        }
        let mut oldest = self.segments.remove(0).map_err(|_| EINVAL)?;
        oldest.move_to(end);
        Ok(oldest)
    }

    fn new_segment(&mut self, start: u64) -> Result<Segment> {
        self.segments.reserve(1, GFP_KERNEL_ACCOUNT)?;
        Ok(Segment::new(self.order, start)?)
    }

    /// The bytes at a place, or, if these gave way, the oldest that there are: as many as lie
    /// together. At the end there are none.
    pub(crate) fn read(&self, position: u64) -> Piece<'_> {
        let start = position.max(self.oldest());
        let holder = self.segments.iter().find(|segment| start < segment.end());
        let bytes = holder.and_then(|segment| segment.bytes_from(start));
        Piece {
            start,
            bytes: bytes.unwrap_or(&[]),
        }
    }
}
