//! The samples of one series, and the profile they make.

use std::collections::BTreeMap;

use jiff::Timestamp;
use trimtab_model::period::Period;
use trimtab_model::profile::{DayProfile, UsageProfile};

const DAY_SECONDS: i64 = 86_400;
const HOUR_SECONDS: i64 = 3_600;
const HOURS_PER_WEEK: i64 = 168;
/// 1970-01-01 was a Thursday; weeks start on Monday here.
const HOURS_FROM_MONDAY: i64 = 3 * 24;
/// Bytes of one sample in a state: its offset and its value.
const SAMPLE_BYTES: usize = 12;

/// Samples as they come: unordered, perhaps with several of one moment.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Samples {
    /// Seconds since the start of the window.
    offsets: Vec<u32>,
    /// The value at the offset of the same index.
    values: Vec<f64>,
    /// Declared periods in seconds, and how many samples declare each.
    periods: Vec<(u32, u64)>,
    /// Samples that have no value, no time, or no finite one.
    bad: u64,
}

impl Samples {
    /// Adds one sample.
    pub(super) fn push(&mut self, offset: u32, value: f64, period: Option<u32>) {
        self.offsets.push(offset);
        self.values.push(value);
        if let Some(period) = period {
            self.declare(period, 1);
        }
    }

    /// Counts a sample that cannot be read.
    pub(super) fn push_bad(&mut self) {
        self.bad += 1;
    }

    /// Returns how many samples cannot be read.
    pub(super) fn bad(&self) -> u64 {
        self.bad
    }

    /// Returns the bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.offsets.capacity() * SAMPLE_BYTES
    }

    fn declare(&mut self, period: u32, count: u64) {
        match self.periods.iter_mut().find(|(declared, _)| *declared == period) {
            Some((_, sum)) => *sum += count,
            None => self.periods.push((period, count)),
        }
    }

    /// Writes the samples as one value of a state: counts first, then 12 bytes a sample.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes =
            Vec::with_capacity(16 + self.periods.len() * 12 + self.offsets.len() * SAMPLE_BYTES);
        bytes.extend(self.bad.to_le_bytes());
        bytes.extend((self.periods.len() as u64).to_le_bytes());
        for (period, count) in &self.periods {
            bytes.extend(period.to_le_bytes());
            bytes.extend(count.to_le_bytes());
        }
        for (offset, value) in self.offsets.iter().zip(&self.values) {
            bytes.extend(offset.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        bytes
    }

    /// Adds the samples of an encoded state. Returns `None` if it is malformed.
    pub(super) fn merge(&mut self, bytes: &[u8]) -> Option<()> {
        let (bad, rest) = bytes.split_first_chunk()?;
        let (periods, mut rest) = rest.split_first_chunk()?;
        self.bad += u64::from_le_bytes(*bad);
        for _ in 0..u64::from_le_bytes(*periods) {
            let (period, after) = rest.split_first_chunk()?;
            let (count, after) = after.split_first_chunk()?;
            self.declare(u32::from_le_bytes(*period), u64::from_le_bytes(*count));
            rest = after;
        }
        let (samples, []) = rest.as_chunks::<SAMPLE_BYTES>() else { return None };
        self.offsets.reserve(samples.len());
        self.values.reserve(samples.len());
        for sample in samples {
            let (offset, value) = sample.split_first_chunk()?;
            self.offsets.push(u32::from_le_bytes(*offset));
            self.values.push(f64::from_le_bytes(value.try_into().ok()?));
        }
        Some(())
    }

    /// Returns the samples in order of time, each moment once: of several
    /// samples of one second the largest counts, whatever their order was.
    fn in_order(self) -> Vec<(u32, f64)> {
        let mut samples: Vec<(u32, f64)> = self.offsets.into_iter().zip(self.values).collect();
        if !samples.is_sorted_by(|left, right| left.0 < right.0) {
            samples.sort_unstable_by(|left, right| {
                left.0.cmp(&right.0).then(right.1.total_cmp(&left.1))
            });
            samples.dedup_by_key(|sample| sample.0);
        }
        samples
    }

    /// Reduces the samples. Returns `None` if there is none.
    pub(super) fn profile(mut self, window: Period) -> Option<UsageProfile> {
        let declared = std::mem::take(&mut self.periods);
        let samples = self.in_order();
        let (&(first, _), &(last, last_value)) = (samples.first()?, samples.last()?);
        let start = window.start().as_second();
        let length = u64::try_from(window.seconds()).ok()?;
        let period_seconds = most_common(declared)
            .or_else(|| most_common_difference(&samples))
            // One sample without a declared period stands for itself alone.
            .unwrap_or(1);
        let mut sorted: Vec<f64> = samples.iter().map(|sample| sample.1).collect();
        let sum: f64 = sorted.iter().sum();
        let count = sorted.len();
        let mean = sum / count as f64;
        sorted.sort_unstable_by(f64::total_cmp);
        let quantile = |per_mille: usize| nearest_rank(&sorted, per_mille);
        let days = days(&samples, start);
        Some(UsageProfile {
            window,
            period_seconds,
            count: count as u64,
            coverage: coverage(&samples, period_seconds, length),
            first: Timestamp::from_second(start + i64::from(first)).ok()?,
            last: Timestamp::from_second(start + i64::from(last)).ok()?,
            longest_gap_seconds: longest_gap(&samples, period_seconds, length),
            mean,
            p50: quantile(500)?,
            p90: quantile(900)?,
            p95: quantile(950)?,
            p99: quantile(990)?,
            p99_5: quantile(995)?,
            max: *sorted.last()?,
            min: *sorted.first()?,
            sum,
            last_value,
            trend_per_day: trend(&days),
            hour_of_week: hour_of_week(&samples, start),
            days,
        })
    }
}

