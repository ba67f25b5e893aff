// SPDX-License-Identifier: GPL-2.0

//! Sizes known at compile time.

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
use kernel::ffi::c_int;
use memalloc::{
    gfp::Gfp,
    KmallocBox,
    KvmallocBox,
    Order,
    PageBlock,
    VmallocBox, //
};

pub(crate) extern "C" fn kmalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
    repeat(rounds, || {
        let object = KmallocBox::<MaybeUninit<[u8; BYTES]>>::new_uninit(Gfp::KERNEL)?;
        escape(object.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kzalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
    repeat(rounds, || {
        let object = KmallocBox::<[u8; BYTES]>::zeroed(Gfp::KERNEL)?;
        escape(object.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kmalloc_array<const LENGTH: usize>(rounds: usize, _: usize) -> c_int {
    repeat(rounds, || {
        let array = KmallocBox::<MaybeUninit<[u32; LENGTH]>>::new_uninit(Gfp::KERNEL)?;
        escape(array.into_slice().as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kcalloc<const LENGTH: usize>(rounds: usize, _: usize) -> c_int {
    repeat(rounds, || {
        let array = KmallocBox::<[u32; LENGTH]>::zeroed(Gfp::KERNEL)?;
        escape(array.into_slice().as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kmemdup<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
    let source: &[u8; 65536] = black_box(&SOURCE);
    repeat(rounds, || {
        let copy = KmallocBox::<[u8]>::copy_of(&source[..BYTES], Gfp::KERNEL)?;
        escape(copy.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn vmalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
    repeat(rounds, || {
        let object = VmallocBox::<MaybeUninit<[u8; BYTES]>>::new_uninit(Gfp::KERNEL)?;
        escape(object.as_ptr());
        Ok(())
    })
}

pub(crate) extern "C" fn kvmalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
    repeat(rounds, || {
        let object = KvmallocBox::<MaybeUninit<[u8; BYTES]>>::new_uninit(Gfp::KERNEL)?;
        escape(object.as_ptr());
        Ok(())
    })
}

struct Valid<const ORDER: usize>;

impl<const ORDER: usize> Valid<ORDER> {
    const ORDER: Order = match Order::new(ORDER as u32) {
        Ok(order) => order,
        Err(_) => panic!("the order is too large"),
    };
}

pub(crate) extern "C" fn alloc_pages<const ORDER: usize>(rounds: usize, _: usize) -> c_int {
    repeat(rounds, || {
        let block = PageBlock::new(Valid::<ORDER>::ORDER, Gfp::KERNEL)?;
        barrier(block);
        Ok(())
    })
}
