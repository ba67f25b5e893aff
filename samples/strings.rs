// SPDX-License-Identifier: GPL-2.0

//! Copies of strings and of memory.

mod repeat;

use kernel::prelude::*;
use memalloc::{
    gfp::Gfp,
    KmallocBox, //
};

module! {
    type: Settings,
    name: "sample_strings_rust",
    authors: ["The rust_memalloc authors"],
    description: "Copies of strings and memory, in Rust",
    license: "GPL",
}

/// Of what a task's name has room for.
const COMM_BYTES: usize = 15;

static DEFAULTS: [u32; 3] = [115200, 8, 1];

struct Settings {
    title: KmallocBox<CStr>,
    comm: KmallocBox<CStr>,
    values: KmallocBox<[u32]>,
}

impl Settings {
    fn copy(title: &CStr) -> Result<Self> {
        Ok(Self {
            title: KmallocBox::string(title, Gfp::KERNEL)?,
            comm: KmallocBox::string_start(title, COMM_BYTES, Gfp::KERNEL)?,
            values: KmallocBox::copy_of(&DEFAULTS, Gfp::KERNEL)?,
        })
    }
}

impl kernel::Module for Settings {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        repeat::repeat(c"copy", || {
            Self::copy(c"serial port, first of two").map(drop)
        });
        let mut settings = Self::copy(c"serial port, first of two")?;
        settings.values[0] = 9600;
        pr_info!(
            "'{}', in short '{}', at {} and not {}\n",
            &*settings.title,
            &*settings.comm,
            settings.values[0],
            DEFAULTS[0]
        );
        Ok(settings)
    }
}
