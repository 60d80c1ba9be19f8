//! How long a series stood at which level.

use serde::{Deserialize, Serialize};

/// How long a series of percentages stood at which level.
///
/// A level is a tenth of a percent: `n` stands for what is above `(n - 1) / 10` % and at
/// most `n / 10` %, so that a share above a whole percent is exact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Levels(Vec<(u16, u32)>);

impl Levels {
    /// Collects values with the seconds that each of them stands for; negative ones count as 0,
    /// and those above 6,553 % as that.
    pub fn new(values: impl IntoIterator<Item = (f64, u32)>) -> Self {
        let mut seconds: Vec<u32> = Vec::new();
        for (percent, length) in values {
            // A sample that is a whole tenth must not climb a level by the rounding of a float.
            let level = (percent * 10.0 - 1e-6).ceil().clamp(0.0, f64::from(u16::MAX)) as usize;
            if level >= seconds.len() {
                seconds.resize(level + 1, 0);
            }
            if let Some(sum) = seconds.get_mut(level) {
                *sum = sum.saturating_add(length);
            }
        }
        Self((0..=u16::MAX).zip(seconds).filter(|(_, seconds)| *seconds > 0).collect())
    }

    /// Rebuilds levels from what [`iter`](Self::iter) gave, in ascending order.
    pub fn from_pairs(pairs: Vec<(u16, u32)>) -> Self {
        Self(pairs)
    }

    /// Iterates over levels in ascending order: tenths of a percent, and seconds.
    pub fn iter(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        self.0.iter().copied()
    }

    /// Returns how many levels were seen.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the highest level that was reached, in percent.
    pub fn highest(&self) -> Option<f64> {
        self.0.last().map(|(level, _)| f64::from(*level) / 10.0)
    }

    /// Returns the share of the time above `percent`, from 0 to 1. Within a level, values are
    /// taken as spread evenly. Zero where nothing was seen.
    pub fn share_above(&self, percent: f64) -> f64 {
        let tenths = percent * 10.0;
        let (mut above, mut all) = (0.0, 0.0);
        for (level, seconds) in self.iter() {
            let seconds = f64::from(seconds);
            all += seconds;
            above += seconds * (f64::from(level) - tenths).clamp(0.0, 1.0);
        }
        if all > 0.0 { above / all } else { 0.0 }
    }

    /// Returns the value at rank `share` of the time, in percent: the upper edge of its level.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let all: f64 = self.iter().map(|(_, seconds)| f64::from(seconds)).sum();
        let mut reached = 0.0;
        let found = self.iter().find(|(_, seconds)| {
            reached += f64::from(*seconds);
            reached + 1e-6 >= share * all
        });
        found.map(|(level, _)| f64::from(level) / 10.0)
    }
}

/// The levels of a series over all of its window, and over its last days: old use fades.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LevelHistory {
    /// The whole window.
    pub whole: Levels,
    /// The 14 days before the end of the last sample; absent where the samples reach no
    /// further back, so that it would be the whole.
    pub last_14_days: Option<Levels>,
    /// The 3 days before it; absent in the same way.
    pub last_3_days: Option<Levels>,
}

impl LevelHistory {
    /// Returns the levels of the last 14 days, or of all where there is no more.
    pub fn last_14_days(&self) -> &Levels {
        self.last_14_days.as_ref().unwrap_or(&self.whole)
    }

    /// Returns the levels of the last 3 days, or of all where there is no more.
    pub fn last_3_days(&self) -> &Levels {
        self.last_3_days.as_ref().unwrap_or(&self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_above_a_whole_percent_is_exact() {
        let levels = Levels::new([(79.9, 300), (80.0, 300), (80.05, 300), (95.0, 300)]);
        for (percent, share) in [(80.0, 0.5), (95.0, 0.0), (94.95, 0.125)] {
            let found = levels.share_above(percent);
            assert!((found - share).abs() < 1e-9, "{percent}: {found}");
        }
        assert_eq!(levels.quantile(0.5), Some(80.0));
        assert_eq!(Levels::default().quantile(0.5), None);
    }
}
