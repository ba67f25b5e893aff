// SPDX-License-Identifier: GPL-2.0

//! Large sizes, and sizes that may be small or large.

mod repeat;

use core::mem::MaybeUninit;
use kernel::{
    prelude::*,
    sizes::{
        SZ_1M,
        SZ_64K,
        SZ_8M, //
    }, //
};
use memalloc::{
    gfp::Gfp,
    inspect::Inspect,
    Bytes,
    KvmallocBox,
    VmallocBox, //
};

module! {
    type: Buffers,
    name: "sample_sizes_rust",
    authors: ["The rust_memalloc authors"],
    description: "Large and flexible sizes, in Rust",
    license: "GPL",
}

const LOG_BYTES: usize = SZ_1M;
const TABLE_BYTES: usize = SZ_64K;

struct Buffers {
    log: VmallocBox<[MaybeUninit<u8>]>,
    table: VmallocBox<[u8]>,
    message: KvmallocBox<[MaybeUninit<u8>]>,
    film: KvmallocBox<[MaybeUninit<u8>]>,
}

impl Buffers {
    /// The sizes of the last two are known only now.
    fn create(message_bytes: usize, film_bytes: usize) -> Result<Self> {
        Ok(Self {
            log: VmallocBox::bytes(Bytes::new(LOG_BYTES)?, Gfp::KERNEL)?,
            table: VmallocBox::zeroed_bytes(Bytes::new(TABLE_BYTES)?, Gfp::KERNEL)?,
            message: KvmallocBox::bytes(Bytes::new(message_bytes)?, Gfp::KERNEL)?,
            film: KvmallocBox::bytes(Bytes::new(film_bytes)?, Gfp::KERNEL)?,
        })
    }
}

fn allocator(memory: &impl Inspect) -> &'static str {
    memory.span().backend().name()
}

impl kernel::Module for Buffers {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        repeat::repeat(c"create", || Self::create(100, SZ_8M).map(drop));
        let buffers = Self::create(100, SZ_8M)?;
        pr_info!(
            "the log is from {}, the table from {}, and ends in {}\n",
            allocator(&buffers.log),
            allocator(&buffers.table),
            buffers.table[TABLE_BYTES - 1]
        );
        pr_info!(
            "the message is from {}, the film from {}\n",
            allocator(&buffers.message),
            allocator(&buffers.film)
        );
        Ok(buffers)
    }
}
