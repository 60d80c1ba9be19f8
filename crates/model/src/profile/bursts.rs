//! Stretches of work between stretches of waiting.

use serde::{Deserialize, Serialize};

/// How a resource that mostly waits does its work: stretches of samples above a level, and what lies
/// between them.
///
/// The level is drawn by the resource itself: what it stands at while it waits, and its noise. Of a
/// series that works less than half of the time the median is waiting and what is below it is noise,
/// so that a sample *works* when it lies above the median by more than four times the distance from
/// the median down to the 5th percentile, and by two points at least. A resource that works more than half of
/// the time has no such level: its median is work, and few or no samples lie above.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bursts {
    /// A sample above it works, in the metric's unit.
    pub works_above: f64,
    /// Mean of the samples that wait, weighted by the time they cover.
    pub waiting_mean: f64,
    /// Mean of the samples that work; absent where none does.
    pub working_mean: Option<f64>,
    /// Seconds that samples cover which work.
    pub working_seconds: u64,
    /// Seconds that all samples cover.
    pub seconds: u64,
    /// How many stretches of work there are: samples that follow one another without a gap.
    pub stretches: u64,
    /// Seconds from the begin of the first to the end of the last sample of the longest one: the work
    /// in it may have been shorter by a sample at either end.
    pub longest_seconds: u64,
    /// Seconds from the begin of a stretch to the begin of the next, the median; absent with fewer
    /// than three stretches.
    pub usual_distance_seconds: Option<u64>,
    /// Share of these distances within a tenth of the median, from 0 to 1; absent like it. Near one, a
    /// clock starts the work; far below, somebody asks for it.
    pub regularity: Option<f64>,
}

impl Bursts {
    /// Returns the share of the time in which it works, from 0 to 1.
    pub fn duty_cycle(&self) -> f64 {
        if self.seconds == 0 { 0.0 } else { self.working_seconds as f64 / self.seconds as f64 }
    }
}
