// SPDX-License-Identifier: GPL-2.0

//! debugfs files that own their module while open, and keep state per open file.
//!
//! `kernel::debugfs` builds its file operations without an owner, so that a module can go away
//! under an open file, whose `close()` then jumps into freed memory (`full_proxy_release()`,
//! `fs/debugfs/file.c`). These files make `rmmod` say that the module is in use.

use super::{
    file_operations::Operations,
    releases::ModuleMetadata, //
};
use core::{marker::PhantomData, ptr::NonNull};
use kernel::{
    bindings,
    error::from_err_ptr,
    prelude::*,
    str::CStr,
    sync::Arc,
    uaccess::{
        UserSliceReader,
        UserSliceWriter, //
    },
};

/// What a file is to its readers and writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Mode 0400. Reads have a position; nothing can be written.
    Document,
    /// Mode 0600. A stream: no position, and reads and writes do not wait for each other.
    Stream,
}

/// An open file. Reads and writes of one open file may run at the same time.
pub(crate) trait OpenFile: Sized + Send + Sync + 'static {
    /// What all files of the directory share.
    type Shared: Send + Sync + 'static;

    /// Whether it is a document or a stream.
    const KIND: Kind;

    /// Makes the state of a newly opened file.
    fn open(shared: Arc<Self::Shared>) -> Result<Pin<KBox<Self>>>;

    /// Copies to `destination` what is at `position` (of a document; a stream keeps its own), and
    /// returns how many bytes that were. Zero is the end.
    fn read(&self, position: usize, destination: &mut UserSliceWriter) -> Result<usize>;

    /// Takes what was written in one `write(2)`, or in one part of a `writev(2)`; it is not empty.
    /// Documents are not writable, and so never asked.
    fn write(&self, _source: &mut UserSliceReader) -> Result {
        Err(EPERM)
    }
}

/// A directory below the root of debugfs, and the files in it.
///
/// Dropping it removes the files, waits until nobody is in one of them, and only then lets go of
/// what they share. It has to be dropped before the module goes away: whoever forgets it leaves
/// files whose functions are gone.
///
/// # Invariants
///
/// - `M` is the module that this code is part of.
/// - `entry` is a directory's dentry that `debugfs_create_dir()` returned and that was not removed.
/// - Every file below `entry` has a pointer to the contents of `shared` as its private data.
pub(crate) struct Directory<M, S: Send + Sync + 'static> {
    entry: NonNull<bindings::dentry>,
    shared: Arc<S>,
    _module: PhantomData<M>,
}

// SAFETY: The dentry may be removed by any thread; the rest is `Send` itself.
unsafe impl<M, S: Send + Sync> Send for Directory<M, S> {}

// SAFETY: Creating files below a dentry is serialised by debugfs; the rest is `Sync` itself.
unsafe impl<M, S: Send + Sync> Sync for Directory<M, S> {}

impl<M: ModuleMetadata, S: Send + Sync> Directory<M, S> {
    /// Creates the directory `name`.
    ///
    /// # Errors
    ///
    /// What `debugfs_create_dir()` says: `EEXIST`, or `ENODEV` and `EPERM` where debugfs is off.
    pub(crate) fn create(name: &CStr, shared: Arc<S>) -> Result<Self> {
        // SAFETY: The name is a C string; a null parent is the root.
        let entry =
            unsafe { bindings::debugfs_create_dir(name.as_char_ptr(), core::ptr::null_mut()) };
        let entry = NonNull::new(from_err_ptr(entry)?).ok_or(ENODEV)?;
        // INVARIANT: We have just created it, and it has no files. There is one module in this crate.
        Ok(Self {
            entry,
            shared,
            _module: PhantomData,
        })
    }

    /// Adds the file `name`.
    ///
    /// # Errors
    ///
    /// What `debugfs_create_file_full()` says.
    pub(crate) fn add<F: OpenFile<Shared = S>>(&self, name: &CStr) -> Result {
        let mode = match F::KIND {
            Kind::Document => 0o400,
            Kind::Stream => 0o600,
        };
        // SAFETY:
        // - The name is a C string, which debugfs copies.
        // - By the type invariants `entry` is a live directory.
        // - `Operations` asks of the private data that it points to an `S` in an `Arc`, for as long
        //   as the file exists: `shared` lives until the files are removed.
        // - The operations are a constant.
        let file = unsafe {
            bindings::debugfs_create_file_full(
                name.as_char_ptr(),
                mode,
                self.entry.as_ptr(),
                Arc::as_ptr(&self.shared).cast_mut().cast(),
                core::ptr::null(),
                Operations::<F, M>::table(),
            )
        };
        from_err_ptr(file).map(|_| ())
    }
}

impl<M, S: Send + Sync> Drop for Directory<M, S> {
    fn drop(&mut self) {
        // SAFETY: By the type invariants the directory was created and not removed. It goes with
        // all its files; the call waits for whoever is inside one. `shared` is dropped after that.
        unsafe { bindings::debugfs_remove(self.entry.as_ptr()) };
    }
}
