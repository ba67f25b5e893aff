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

/// Writes all bytes, then reads them all back.
///
/// # Errors
///
/// [`Stop::Corrupt`], with the offset of the first byte that differs; or the run is to end.
pub(crate) fn write_and_verify(run: &Run<'_>, bytes: &mut [MaybeUninit<u8>]) -> Result<(), Stop> {
    let written = initialize::try_with(bytes, |offset| {
        if offset % CHUNK_BYTES == 0 {
            run.checkpoint()?;
        }
        Ok::<_, Stop>(byte_at(offset))
    })?;
    for (offset, byte) in written.iter().enumerate() {
        if offset % CHUNK_BYTES == 0 {
            run.checkpoint()?;
        }
        if *byte != byte_at(offset) {
            return Err(Stop::Corrupt {
                offset_bytes: offset,
            });
        }
    }
    Ok(())
}
