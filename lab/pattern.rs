// SPDX-License-Identifier: GPL-2.0

//! A pattern that tells bytes apart by their offset, to write and to find again.

use super::{
    run::Run,
    stop::Stop, //
};
use core::mem::MaybeUninit;
use memalloc::initialize;

/// How many bytes are written or read between two checkpoints.
const CHUNK_BYTES: usize = 256 << 10;

/// The byte for an offset: the highest of a product with 2^64 divided by the golden ratio, which
/// spreads neighbouring offsets over all values.
fn byte_at(offset: usize) -> u8 {
    let [.., highest] = (offset as u64)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .to_le_bytes();
    highest
}

/// Looks at the run's checkpoint where a chunk begins.
fn checkpoint(run: &Run<'_>, offset: usize) -> Result<(), Stop> {
    match offset % CHUNK_BYTES {
        0 => run.checkpoint(),
        _ => Ok(()),
    }
}

/// Writes all bytes of memory that may have none yet, then reads them all back.
///
/// # Errors
///
/// As [`verify`].
pub(crate) fn write_and_verify(run: &Run<'_>, bytes: &mut [MaybeUninit<u8>]) -> Result<(), Stop> {
    let written = initialize::try_with(bytes, |offset| {
        checkpoint(run, offset)?;
        Ok::<_, Stop>(byte_at(offset))
    })?;
    verify(run, written)
}

/// Writes over all bytes.
///
/// # Errors
///
/// The run is to end.
pub(crate) fn overwrite(run: &Run<'_>, bytes: &mut [u8]) -> Result<(), Stop> {
    for (offset, byte) in bytes.iter_mut().enumerate() {
        checkpoint(run, offset)?;
        *byte = byte_at(offset);
    }
    Ok(())
}

/// Reads all bytes back.
///
/// # Errors
///
/// [`Stop::Corrupt`], with the offset of the first byte that differs; or the run is to end.
pub(crate) fn verify(run: &Run<'_>, bytes: &[u8]) -> Result<(), Stop> {
    for (offset, byte) in bytes.iter().enumerate() {
        checkpoint(run, offset)?;
        if *byte != byte_at(offset) {
            return Err(Stop::Corrupt {
                offset_bytes: offset,
            });
        }
    }
    Ok(())
}
