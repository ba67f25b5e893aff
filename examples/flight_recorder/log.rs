// SPDX-License-Identifier: GPL-2.0

//! A stream without end, of which the newest part is there.
//!
//! It lies in segments, none of which ends within a record. They are taken one by one, as they are
//! needed; when there may be no more, or is no memory, the oldest is used again.

use crate::segment::Segment;
use kernel::{
    prelude::*,
    sync::Arc, //
};
use memalloc::{
    gfp::Gfp,
    Cache,
    CacheBox,
    CacheOptions,
    Order, //
};

pub(crate) struct Log {
    cache: Arc<Cache<Segment>>,
    order: Order,
    max_segments: usize,
    /// The oldest first.
    segments: KVec<CacheBox<Segment>>,
}

/// What was asked for gave way to newer records. The oldest that there is begins here.
pub(crate) struct Lost {
    pub(crate) oldest: u64,
}

impl Log {
    /// An empty log.
    ///
    /// # Errors
    ///
    /// `EINVAL`, if there may be no segments, and `ENOMEM`.
    pub(crate) fn new(order: Order, max_segments: u32) -> Result<Self> {
        if max_segments == 0 {
            return Err(EINVAL);
        }
        let cache = Cache::new(c"flight_segment", CacheOptions::new().accounted())?;
        Ok(Self {
            cache: Arc::new(cache, GFP_KERNEL)?,
            order,
            max_segments: max_segments as usize,
            segments: KVec::new(),
        })
    }

    /// Where the next record goes.
    pub(crate) fn end(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.end())
    }

    /// Where the oldest record is.
    pub(crate) fn oldest(&self) -> u64 {
        self.segments.first().map_or(0, |segment| segment.start())
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
    fn next_segment(&mut self) -> Result<CacheBox<Segment>> {
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

    fn new_segment(&mut self, start: u64) -> Result<CacheBox<Segment>> {
        self.segments.reserve(1, GFP_KERNEL)?;
        let segment = Segment::new(self.order, start)?;
        Ok(Cache::allocate(self.cache.clone(), segment, Gfp::KERNEL)?)
    }

    /// Bytes from a place on, as many as lie together. At the end there are none.
    ///
    /// # Errors
    ///
    /// What was there gave way.
    pub(crate) fn read(&self, position: u64) -> Result<&[u8], Lost> {
        let oldest = self.oldest();
        if position < oldest {
            return Err(Lost { oldest });
        }
        let holder = self
            .segments
            .iter()
            .find(|segment| position < segment.end());
        Ok(holder
            .and_then(|segment| segment.bytes_from(position))
            .unwrap_or(&[]))
    }
}
