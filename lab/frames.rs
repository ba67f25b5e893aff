// SPDX-License-Identifier: GPL-2.0

//! Going through the pages of memory, which may be many.

use super::{
    run::Run,
    stop::Stop, //
};
use memalloc::inspect::{
    PageFrame,
    Span, //
};

/// How many pages are looked at between two checkpoints.
const PAGES_PER_CHECKPOINT: usize = 4096;

/// Shows each page frame to `visit`, and in between gives way and looks whether the run is to end.
pub(crate) fn for_each(
    run: &Run<'_>,
    span: Span<'_>,
    mut visit: impl FnMut(PageFrame),
) -> Result<(), Stop> {
    for (index, frame) in span.page_frames().enumerate() {
        if index % PAGES_PER_CHECKPOINT == 0 {
            run.checkpoint()?;
        }
        visit(frame);
    }
    Ok(())
}
