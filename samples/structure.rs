// SPDX-License-Identifier: GPL-2.0

//! A structure with a name, and a buffer of its own.

mod repeat;

use core::mem::MaybeUninit;
use kernel::prelude::*;
use memalloc::{
    gfp::Gfp,
    KmallocBox, //
};

module! {
    type: Structure,
    name: "sample_structure_rust",
    authors: ["The rust_memalloc authors"],
    description: "A structure with a buffer, in Rust",
    license: "GPL",
}

const BUFFER_BYTES: usize = 1024;

struct MyData {
    id: i32,
    name: [u8; 32],
    buffer: KmallocBox<[MaybeUninit<u8>]>,
}

impl MyData {
    fn create(id: i32, name: &CStr) -> Result<KmallocBox<Self>> {
        let buffer = KmallocBox::<MaybeUninit<[u8; BUFFER_BYTES]>>::new_uninit(Gfp::KERNEL)?;
        let mut data = Self {
            id,
            name: [0; 32],
            buffer: buffer.into_slice(),
        };
        // The last byte stays: it ends the string.
        for (to, from) in data.name[..31].iter_mut().zip(name.to_bytes()) {
            *to = *from;
        }
        Ok(KmallocBox::new(data, Gfp::KERNEL)?)
    }

    fn name(&self) -> Result<&CStr> {
        CStr::from_bytes_until_nul(&self.name).map_err(|_| EINVAL)
    }
}

/// Dropped when the module goes.
struct Structure(#[expect(dead_code)] KmallocBox<MyData>);

impl kernel::Module for Structure {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        repeat::repeat(c"create", || MyData::create(7, c"eth0").map(drop));
        let data = MyData::create(7, c"eth0")?;
        pr_info!(
            "{} is {}, and has {} bytes\n",
            data.id,
            data.name()?,
            data.buffer.len()
        );
        Ok(Self(data))
    }
}
