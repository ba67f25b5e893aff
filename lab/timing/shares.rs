// SPDX-License-Identifier: GPL-2.0

//! What each of several CPUs did.

use super::{
    super::stop::Stop,
    patterns::Halt,
    recording::Recording, //
};
use kernel::{
    new_mutex,
    prelude::*,
    sync::Mutex, //
};

/// What one CPU did.
pub(crate) struct Share {
    pub(crate) recording: Recording,
    /// From the common start on.
    pub(crate) elapsed_ns: u64,
    pub(super) ended: Result<(), Halt>,
}

/// Something for each worker.
pub(super) type PerWorker<T> = KVec<Pin<KBox<Mutex<T>>>>;

/// Adds something for one more worker.
pub(super) fn push<T>(all: &mut PerWorker<T>, value: T) -> Result<(), Stop> {
    let value = KBox::pin_init(new_mutex!(value, "PerWorker"), GFP_KERNEL);
    Ok(all.push(value.map_err(|_| Stop::AnswerFailed)?, GFP_KERNEL)?)
}

/// What each CPU did.
pub(crate) struct Shares(PerWorker<Share>);

impl Shares {
    /// Room for as many CPUs.
    pub(super) fn new(workers: usize) -> Result<Self, Stop> {
        let mut shares = KVec::new();
        for _ in 0..workers {
            let share = Share {
                recording: Recording::new()?,
                elapsed_ns: 0,
                ended: Ok(()),
            };
            push(&mut shares, share)?;
        }
        Ok(Self(shares))
    }

    /// The share of one worker.
    pub(super) fn get(&self, index: usize) -> Option<&Mutex<Share>> {
        self.0.get(index).map(|share| &**share)
    }

    /// How the series ended. A worker that was told to stop has less to say than the one that made
    /// it stop.
    pub(crate) fn ended(&self) -> Result<(), Halt> {
        let mut ended = Ok(());
        for share in &self.0 {
            match share.lock().ended {
                Ok(()) => {}
                Err(Halt::Stop(Stop::Cancelled)) if ended.is_err() => {}
                halted => ended = halted,
            }
        }
        ended
    }

    /// Looks at what each CPU did.
    pub(crate) fn for_each(
        &self,
        mut look: impl FnMut(usize, &Share) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        for (index, share) in self.0.iter().enumerate() {
            look(index, &share.lock())?;
        }
        Ok(())
    }
}
