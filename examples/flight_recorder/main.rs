// SPDX-License-Identifier: GPL-2.0

//! Keeps the newest of what programs write to `/dev/flight_recorder`, in memory.
//!
//! What somebody wrote before it crashed, or before anybody asked, can still be read; what is old
//! gives way. See the README.
//!
//! ```text
//! device.rs     the file: what a write records, and what a read sees
//! log.rs        a stream without end, of which the newest part is there
//! segment.rs    a block of pages with a piece of it
//! ```

mod device;
mod log;
mod segment;

use device::{
    Reader,
    Recorder, //
};
use kernel::{
    miscdevice::{
        MiscDeviceOptions,
        MiscDeviceRegistration, //
    },
    prelude::*,
    sync::Arc, //
};
use log::Log;
use memalloc::Order;

module! {
    type: FlightRecorder,
    name: "flight_recorder",
    authors: ["The rust_memalloc authors"],
    description: "Keeps the newest of what programs write to it",
    license: "GPL",
    params: {
        order: u32 {
            default: 2,
            description: "Order of the blocks of pages that it takes memory in",
        },
        segments: u32 {
            default: 64,
            description: "How many such blocks it takes at most",
        },
    },
}

kernel::sync::global_lock! {
    // SAFETY: `Shared::new` initialises it, before the file is there, and nobody else uses it earlier.
    unsafe(uninit) static RECORDER: Mutex<Option<Arc<Recorder>>> = None;
}

/// The recorder, for who opens the file. (The `kernel` crate hands nothing of the module to `open`.)
struct Shared;

impl Shared {
    fn new(recorder: Arc<Recorder>) -> Self {
        // SAFETY: The module does this once, when it is inserted.
        unsafe { RECORDER.init() };
        *RECORDER.lock() = Some(recorder);
        Self
    }

    /// The recorder, unless the module is about to go.
    fn get() -> Result<Arc<Recorder>> {
        RECORDER.lock().clone().ok_or(ENODEV)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Nothing drops a `static`.
        *RECORDER.lock() = None;
    }
}

/// The loaded module. The file goes first, then the recorder.
#[pin_data]
struct FlightRecorder {
    #[pin]
    _device: MiscDeviceRegistration<Reader>,
    _shared: Shared,
}

impl kernel::InPlaceModule for FlightRecorder {
    fn init(_module: &'static ThisModule) -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            _shared: {
                let order = Order::new(module_parameters::order.value())?;
                let segments = module_parameters::segments.value();
                Shared::new(Recorder::new(Log::new(order, segments)?)?)
            },
            _device <- MiscDeviceRegistration::register(MiscDeviceOptions {
                name: c"flight_recorder",
            }),
        })
    }
}
