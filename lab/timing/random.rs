// SPDX-License-Identifier: GPL-2.0

//! Random numbers that a seed repeats.

/// How many items are shuffled between two questions whether to go on.
const ITEMS_PER_QUESTION: usize = 1 << 14;

/// xorshift64*, after Vigna: quick, and good enough to choose what to free next.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// Each seed has a sequence of its own, but for two that share one.
    pub(crate) fn new(seed: u64) -> Self {
        // Neighbouring seeds get far states; the state must not be zero.
        let state = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self {
            state: state.max(1),
        }
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number in `0..limit`; zero if there is none.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // The high half of a product has no bias worth mentioning.
        ((u128::from(self.next()) * u128::from(limit)) >> u64::BITS) as u64
    }

    /// Puts `items` into a random order. `go_on` is asked now and then.
    pub(crate) fn shuffle<T, E>(
        &mut self,
        items: &mut [T],
        go_on: impl Fn() -> Result<(), E>,
    ) -> Result<(), E> {
        for index in (1..items.len()).rev() {
            if index % ITEMS_PER_QUESTION == 0 {
                go_on()?;
            }
            items.swap(index, self.below(index as u64 + 1) as usize);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_sequence() {
        for seed in [0, 1, 2, u64::MAX] {
            let (mut one, mut other) = (Random::new(seed), Random::new(seed));
            assert!((0..100).all(|_| one.next() == other.next()));
        }
        assert_ne!(Random::new(1).next(), Random::new(2).next());
    }

    #[test]
    fn all_numbers_below_a_limit_are_about_as_frequent() {
        let mut random = Random::new(3);
        let mut counts = [0_u32; 10];
        for _ in 0..100_000 {
            counts[random.below(10) as usize] += 1;
        }
        assert!(
            counts.iter().all(|count| (9_600..10_400).contains(count)),
            "{counts:?}"
        );
        assert_eq!(random.below(0), 0);
        assert_eq!(random.below(1), 0);
    }

    #[test]
    fn shuffling_can_be_ended() {
        let mut items = [0_u8; 2 * ITEMS_PER_QUESTION];
        assert_eq!(Random::new(4).shuffle(&mut items, || Err(7)), Err(7));
    }

    #[test]
    fn shuffling_keeps_what_is_there() {
        let mut items: Vec<u32> = (0..1000).collect();
        let shuffled = Random::new(4).shuffle(&mut items, || Ok::<(), ()>(()));
        assert_eq!(shuffled, Ok(()));
        assert!(
            items
                .iter()
                .zip(0..)
                .filter(|(item, index)| *item == index)
                .count()
                < 20
        );
        items.sort_unstable();
        assert!(items.into_iter().eq(0..1000));
    }
}
