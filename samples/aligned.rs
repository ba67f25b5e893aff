// SPDX-License-Identifier: GPL-2.0

//! Memory at a multiple of 256, and how much of it there really is.

mod repeat;

use core::mem::MaybeUninit;
use kernel::prelude::*;
use memalloc::{
    gfp::Gfp,
    inspect::Inspect,
    KmallocBox, //
};

module! {
    type: Aligned,
    name: "sample_aligned_rust",
    authors: ["The rust_memalloc authors"],
    description: "Aligned memory, in Rust",
    license: "GPL",
}

const DESCRIPTOR_BYTES: usize = 200;

/// The type says the alignment, and its size is a multiple of that.
#[repr(C, align(256))]
struct Descriptor {
    bytes: [u8; DESCRIPTOR_BYTES],
}

struct Aligned {
    descriptor: KmallocBox<MaybeUninit<Descriptor>>,
}

impl Aligned {
    fn create() -> Result<Self> {
        Ok(Self {
            descriptor: KmallocBox::new_uninit(Gfp::KERNEL)?,
        })
    }
}

impl kernel::Module for Aligned {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        repeat::repeat(c"create", || Self::create().map(drop));
        let aligned = Self::create()?;
        let span = aligned.descriptor.span();
        if span.alignment_bytes() >= align_of::<Descriptor>() {
            pr_info!(
                "{} bytes at a multiple of {}\n",
                DESCRIPTOR_BYTES,
                align_of::<Descriptor>()
            );
        }
        pr_info!("they take {}\n", span.usable_size().size_bytes);
        Ok(aligned)
    }
}
