//! A share of time above any level, looked up at once.

use trimtab_model::profile::Levels;

/// The share above each tenth of a percent from 0 on. Beyond the last one nothing is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve(Vec<f32>);

impl Curve {
    /// Makes the curve of a series.
    pub(super) fn of_levels(levels: &Levels) -> Self {
        let pairs = levels.iter().map(|(level, seconds)| (usize::from(level), f64::from(seconds)));
        Self::of_weights(pairs.collect())
    }

    /// Makes the curve of a few values in percent that weigh the same.
    pub(super) fn of_values(values: impl Iterator<Item = f64>) -> Self {
        let levels = Levels::new(values.map(|value| (value, 1)));
        Self::of_levels(&levels)
    }

    fn of_weights(weights: Vec<(usize, f64)>) -> Self {
        let all: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let highest = weights.last().map_or(0, |(level, _)| *level);
        let mut shares = vec![0.0; highest + 1];
        let (mut above, mut weights) = (0.0, weights.into_iter().rev().peekable());
        for (level, share) in shares.iter_mut().enumerate().rev() {
            *share = (above / all.max(f64::MIN_POSITIVE)) as f32;
            while let Some((_, weight)) = weights.next_if(|(own, _)| *own >= level) {
                above += weight;
            }
        }
        Self(shares)
    }

    /// Returns the share above `percent`, from 0 to 1; within a tenth, linear.
    pub(super) fn above(&self, percent: f64) -> f64 {
        let tenths = (percent * 10.0).max(0.0);
        let index = tenths.floor();
        let at = |index: f64| self.0.get(index as usize).copied().map_or(0.0, f64::from);
        let (low, high) = (at(index), at(index + 1.0));
        low + (high - low) * (tenths - index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_says_what_its_levels_say() {
        let levels = Levels::new([(0.0, 600), (12.34, 300), (79.9, 300), (80.0, 600), (100.0, 60)]);
        let curve = Curve::of_levels(&levels);
        for percent in
            [0.0, 0.05, 5.0, 12.3, 12.35, 12.4, 50.0, 79.8, 79.85, 80.0, 99.95, 100.0, 250.0]
        {
            let (one, other) = (curve.above(percent), levels.share_above(percent));
            assert!((one - other).abs() < 1e-6, "{percent}: {one} and {other}");
        }
        assert!(Curve::of_levels(&Levels::default()).above(0.0) < f64::MIN_POSITIVE);
    }
}
