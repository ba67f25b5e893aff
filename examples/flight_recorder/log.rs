// SPDX-License-Identifier: GPL-2.0

//! A stream without end, of which the newest part is there.
//!
//! It lies in segments, none of which ends within a record. They are taken one by one, as they are
//! needed; when there may be no more, or is no memory, the oldest is used again.

use crate::{
    ring::Ring,
    segment::Segment, //
};
use kernel::prelude::*;
use memalloc::Order;

/// The most segments of a log: who wants a longer one takes larger segments. A read looks for its
/// segment from the oldest on, while writers wait.
pub(crate) const MAX_SEGMENTS: u32 = 4096;

pub(crate) struct Log {
    order: Order,
    segments: Ring<Segment>,
}

/// Bytes that lie together in a log.
pub(crate) struct Piece<'a> {
    /// Where in the log they are.
    pub(crate) start: u64,
    pub(crate) bytes: &'a [u8],
}

impl Log {
    /// An empty log, which gets `max_segments` segments at most, of at least one.
    ///
    /// # Errors
    ///
    /// `ENOMEM`.
    pub(crate) fn new(order: Order, max_segments: u32) -> Result<Self> {
        Ok(Self {
            order,
            segments: Ring::new(max_segments as usize)?,
        })
    }

    /// Where the next record goes.
    pub(crate) fn end(&self) -> u64 {
        self.segments.newest().map_or(0, Segment::end)
    }

    /// Where the oldest record is.
    pub(crate) fn oldest(&self) -> u64 {
        self.segments.oldest().map_or(0, Segment::start)
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
        if let Some(newest) = self.segments.newest_mut() {
            if newest.append(parts).is_some() {
                return Ok(());
            }
        }
        let mut next = self.next_segment()?;
        let appended = next.append(parts).ok_or(EMSGSIZE);
        self.segments.push(next)?;
        appended
    }

    /// An empty segment: a new one, or else the oldest.
    fn next_segment(&mut self) -> Result<Segment> {
        let end = self.end();
        if !self.segments.is_full() {
            if let Ok(segment) = Segment::new(self.order, end) {
                return Ok(segment);
            }
        }
        let mut oldest = self.segments.pop().ok_or(ENOMEM)?;
        oldest.move_to(end);
        Ok(oldest)
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
