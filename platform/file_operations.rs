// SPDX-License-Identifier: GPL-2.0

//! The C side of [`OpenFile`]: one table of functions for each type.
//!
//! For all functions here: `inode->i_private` points to the contents of an `Arc<F::Shared>` that
//! lives as long as the file exists, and `file->private_data` is, from `open` to `release`, the
//! `Pin<KBox<F>>` that `open` made.

use super::{
    debugfs::{
        Kind,
        OpenFile, //
    },
    releases::{
        this_module,
        ModuleMetadata, //
    },
};
use core::{marker::PhantomData, pin::Pin};
use kernel::{
    bindings,
    error::from_result,
    ffi::{
        c_char,
        c_int, //
    },
    prelude::*,
    sync::Arc,
    types::ForeignOwnable,
    uaccess::{
        UserPtr,
        UserSlice, //
    },
};

/// The `file_operations` of files of type `F`, owned by module `M`.
pub(super) struct Operations<F, M>(PhantomData<(F, M)>);

impl<F: OpenFile, M: ModuleMetadata> Operations<F, M> {
    const TABLE: bindings::file_operations = bindings::file_operations {
        // What makes `rmmod` fail while a file is open.
        owner: this_module::<M>().as_ptr(),
        open: Some(open::<F>),
        release: Some(release::<F>),
        read: Some(read::<F>),
        write: match F::KIND {
            Kind::Document => None,
            Kind::Stream => Some(write::<F>),
        },
        llseek: match F::KIND {
            Kind::Document => Some(bindings::default_llseek),
            Kind::Stream => None,
        },
        ..pin_init::zeroed()
    };

    pub(super) const fn table() -> *const bindings::file_operations {
        &const { Self::TABLE }
    }
}

/// # Safety
///
/// Called by debugfs for a file with [`Operations`] of type `F`.
unsafe extern "C" fn open<F: OpenFile>(
    inode: *mut bindings::inode,
    file: *mut bindings::file,
) -> c_int {
    // SAFETY: debugfs calls with a live inode.
    let shared = unsafe { (*inode).i_private }.cast::<F::Shared>();
    // SAFETY: The private data of a file with these operations points into an `Arc`; the borrow
    // ends here, where we are inside the file, which therefore exists.
    let shared: Arc<F::Shared> = unsafe { kernel::sync::ArcBorrow::from_raw(shared) }.into();
    from_result(|| {
        let state = F::open(shared)?;
        if F::KIND == Kind::Stream {
            // SAFETY: debugfs calls with a live inode and a file that is being opened.
            unsafe { bindings::stream_open(inode, file) };
        }
        // SAFETY: debugfs calls with a file that is being opened, which nobody else uses yet.
        unsafe { (*file).private_data = state.into_foreign() };
        Ok(0)
    })
}

/// # Safety
///
/// Called by debugfs for a file that [`open`] opened, when its last user has let go of it.
unsafe extern "C" fn release<F: OpenFile>(
    _inode: *mut bindings::inode,
    file: *mut bindings::file,
) -> c_int {
    // SAFETY: debugfs calls with a live file.
    let state = unsafe { (*file).private_data };
    // SAFETY: `open` put the value there, and this is the last function that is called.
    drop(unsafe { Pin::<KBox<F>>::from_foreign(state) });
    0
}

/// # Safety
///
/// Called by debugfs for a file that [`open`] opened.
unsafe extern "C" fn read<F: OpenFile>(
    file: *mut bindings::file,
    buffer: *mut c_char,
    count: usize,
    position: *mut bindings::loff_t,
) -> isize {
    // SAFETY: debugfs calls with a live file.
    let state = unsafe { (*file).private_data };
    // SAFETY: `open` put the value there, and `release` does not take it back during a read.
    let state = unsafe { Pin::<KBox<F>>::borrow(state) };
    let mut destination = UserSlice::new(UserPtr::from_ptr(buffer.cast()), count).writer();
    from_result(|| {
        if F::KIND == Kind::Stream {
            return Ok(state.read(0, &mut destination)?.try_into()?);
        }
        // SAFETY: The VFS gives documents a position that is ours during the call.
        let position = unsafe { &mut *position };
        let copied = state.read((*position).try_into()?, &mut destination)?;
        *position += bindings::loff_t::try_from(copied)?;
        Ok(copied.try_into()?)
    })
}

/// # Safety
///
/// Called by debugfs for a file that [`open`] opened.
unsafe extern "C" fn write<F: OpenFile>(
    file: *mut bindings::file,
    buffer: *const c_char,
    count: usize,
    _position: *mut bindings::loff_t,
) -> isize {
    // SAFETY: debugfs calls with a live file.
    let state = unsafe { (*file).private_data };
    // SAFETY: `open` put the value there, and `release` does not take it back during a write.
    let state = unsafe { Pin::<KBox<F>>::borrow(state) };
    let mut source = UserSlice::new(UserPtr::from_ptr(buffer.cast_mut().cast()), count).reader();
    if count == 0 {
        return 0;
    }
    from_result(|| {
        state.write(&mut source)?;
        Ok(count.try_into()?)
    })
}
