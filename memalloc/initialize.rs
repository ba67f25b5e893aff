// SPDX-License-Identifier: GPL-2.0

//! Writing memory that has not been written yet.

use core::{
    convert::Infallible,
    mem::MaybeUninit, //
};

/// Writes every byte, the value of each given by its index, and returns the bytes as readable.
///
/// # Examples
///
/// ```
/// use memalloc::{gfp::Gfp, initialize, Bytes, KmallocBox};
///
/// let mut buffer = KmallocBox::bytes(Bytes::new(4)?, Gfp::KERNEL)?;
/// let written = initialize::with(&mut buffer, |index| index as u8);
/// assert_eq!(written, &[0, 1, 2, 3]);
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub fn with(bytes: &mut [MaybeUninit<u8>], mut value_at: impl FnMut(usize) -> u8) -> &mut [u8] {
    let written: Result<_, Infallible> = try_with(bytes, |index| Ok(value_at(index)));
    match written {
        Ok(bytes) => bytes,
    }
}

/// Writes every byte like [`with`], unless `value_at` returns an error, which ends it.
///
/// # Errors
///
/// The first error of `value_at`; the bytes from that index on are not written.
///
/// # Examples
///
/// ```
/// use kernel::error::{code, Error};
/// use memalloc::{gfp::Gfp, initialize, Bytes, KmallocBox};
///
/// /// A source that has no more than three bytes.
/// fn read(index: usize) -> Result<u8, Error> {
///     b"abc".get(index).copied().ok_or(code::EIO)
/// }
///
/// let mut buffer = KmallocBox::bytes(Bytes::new(3)?, Gfp::KERNEL)?;
/// assert_eq!(initialize::try_with(&mut buffer, read)?, b"abc");
/// let mut buffer = KmallocBox::bytes(Bytes::new(4)?, Gfp::KERNEL)?;
/// assert!(initialize::try_with(&mut buffer, read).is_err());
/// # Ok::<(), kernel::error::Error>(())
/// ```
pub fn try_with<E>(
    bytes: &mut [MaybeUninit<u8>],
    mut value_at: impl FnMut(usize) -> Result<u8, E>,
) -> Result<&mut [u8], E> {
    for (index, byte) in bytes.iter_mut().enumerate() {
        byte.write(value_at(index)?);
    }
    let bytes: *mut [MaybeUninit<u8>] = bytes;
    // SAFETY: The loop wrote every byte; the layout is the same, and so is the borrow.
    Ok(unsafe { &mut *(bytes as *mut [u8]) })
}
