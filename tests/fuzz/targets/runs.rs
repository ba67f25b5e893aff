// SPDX-License-Identifier: GPL-2.0

//! Runs of page frames are those of the definition: cut where the next frame is not the successor.

use super::input::Input;
use crate::runs::{Runs, RUN_BUCKETS};

pub(super) fn check(input: &[u8]) {
    let frames = frames(Input(input));
    let mut runs = Runs::new();
    // At some time in between, too, and not only at the end.
    let between = frames.len() / 3;
    for (index, frame) in frames.iter().enumerate() {
        if index == between {
            agrees(&runs, &frames[..index]);
        }
        runs.push(*frame);
    }
    agrees(&runs, &frames);
}

/// Frame numbers that often follow each other: single bytes are distances, two of them have a meaning
/// of their own.
fn frames(mut input: Input<'_>) -> Vec<u64> {
    let mut frames = Vec::new();
    let mut frame: u64 = 0;
    while !input.is_empty() {
        match input.byte() {
            0xff => frame = input.number(),
            // A long run, once in a while.
            0xfe if frames.len() < 1000 => {
                for _ in 0..u16::from_be_bytes([input.byte(), input.byte()]) {
                    frames.push(frame);
                    frame = frame.wrapping_add(1);
                }
                continue;
            }
            distance => frame = frame.wrapping_add(u64::from(distance % 4)),
        }
        frames.push(frame);
    }
    frames
}

fn agrees(runs: &Runs, frames: &[u64]) {
    let mut lengths: Vec<u64> = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        let previous = index.checked_sub(1).map(|before| frames[before]);
        match lengths.last_mut() {
            Some(length) if previous.and_then(|frame| frame.checked_add(1)) == Some(*frame) => {
                *length += 1;
            }
            _ => lengths.push(1),
        }
    }
    assert_eq!(runs.pages(), frames.len() as u64);
    assert_eq!(runs.count(), lengths.len() as u64);
    assert_eq!(
        runs.longest_pages(),
        lengths.iter().copied().max().unwrap_or(0)
    );
    assert_eq!(runs.is_contiguous(), lengths.len() == 1);
    let mut histogram = [0; RUN_BUCKETS];
    for length in lengths {
        let mut bucket = 0;
        while bucket + 1 < RUN_BUCKETS && length >= 2 << bucket {
            bucket += 1;
        }
        histogram[bucket] += 1;
    }
    assert_eq!(runs.histogram(), histogram);
}
