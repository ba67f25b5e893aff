// SPDX-License-Identifier: GPL-2.0

//! What each of several CPUs did.

use super::{
    super::stop::Stop,
    halt::Halt,
    recording::Recording, //
};
use kernel::prelude::*;

/// What one CPU did.
pub(crate) struct Share {
    pub(crate) recording: Recording,
    /// From the common start on.
    pub(crate) elapsed_ns: u64,
    pub(super) ended: Result<(), Halt>,
}

/// What each CPU did.
pub(crate) struct Shares(pub(super) KVec<Share>);

impl Shares {
    /// Room for as many CPUs.
    pub(super) fn new(workers: usize) -> Result<Self, Stop> {
        let mut shares = KVec::with_capacity(workers, GFP_KERNEL)?;
        for _ in 0..workers {
            let share = Share {
                recording: Recording::new()?,
                elapsed_ns: 0,
                ended: Ok(()),
            };
            shares.push(share, GFP_KERNEL)?;
        }
        Ok(Self(shares))
    }

    /// Each CPU's.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Share> {
        self.0.iter()
    }

    /// How the series ended. A worker that was told to stop has less to say than the one that made
    /// it stop.
    pub(crate) fn ended(&self) -> Result<(), Halt> {
        let mut ended = Ok(());
        for share in &self.0 {
            match share.ended {
                Ok(()) => {}
                Err(Halt::Stop(Stop::Cancelled)) if ended.is_err() => {}
                halted => ended = halted,
            }
        }
        ended
    }
}