/// Returns the sample at rank `ceil(q × count)`, in integers so that no rounding shifts it.
fn nearest_rank(sorted: &[f64], per_mille: usize) -> Option<f64> {
    let rank = (sorted.len() * per_mille).div_ceil(1000).max(1);
    sorted.get(rank - 1).copied()
}

/// Returns the most common entry, the smaller one of two that are equally common.
fn most_common(counts: Vec<(u32, u64)>) -> Option<u32> {
    counts
        .into_iter()
        .filter(|(value, _)| *value > 0)
        .max_by_key(|(value, count)| (*count, std::cmp::Reverse(*value)))
        .map(|(value, _)| value)
}

fn most_common_difference(samples: &[(u32, f64)]) -> Option<u32> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for (left, right) in samples.iter().zip(samples.iter().skip(1)) {
        *counts.entry(right.0 - left.0).or_default() += 1;
    }
    most_common(counts.into_iter().collect())
}

/// Returns the share of the window's intervals that have a sample.
fn coverage(samples: &[(u32, f64)], period: u32, length: u64) -> f64 {
    let intervals = length.div_ceil(u64::from(period)).max(1);
    let mut seen = 0_u64;
    let mut latest = None;
    for (offset, _) in samples {
        let interval = offset / period;
        if latest != Some(interval) {
            seen += 1;
            latest = Some(interval);
        }
    }
    (seen as f64 / intervals as f64).min(1.0)
}

/// Returns the longest stretch that no sample's interval covers.
fn longest_gap(samples: &[(u32, f64)], period: u32, length: u64) -> u64 {
    let mut covered = 0_u64;
    let mut longest = 0;
    for (offset, _) in samples {
        let offset = u64::from(*offset);
        longest = longest.max(offset.saturating_sub(covered));
        covered = offset + u64::from(period);
    }
    longest.max(length.saturating_sub(covered))
}

fn days(samples: &[(u32, f64)], start: i64) -> Vec<DayProfile> {
    let mut days: Vec<DayProfile> = Vec::new();
    for (offset, value) in samples {
        // Windows lie between 1970 and the year 5 million, so the day fits.
        let day = (start + i64::from(*offset)).div_euclid(DAY_SECONDS) as i32;
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => {
                last.count += 1;
                last.sum += value;
                last.max = last.max.max(*value);
            }
            None => days.push(DayProfile { day, count: 1, mean: 0.0, max: *value, sum: *value }),
        }
    }
    for day in &mut days {
        day.mean = day.sum / f64::from(day.count);
    }
    days
}

