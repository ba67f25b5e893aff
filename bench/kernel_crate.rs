// SPDX-License-Identifier: GPL-2.0

//! The paths through the `kernel` crate.

/// Sizes known at compile time.
pub(crate) mod constant {
    use crate::{
        library::SOURCE,
        path::{
            escape,
            repeat,
            NOT_THERE, //
        }, //
    };
    use core::hint::black_box;
    use kernel::{
        alloc::flags::GFP_KERNEL,
        ffi::c_int,
        page::Page,
        prelude::*, //
    };

    pub(crate) extern "C" fn kmalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
        repeat(rounds, || {
            let memory = KBox::<[u8; BYTES]>::new_uninit(GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kzalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
        repeat(rounds, || {
            let memory = KBox::<[u8; BYTES]>::zeroed(GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kmalloc_array<const LENGTH: usize>(rounds: usize, _: usize) -> c_int {
        repeat(rounds, || {
            let memory = KBox::<[u32; LENGTH]>::new_uninit(GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kcalloc<const LENGTH: usize>(rounds: usize, _: usize) -> c_int {
        repeat(rounds, || {
            let memory = KBox::<[u32; LENGTH]>::zeroed(GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kmemdup<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
        let source: &[u8; 65536] = black_box(&SOURCE);
        repeat(rounds, || {
            let mut memory = KVec::new();
            memory.extend_from_slice(&source[..BYTES], GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn vmalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
        repeat(rounds, || {
            let memory = VBox::<[u8; BYTES]>::new_uninit(GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kvmalloc<const BYTES: usize>(rounds: usize, _: usize) -> c_int {
        repeat(rounds, || {
            let memory = KVBox::<[u8; BYTES]>::new_uninit(GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    /// It times nothing.
    pub(crate) extern "C" fn timing(_rounds: usize, _: usize) -> c_int {
        NOT_THERE.to_errno()
    }

    /// It has single pages only.
    pub(crate) extern "C" fn alloc_pages<const ORDER: usize>(rounds: usize, _: usize) -> c_int {
        if ORDER != 0 {
            return NOT_THERE.to_errno();
        }
        repeat(rounds, || {
            let page = Page::alloc_page(GFP_KERNEL)?;
            escape(page.as_ptr());
            Ok(())
        })
    }
}

/// Sizes known at run time, which it checks each time.
pub(crate) mod variable {
    use crate::{
        library::SOURCE,
        path::{
            escape,
            hide,
            repeat,
            NOT_THERE, //
        }, //
    };
    use core::hint::black_box;
    use kernel::{
        alloc::flags::GFP_KERNEL,
        ffi::c_int,
        prelude::*, //
    };

    pub(crate) extern "C" fn kmalloc(rounds: usize, bytes: usize) -> c_int {
        repeat(rounds, || {
            let memory = KVec::<u8>::with_capacity(hide(bytes), GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    /// `KVec::zeroed()`, which came with 7.3.
    #[cfg(memalloc_kvec_zeroed)]
    #[inline(always)]
    fn zeroed<T: Zeroable>(length: usize) -> Result<KVec<T>> {
        Ok(KVec::zeroed(length, GFP_KERNEL)?)
    }

    #[cfg(not(memalloc_kvec_zeroed))]
    fn zeroed<T: Zeroable>(_length: usize) -> Result<KVec<T>> {
        Err(NOT_THERE)
    }

    pub(crate) extern "C" fn kzalloc(rounds: usize, bytes: usize) -> c_int {
        repeat(rounds, || {
            let memory = zeroed::<u8>(hide(bytes))?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kmalloc_array(rounds: usize, length: usize) -> c_int {
        repeat(rounds, || {
            let memory = KVec::<u32>::with_capacity(hide(length), GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kcalloc(rounds: usize, length: usize) -> c_int {
        repeat(rounds, || {
            let memory = zeroed::<u32>(hide(length))?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kmemdup(rounds: usize, bytes: usize) -> c_int {
        let source: &[u8; 65536] = black_box(&SOURCE);
        repeat(rounds, || {
            let source = source.get(..hide(bytes)).ok_or(EINVAL)?;
            let mut memory = KVec::new();
            memory.extend_from_slice(source, GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn vmalloc(rounds: usize, bytes: usize) -> c_int {
        repeat(rounds, || {
            let memory = VVec::<u8>::with_capacity(hide(bytes), GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    pub(crate) extern "C" fn kvmalloc(rounds: usize, bytes: usize) -> c_int {
        repeat(rounds, || {
            let memory = KVVec::<u8>::with_capacity(hide(bytes), GFP_KERNEL)?;
            escape(memory.as_ptr());
            Ok(())
        })
    }

    /// `Page` has no order.
    pub(crate) extern "C" fn alloc_pages(_rounds: usize, _order: usize) -> c_int {
        NOT_THERE.to_errno()
    }
}
