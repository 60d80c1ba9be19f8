//! Numbers that look random and are the same for the same seed.
//!
//! Marsaglia's xorshift with a final multiplication (xorshift64*), period 2^64 - 1. It is good
//! enough for the times that AWS takes, and for nothing that must not be guessed.

use jiff::SignedDuration;

/// A generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random(u64);

impl Random {
    /// Makes a generator; each seed has its own numbers.
    pub fn new(seed: u64) -> Self {
        // The one state that xorshift never leaves is zero. The multiplier spreads small seeds.
        let spread = (seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xd129_0db3_9a1c_6f27);
        Self(if spread == 0 { 1 } else { spread })
    }

    /// Returns the next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Returns a whole number of seconds between two, both possible.
    pub fn between(&mut self, least: SignedDuration, most: SignedDuration) -> SignedDuration {
        let span = u64::try_from((most - least).as_secs()).unwrap_or(0).saturating_add(1);
        let extra = i64::try_from((self.number() >> 11) % span).unwrap_or(0);
        least + SignedDuration::from_secs(extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_one_others() {
        let numbers = |seed| {
            let mut random = Random::new(seed);
            [random.number(), random.number(), random.number()]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert_ne!(numbers(0), [0, 0, 0]);
    }

    #[test]
    fn a_time_lies_between_its_bounds() {
        let seconds = SignedDuration::from_secs;
        let mut random = Random::new(1);
        let all: Vec<_> = (0..200).map(|_| random.between(seconds(3), seconds(5))).collect();
        assert!(all.iter().all(|one| (seconds(3)..=seconds(5)).contains(one)));
        assert!([3, 4, 5].iter().all(|wanted| all.contains(&seconds(*wanted))));
        assert_eq!(random.between(seconds(9), seconds(9)), seconds(9));
    }
}