/// Returns the least-squares slope of the daily means, each day with equal weight.
fn trend(days: &[DayProfile]) -> Option<f64> {
    let origin = days.first()?.day;
    if days.len() < 2 {
        return None;
    }
    let count = days.len() as f64;
    let at = |day: &DayProfile| f64::from(day.day - origin);
    let mean_x = days.iter().map(at).sum::<f64>() / count;
    let mean_y = days.iter().map(|day| day.mean).sum::<f64>() / count;
    let covariance: f64 = days.iter().map(|day| (at(day) - mean_x) * (day.mean - mean_y)).sum();
    let variance: f64 = days.iter().map(|day| (at(day) - mean_x).powi(2)).sum();
    Some(covariance / variance)
}

fn hour_of_week(samples: &[(u32, f64)], start: i64) -> Vec<Option<f64>> {
    let mut hours = vec![(0.0, 0_u32); HOURS_PER_WEEK as usize];
    for (offset, value) in samples {
        let hour = (start + i64::from(*offset)).div_euclid(HOUR_SECONDS) + HOURS_FROM_MONDAY;
        if let Some((sum, count)) = hours.get_mut(hour.rem_euclid(HOURS_PER_WEEK) as usize) {
            *sum += value;
            *count += 1;
        }
    }
    hours.into_iter().map(|(sum, count)| (count > 0).then(|| sum / f64::from(count))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Period {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // 2026-10-05 is a Monday.
        Period::new(at("2026-10-05T00:00:00Z"), at("2026-10-07T00:00:00Z")).unwrap()
    }

    fn samples(list: &[(u32, f64)]) -> Samples {
        let mut samples = Samples::default();
        for (offset, value) in list {
            samples.push(*offset, *value, Some(300));
        }
        samples
    }

    #[test]
    fn of_one_moment_the_largest_sample_counts() {
        let profile = samples(&[(300, 2.0), (0, 1.0), (300, 7.0), (300, 5.0)]).profile(window());
        let profile = profile.unwrap();
        assert_eq!(profile.count, 2);
        assert_eq!((profile.sum, profile.last_value), (8.0, 7.0));
    }

    #[test]
    fn gaps_at_both_ends_count() {
        let gap =
            |list: &[(u32, f64)]| samples(list).profile(window()).unwrap().longest_gap_seconds;
        assert_eq!(gap(&[(86_400, 1.0)]), 86_400);
        assert_eq!(gap(&[(100_000, 1.0)]), 100_000);
        assert_eq!(gap(&[(0, 1.0), (300, 1.0)]), 172_800 - 600);
    }

    #[test]
    fn a_full_window_is_covered_and_has_no_gap() {
        let all: Vec<_> = (0..576).map(|index| (index * 300, f64::from(index))).collect();
        let profile = samples(&all).profile(window()).unwrap();
        assert_eq!(profile.longest_gap_seconds, 0);
        assert!((profile.coverage - 1.0).abs() < 1e-12);
        assert_eq!(profile.hour_of_week[0], Some(5.5));
        assert_eq!(profile.hour_of_week[24], Some(293.5));
        assert_eq!(profile.hour_of_week[48], None);
        assert_eq!(profile.days.len(), 2);
        assert_eq!(profile.trend_per_day, Some(288.0));
        assert_eq!((profile.p50, profile.p99_5), (287.0, 573.0));
    }

    #[test]
    fn without_a_declared_period_the_most_common_difference_counts() {
        let mut samples = Samples::default();
        for offset in [0, 60, 120, 600, 660] {
            samples.push(offset, 1.0, None);
        }
        assert_eq!(samples.profile(window()).unwrap().period_seconds, 60);
    }

    #[test]
    fn a_state_survives_its_encoding() {
        let mut original = samples(&[(300, 2.0), (0, 1.0)]);
        original.push_bad();
        let mut copy = Samples::default();
        copy.merge(&original.encode()).unwrap();
        assert_eq!(copy, original);
        assert_eq!(copy.merge(&[1, 2, 3]), None);
        assert_eq!(copy.merge(&original.encode()[..30]), None);
    }
}
