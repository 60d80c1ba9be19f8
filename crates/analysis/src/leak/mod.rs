//! Memory that grows until something restarts: whether, how fast, since when, and what would
//! be needed without.
//!
//! `floor` takes the lowest use of each hour, `restart` cuts it where it falls sharply, `trend`
//! measures the growth between the cuts, `shape` tells growth from a step and from a cache that
//! fills up, `reading` puts the three together, `demand` sees whether the users grew as well, and
//! `growth` decides. `driver` finds the requests that the growth goes with.

mod demand;
mod driver;
mod floor;
mod growth;
mod reading;
mod restart;
mod shape;
mod trend;

pub use driver::{Calls, Driver, Follows, driver};
pub use growth::{Doubt, Growth, Leak, NoLeak, growth};

#[cfg(test)]
pub(crate) mod tests {
    use trimtab_model::profile::Hours;

    /// Numbers that look random and are the same in every run.
    pub(crate) struct Random(pub(crate) u64);

    impl Random {
        /// Returns the next number of a range.
        pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut bits = self.0;
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            bits ^= bits >> 31;
            low + (high - low) * (bits >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    /// Returns hours that do not vary within themselves, from 1970 on.
    pub(crate) fn hours(values: &[f64]) -> Hours {
        let row: Vec<Option<f32>> = values.iter().map(|value| Some(*value as f32)).collect();
        Hours { first: 0, mean: row.clone(), max: row.clone(), min: row }
    }
}
