// SPDX-License-Identifier: GPL-2.0

//! Keeps the newest of what is written to a file, in memory.
//!
//! Who opens `/dev/flight_recorder` gets a log of its own, and may hand it on to other programs. What
//! these wrote before they crashed can still be read; what is old gives way. See the README.
//!
//! ```text
//! device.rs     the file: what a write records, and what a read sees
//! log.rs        a stream without end, of which the newest part is there
//! ring.rs       a queue that cannot grow
//! segment.rs    a block of pages with a piece of it
//! ```

#[forbid(unsafe_code)]
mod device;
#[forbid(unsafe_code)]
mod log;
#[forbid(unsafe_code)]
mod ring;
#[forbid(unsafe_code)]
mod segment;

use core::{
    borrow::Borrow,
    ops::RangeInclusive, //
};
use device::Recorder;
use kernel::{
    miscdevice::{
        MiscDeviceOptions,
        MiscDeviceRegistration, //
    },
    prelude::*, //
};
use log::{
    Log,
    MAX_SEGMENTS, //
};
use memalloc::Order;

module! {
    type: FlightRecorder,
    name: "flight_recorder",
    authors: ["The rust_memalloc authors"],
    description: "Keeps the newest of what is written to it",
    license: "GPL",
    params: {
        order: u32 {
            default: 2,
            description: "Order of the blocks of pages that a log takes memory in",
        },
        segments: u32 {
            default: 64,
            description: "How many such blocks a log takes at most (1 to 4096)",
        },
    },
}

/// What a parameter is set to, if that is allowed. Kernels before 7.3 give a reference to it.
fn number(name: &str, parameter: impl Borrow<u32>, allowed: RangeInclusive<u32>) -> Result<u32> {
    let given = *parameter.borrow();
    if !allowed.contains(&given) {
        pr_err!(
            "{name}={given}: give {} to {}\n",
            allowed.start(),
            allowed.end()
        );
        return Err(EINVAL);
    }
    Ok(given)
}

/// An empty log, of the size that the parameters say.
fn new_log() -> Result<Log> {
    let order = number(
        "order",
        module_parameters::order.value(),
        0..=Order::MAX.get(),
    )?;
    let segments = number(
        "segments",
        module_parameters::segments.value(),
        1..=MAX_SEGMENTS,
    )?;
    Log::new(Order::new(order)?, segments)
}

/// The loaded module.
#[pin_data]
struct FlightRecorder {
    #[pin]
    _device: MiscDeviceRegistration<Recorder>,
}

impl kernel::InPlaceModule for FlightRecorder {
    fn init(_module: &'static ThisModule) -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            _device <- {
                // Bad parameters are refused now, and not when somebody opens the file.
                new_log()?;
                MiscDeviceRegistration::register(MiscDeviceOptions {
                    name: c"flight_recorder",
                })
            },
        })
    }
}
