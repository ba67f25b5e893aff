// SPDX-License-Identifier: GPL-2.0

//! Physical contiguity: an allocation as runs of neighbouring page frames.

/// How many buckets the histogram of run lengths has.
pub const RUN_BUCKETS: usize = 16;

/// Counts the runs of physically neighbouring pages in a sequence of frame numbers.
///
/// A run ends where the next frame is not the one that follows in physical memory. Memory is
/// physically contiguous if it is a single run.
///
/// # Examples
///
/// ```
/// use memalloc::inspect::{Runs, RUN_BUCKETS};
///
/// let mut runs = Runs::new();
/// for frame_number in [7, 8, 9, 3] {
///     runs.push(frame_number);
/// }
/// assert_eq!(runs.pages(), 4);
/// assert_eq!(runs.count(), 2);
/// assert_eq!(runs.longest_pages(), 3);
/// assert!(!runs.is_contiguous());
/// // A run of three pages and a run of one: buckets 2..=3 and 1.
/// assert_eq!(&runs.histogram()[..2], &[1, 1]);
/// assert_eq!(&runs.histogram()[2..], &[0; RUN_BUCKETS - 2]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    pages: u64,
    count: u64,
    longest_pages: u64,
    /// Of finished runs only; the open one is added when the histogram is asked for.
    finished: [u64; RUN_BUCKETS],
    open_pages: u64,
    last_frame: u64,
}

impl Default for Runs {
    fn default() -> Self {
        Self::new()
    }
}

impl Runs {
    /// No pages seen yet.
    pub const fn new() -> Self {
        Self {
            pages: 0,
            count: 0,
            longest_pages: 0,
            finished: [0; RUN_BUCKETS],
            open_pages: 0,
            last_frame: 0,
        }
    }

    /// Takes the next page's frame number.
    pub fn push(&mut self, frame_number: u64) {
        let continues = self.open_pages > 0 && self.last_frame.checked_add(1) == Some(frame_number);
        if continues {
            self.open_pages += 1;
        } else {
            self.close_run();
            self.count += 1;
            self.open_pages = 1;
        }
        self.pages += 1;
        self.longest_pages = self.longest_pages.max(self.open_pages);
        self.last_frame = frame_number;
    }

    fn close_run(&mut self) {
        if let Some(bucket) = bucket_of(self.open_pages) {
            self.finished[bucket] += 1;
        }
    }

    /// How many pages were seen.
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// How many runs they form.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The length of the longest run, in pages.
    pub fn longest_pages(&self) -> u64 {
        self.longest_pages
    }

    /// Whether all pages form a single run.
    pub fn is_contiguous(&self) -> bool {
        self.count == 1
    }

    /// How many runs there are of each length: bucket `i` counts runs of `2^i` to `2^(i+1) - 1`
    /// pages, and the last bucket also all longer ones.
    pub fn histogram(&self) -> [u64; RUN_BUCKETS] {
        let mut runs = self.finished;
        if let Some(bucket) = bucket_of(self.open_pages) {
            runs[bucket] += 1;
        }
        runs
    }
}

/// The bucket for a run of `pages` pages; none for no run.
fn bucket_of(pages: u64) -> Option<usize> {
    let log2 = pages.checked_ilog2()?;
    Some((log2 as usize).min(RUN_BUCKETS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(frames: &[u64]) -> Runs {
        let mut runs = Runs::new();
        frames.iter().for_each(|frame| runs.push(*frame));
        runs
    }

    /// The same by the definition: cut where the next is not the successor.
    fn lengths(frames: &[u64]) -> Vec<u64> {
        frames
            .chunk_by(|a, b| a.checked_add(1) == Some(*b))
            .map(|run| run.len() as u64)
            .collect()
    }

    #[test]
    fn nothing_is_not_contiguous() {
        let none = runs(&[]);
        assert_eq!(
            (none.pages(), none.count(), none.longest_pages()),
            (0, 0, 0)
        );
        assert!(!none.is_contiguous());
        assert_eq!(none.histogram(), [0; RUN_BUCKETS]);
    }

    #[test]
    fn every_short_sequence_agrees_with_the_definition() {
        // All sequences of up to 6 frames out of 5: 19 531 of them.
        let mut checked = 0;
        for length in 0..=6 {
            for code in 0..5_u64.pow(length) {
                let frames: Vec<u64> = (0..length)
                    .map(|digit| code / 5_u64.pow(digit) % 5)
                    .collect();
                let (found, expected) = (runs(&frames), lengths(&frames));
                assert_eq!(found.pages(), frames.len() as u64);
                assert_eq!(found.count(), expected.len() as u64, "{frames:?}");
                assert_eq!(
                    found.longest_pages(),
                    expected.iter().copied().max().unwrap_or(0)
                );
                assert_eq!(found.histogram().iter().sum::<u64>(), found.count());
                assert_eq!(found.is_contiguous(), expected.len() == 1);
                checked += 1;
            }
        }
        assert_eq!(checked, 19_531);
    }

    #[test]
    fn buckets_are_powers_of_two() {
        for (length, bucket) in [
            (1, 0),
            (2, 1),
            (3, 1),
            (4, 2),
            (1023, 9),
            (1024, 10),
            (100_000, 15),
        ] {
            let frames: Vec<u64> = (0..length).collect();
            let histogram = runs(&frames).histogram();
            assert_eq!(histogram[bucket], 1, "{length}");
            assert_eq!(histogram.iter().sum::<u64>(), 1);
        }
    }

    #[test]
    fn the_last_frame_number_has_no_successor() {
        assert_eq!(runs(&[u64::MAX, 0]).count(), 2);
    }
}
