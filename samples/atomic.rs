// SPDX-License-Identifier: GPL-2.0

//! Events that are reported where nobody may sleep, and read where one may.

mod repeat;

use kernel::{
    new_spinlock,
    prelude::*,
    sync::SpinLock, //
};
use memalloc::{
    gfp::Gfp,
    KmallocBox, //
};

module! {
    type: Mailbox,
    name: "sample_atomic_rust",
    authors: ["The rust_memalloc authors"],
    description: "Allocating in atomic context, in Rust",
    license: "GPL",
}

struct Event {
    number: u32,
}

#[pin_data]
struct Mailbox {
    #[pin]
    events: SpinLock<[Option<KmallocBox<Event>>; 4]>,
}

impl Mailbox {
    fn new() -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            events <- new_spinlock!([const { None }; 4]),
        })
    }

    /// Allocates under the lock, as an interrupt handler does.
    fn report(&self, number: u32) -> Result {
        let mut events = self.events.lock();
        let free = events
            .iter_mut()
            .find(|event| event.is_none())
            .ok_or(ENOSPC)?;
        *free = Some(KmallocBox::new(Event { number }, Gfp::ATOMIC)?);
        Ok(())
    }

    /// Takes all events, and returns the sum of their numbers.
    fn collect(&self) -> u32 {
        let mut events = self.events.lock();
        let taken = events.iter_mut().filter_map(Option::take);
        taken.map(|event| event.number).sum()
    }
}

impl kernel::InPlaceModule for Mailbox {
    fn init(_module: &'static ThisModule) -> impl PinInit<Self, Error> {
        Self::new().pin_chain(|mailbox| {
            repeat::repeat(c"report", || {
                let outcome = mailbox.report(7).and_then(|()| mailbox.report(8));
                mailbox.collect();
                outcome
            });
            for number in 1..=5 {
                match mailbox.report(number) {
                    Err(error) if error == ENOSPC => {
                        pr_info!("there is no room for event {}\n", number);
                    }
                    outcome => outcome?,
                }
            }
            pr_info!("the sum of the events is {}\n", mailbox.collect());
            // One stays until the module goes.
            mailbox.report(6)
        })
    }
}
