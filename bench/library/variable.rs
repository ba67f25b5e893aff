// SPDX-License-Identifier: GPL-2.0

//! Sizes known at run time, checked once, and stored: nothing is known of them but their type.

use super::SOURCE;
use crate::path::{
    barrier,
    escape,
    repeat, //
};
use core::{
    hint::black_box,
    mem::MaybeUninit, //
};
use kernel::{
    ffi::c_int,
    prelude::EINVAL, //
};
use memalloc::{
    gfp::Gfp,
    Bytes,
    Count,
    KmallocBox,
    KvmallocBox,
    Order,
    PageBlock,
    VmallocBox, //
};

/// The checked value, which the compiler knows nothing of; or returns from the path.
macro_rules! stored {
    ($checked:expr) => {
        match $checked {
            Ok(value) => black_box(value),
            Err(_) => return EINVAL.to_errno(),
        }
    };
}

pub(crate) extern "C" fn kmalloc(rounds: usize, bytes: usize) -> c_int {
    let size = stored!(Bytes::new(bytes));
    repeat(rounds, || {
        let memory = KmallocBox::bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kzalloc(rounds: usize, bytes: usize) -> c_int {
    let size = stored!(Bytes::new(bytes));
    repeat(rounds, || {
        let memory = KmallocBox::zeroed_bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kmalloc_array(rounds: usize, length: usize) -> c_int {
    let count = stored!(Count::new(length));
    repeat(rounds, || {
        let memory = KmallocBox::<[MaybeUninit<u32>]>::array(count, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kcalloc(rounds: usize, length: usize) -> c_int {
    let count = stored!(Count::new(length));
    repeat(rounds, || {
        let memory = KmallocBox::<[u32]>::zeroed_array(count, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kmemdup(rounds: usize, bytes: usize) -> c_int {
    let Some(source) = black_box(&SOURCE).get(..bytes) else {
        return EINVAL.to_errno();
    };
    let source = black_box(source);
    repeat(rounds, || {
        let memory = KmallocBox::<[u8]>::copy_of(source, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn vmalloc(rounds: usize, bytes: usize) -> c_int {
    let size = stored!(Bytes::new(bytes));
    repeat(rounds, || {
        let memory = VmallocBox::bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kvmalloc(rounds: usize, bytes: usize) -> c_int {
    let size = stored!(Bytes::new(bytes));
    repeat(rounds, || {
        let memory = KvmallocBox::bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn alloc_pages(rounds: usize, order: usize) -> c_int {
    let order = stored!(Order::new(order as u32));
    repeat(rounds, || {
        let memory = PageBlock::new(order, Gfp::KERNEL)?;
        barrier(memory);
        Ok(())
    })
}
