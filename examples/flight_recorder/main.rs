// SPDX-License-Identifier: GPL-2.0

//! Keeps the newest of what is written to a file, in memory.
//!
//! Who opens `/dev/flight_recorder` gets a log of its own, and may hand it on to other programs. What
//! these wrote before they crashed can still be read; what is old gives way. See the README.
//!
//! ```text
//! device.rs     the file: what a write records, and what a read sees
//! log.rs        a stream without end, of which the newest part is there
//! segment.rs    a block of pages with a piece of it
//! ```

#[forbid(unsafe_code)]
mod device;
#[forbid(unsafe_code)]
mod log;
#[forbid(unsafe_code)]
mod segment;

use core::borrow::Borrow;
use device::Recorder;
use kernel::{
    miscdevice::{
        MiscDeviceOptions,
        MiscDeviceRegistration, //
    },
    prelude::*, //
};
use log::Log;
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
            description: "How many such blocks a log takes at most",
        },
    },
}

/// What a parameter is set to. Kernels before 7.3 give a reference to it.
fn number(parameter: impl Borrow<u32>) -> u32 {
    *parameter.borrow()
}

/// An empty log, of the size that the parameters say.
fn new_log() -> Result<Log> {
    let order = Order::new(number(module_parameters::order.value()))?;
    Log::new(order, number(module_parameters::segments.value()))
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
