//! A series hour by hour.

use serde::{Deserialize, Serialize};

/// Each hour of a window, in UTC: what a shape over time, a leak or a driver is read from.
///
/// Three figures of four bytes' precision an hour: more than a sample of CloudWatch holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Hours {
    /// Hours since 1970-01-01T00:00:00Z of the first one.
    pub first: i64,
    /// Mean of the samples of each hour from the first on; absent where none lies in it.
    pub mean: Vec<Option<f32>>,
    /// Highest sample of each hour.
    pub max: Vec<Option<f32>>,
    /// Lowest sample of each hour.
    pub min: Vec<Option<f32>>,
}

impl Hours {
    /// Iterates over the hours that have samples: hours since 1970, mean, highest, lowest.
    pub fn iter(&self) -> impl Iterator<Item = (i64, f64, f64, f64)> + '_ {
        let figures = self.mean.iter().zip(&self.max).zip(&self.min);
        (self.first..).zip(figures).filter_map(|(hour, ((mean, max), min))| {
            Some((hour, f64::from((*mean)?), f64::from((*max)?), f64::from((*min)?)))
        })
    }
}
