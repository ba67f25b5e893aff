// SPDX-License-Identifier: GPL-2.0

//! A structure with three members of its own, any of which may not be had.

mod repeat;

use core::mem::MaybeUninit;
use kernel::prelude::*;
use memalloc::{
    gfp::Gfp,
    Count,
    KmallocBox, //
};

module! {
    type: Members,
    name: "sample_members_rust",
    authors: ["The rust_memalloc authors"],
    description: "A structure with three members, in Rust",
    license: "GPL",
}

const BUFFER_BYTES: usize = 4096;

struct Complex {
    name: KmallocBox<CStr>,
    buffer: KmallocBox<[MaybeUninit<u8>]>,
    array: KmallocBox<[MaybeUninit<u32>]>,
}

impl Complex {
    fn create(name: &CStr, elements: usize) -> Result<KmallocBox<Self>> {
        let complex = Self {
            name: KmallocBox::string(name, Gfp::KERNEL)?,
            buffer: KmallocBox::<MaybeUninit<[u8; BUFFER_BYTES]>>::new_uninit(Gfp::KERNEL)?
                .into_slice(),
            array: KmallocBox::array(Count::new(elements)?, Gfp::KERNEL)?,
        };
        Ok(KmallocBox::new(complex, Gfp::KERNEL)?)
    }
}

/// The array is too large, so that what was had before it goes back.
fn refuse() -> Result {
    match Complex::create(c"test", usize::MAX) {
        Ok(_) => Err(EEXIST),
        Err(_) => Ok(()),
    }
}

/// Dropped when the module goes.
struct Members(#[expect(dead_code)] KmallocBox<Complex>);

impl kernel::Module for Members {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        repeat::repeat(c"create", || Complex::create(c"test", 16).map(drop));
        repeat::repeat(c"refuse", refuse);
        if refuse().is_ok() {
            pr_info!("there is none with {} elements\n", usize::MAX);
        }
        let complex = Complex::create(c"test", 16)?;
        let Complex {
            name,
            buffer,
            array,
        } = &*complex;
        pr_info!(
            "{} has {} bytes and {} elements\n",
            &**name,
            buffer.len(),
            array.len()
        );
        Ok(Self(complex))
    }
}
