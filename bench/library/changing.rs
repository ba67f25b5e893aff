// SPDX-License-Identifier: GPL-2.0

//! Sizes known at run time, checked each time.

use super::SOURCE;
use crate::path::{
    barrier,
    escape,
    hide,
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

pub(crate) extern "C" fn kmalloc(rounds: usize, bytes: usize) -> c_int {
    repeat(rounds, || {
        let size = Bytes::new(hide(bytes))?;
        let memory = KmallocBox::bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kzalloc(rounds: usize, bytes: usize) -> c_int {
    repeat(rounds, || {
        let size = Bytes::new(hide(bytes))?;
        let memory = KmallocBox::zeroed_bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kmalloc_array(rounds: usize, length: usize) -> c_int {
    repeat(rounds, || {
        let count = Count::new(hide(length))?;
        let memory = KmallocBox::<[MaybeUninit<u32>]>::array(count, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kcalloc(rounds: usize, length: usize) -> c_int {
    repeat(rounds, || {
        let count = Count::new(hide(length))?;
        let memory = KmallocBox::<[u32]>::zeroed_array(count, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kmemdup(rounds: usize, bytes: usize) -> c_int {
    let source: &[u8; 65536] = black_box(&SOURCE);
    repeat(rounds, || {
        let source = source.get(..hide(bytes)).ok_or(EINVAL)?;
        let memory = KmallocBox::<[u8]>::copy_of(source, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn vmalloc(rounds: usize, bytes: usize) -> c_int {
    repeat(rounds, || {
        let size = Bytes::new(hide(bytes))?;
        let memory = VmallocBox::bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kvmalloc(rounds: usize, bytes: usize) -> c_int {
    repeat(rounds, || {
        let size = Bytes::new(hide(bytes))?;
        let memory = KvmallocBox::bytes(size, Gfp::KERNEL)?;
        escape(memory.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn alloc_pages(rounds: usize, order: usize) -> c_int {
    repeat(rounds, || {
        let order = Order::new(hide(order) as u32)?;
        let memory = PageBlock::new(order, Gfp::KERNEL)?;
        barrier(memory);
        Ok(())
    })
}
