//! A series whose samples are in order and count once, and the profile they make.

use std::collections::BTreeMap;

use jiff::Timestamp;
use trimtab_model::profile::{Bursts, DayProfile, Hours, LevelHistory, Levels, UsageProfile};

use super::bursts::{Interval, bursts};
use super::local_week::local_week;
use super::samples::{Track, UNDECLARED};
use super::window::Window;

const DAY_SECONDS: i64 = 86_400;
const HOUR_SECONDS: i64 = 3_600;
const HOURS_PER_WEEK: i64 = 168;
/// 1970-01-01 was a Thursday; weeks start on Monday here.
const HOURS_FROM_MONDAY: i64 = 3 * 24;
/// What is higher is an amount, and no percentage whose levels could be asked for.
const HIGHEST_PERCENT: f64 = 1_000.0;
/// Lowest, the five quantiles of a profile, and highest.
const PER_MILLE: [usize; 7] = [0, 500, 900, 950, 990, 995, 1000];
/// The 5th percentile, and the median: what is waiting, and its noise.
const WAITING_PER_MILLE: [usize; 2] = [50, 500];

/// One sample that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// Seconds since the start of the window.
    pub(super) offset: u32,
    /// Length of its interval in seconds.
    period: u32,
    value: f64,
}

impl Sample {
    /// Returns when its interval ends, in seconds since the start of the window.
    pub(super) fn end(&self) -> u64 {
        u64::from(self.offset) + u64::from(self.period)
    }
}

/// The samples that count, in order of time.
#[derive(Debug)]
pub(super) struct Series {
    samples: Vec<Sample>,
    /// The shortest period of them.
    finest: u32,
    /// Whether the values are amounts, which add up over time.
    adds_up: bool,
}

impl Series {
    /// Brings the samples of all periods together. Returns `None` if there is none.
    ///
    /// A sample counts where no sample of a shorter period that counts overlaps its
    /// interval, so that no moment counts twice and the finest period wins.
    pub(super) fn new(tracks: Vec<Track>, adds_up: bool) -> Option<Self> {
        let mut tracks = declared(tracks).into_iter();
        let first = tracks.next()?;
        let finest = first.period;
        let mut samples = first.in_order();
        if tracks.len() > 0 {
            let mut counting: BTreeMap<u32, Sample> =
                samples.into_iter().map(|sample| (sample.offset, sample)).collect();
            for track in tracks {
                let mut coarser = track.in_order();
                coarser.retain(|sample| !overlaps(&counting, sample));
                counting.extend(coarser.into_iter().map(|sample| (sample.offset, sample)));
            }
            samples = counting.into_values().collect();
        }
        Some(Self { samples, finest, adds_up })
    }

    /// Reduces the samples.
    pub(super) fn profile(&self, window: &Window) -> Option<UsageProfile> {
        let (first, last) = (self.samples.first()?, self.samples.last()?);
        let start = window.period.start().as_second();
        let length = u64::try_from(window.period.seconds()).ok()?;
        let (covered_seconds, longest_gap_seconds) = self.covered(length);
        let [min, p50, p90, p95, p99, p99_5, max] = self.quantiles()?;
        let mut mean = Mean::default();
        for sample in &self.samples {
            mean.add(self.level(sample), self.weight(sample));
        }
        let days = self.days(start);
        Some(UsageProfile {
            window: window.period,
            period_seconds: self.finest,
            count: self.samples.len() as u64,
            covered_seconds,
            coverage: covered_seconds as f64 / length.max(1) as f64,
            first: Timestamp::from_second(start + i64::from(first.offset)).ok()?,
            last: Timestamp::from_second(start + i64::from(last.offset)).ok()?,
            longest_gap_seconds,
            mean: mean.value()?,
            p50,
            p90,
            p95,
            p99,
            p99_5,
            max,
            min,
            sum: self.samples.iter().map(|sample| sample.value).sum(),
            last_value: self.level(last),
            trend_per_day: trend(&days),
            hour_of_week: self.hour_of_week(start),
            local_week: Some(local_week(window, &self.samples, |sample| self.level(sample))),
            hours: Some(self.hours(start)),
            levels: (max <= HIGHEST_PERCENT).then(|| self.levels()),
            bursts: (max <= HIGHEST_PERCENT).then(|| self.bursts()).flatten(),
            days,
        })
    }

    /// How many samples of the finest period a sample stands for.
    fn weight(&self, sample: &Sample) -> f64 {
        if sample.period == self.finest {
            1.0
        } else {
            f64::from(sample.period) / f64::from(self.finest)
        }
    }

    /// The value of a sample as one of the finest period would have it.
    fn level(&self, sample: &Sample) -> f64 {
        if self.adds_up { sample.value / self.weight(sample) } else { sample.value }
    }

    /// Returns the seconds that samples cover, and the longest stretch that none covers.
    ///
    /// The last interval counts as a whole even where the window ends within it: in its
    /// place the window begins within one whose sample lies before it.
    fn covered(&self, length: u64) -> (u64, u64) {
        let (mut until, mut seconds, mut longest) = (0_u64, 0_u64, 0_u64);
        for sample in &self.samples {
            let begin = u64::from(sample.offset);
            longest = longest.max(begin.saturating_sub(until));
            seconds += sample.end().saturating_sub(begin.max(until));
            until = until.max(sample.end());
        }
        (seconds.min(length), longest.max(length.saturating_sub(until)))
    }

    fn quantiles(&self) -> Option<[f64; 7]> {
        let mut quantiles = [0.0; 7];
        if self.samples.iter().all(|sample| sample.period == self.finest) {
            let mut sorted: Vec<f64> = self.samples.iter().map(|sample| sample.value).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            for (quantile, per_mille) in quantiles.iter_mut().zip(PER_MILLE) {
                *quantile = nearest_rank(&sorted, per_mille)?;
            }
        } else {
            let mut sorted: Vec<(f64, u32)> =
                self.samples.iter().map(|sample| (self.level(sample), sample.period)).collect();
            sorted.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
            for (quantile, per_mille) in quantiles.iter_mut().zip(PER_MILLE) {
                *quantile = nearest_second(&sorted, per_mille)?;
            }
        }
        Some(quantiles)
    }

    fn days(&self, start: i64) -> Vec<DayProfile> {
        let mut days: Vec<(DayProfile, Mean)> = Vec::new();
        for sample in &self.samples {
            // Windows lie between 1970 and the year 5 million, so the day fits.
            let day = (start + i64::from(sample.offset)).div_euclid(DAY_SECONDS) as i32;
            let (value, level, weight) = (sample.value, self.level(sample), self.weight(sample));
            match days.last_mut().filter(|(last, _)| last.day == day) {
                Some((last, mean)) => {
                    last.count += 1;
                    last.sum += value;
                    last.max = last.max.max(level);
                    mean.add(level, weight);
                }
                None => {
                    let mut mean = Mean::default();
                    mean.add(level, weight);
                    let profile = DayProfile { day, count: 1, mean: level, max: level, sum: value };
                    days.push((profile, mean));
                }
            }
        }
        days.into_iter()
            .map(|(day, mean)| DayProfile { mean: mean.value().unwrap_or(day.mean), ..day })
            .collect()
    }

    /// Reduces the samples hour by hour. One that reaches over several hours is of the first:
    /// a profile of hours is made of samples of an hour or less.
    fn hours(&self, start: i64) -> Hours {
        let hour_of = |sample: &Sample| (start + i64::from(sample.offset)).div_euclid(HOUR_SECONDS);
        let (Some(first), Some(last)) = (self.samples.first(), self.samples.last()) else {
            return Hours::default();
        };
        let first = hour_of(first);
        // The samples of a window lie within 136 years of its start.
        let length = (hour_of(last) - first) as usize + 1;
        let mut means = vec![Mean::default(); length];
        let mut max: Vec<Option<f32>> = vec![None; length];
        let mut min: Vec<Option<f32>> = vec![None; length];
        for sample in &self.samples {
            let at = (hour_of(sample) - first) as usize;
            let level = self.level(sample);
            if let (Some(mean), Some(max), Some(min)) =
                (means.get_mut(at), max.get_mut(at), min.get_mut(at))
            {
                mean.add(level, self.weight(sample));
                *max = Some(max.map_or(level as f32, |max| max.max(level as f32)));
                *min = Some(min.map_or(level as f32, |min| min.min(level as f32)));
            }
        }
        let mean = means.into_iter().map(|mean| mean.value().map(|mean| mean as f32)).collect();
        Hours { first, mean, max, min }
    }

    /// Finds the stretches of work among the samples of the finest period: longer ones hide how long work lasts.
    fn bursts(&self) -> Option<Bursts> {
        let finest = self.samples.iter().filter(|sample| sample.period == self.finest);
        let intervals: Vec<Interval> = finest
            .map(|sample| Interval {
                from: u64::from(sample.offset),
                until: sample.end(),
                level: sample.value,
            })
            .collect();
        let mut sorted: Vec<f64> = intervals.iter().map(|one| one.level).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let [low, median] = WAITING_PER_MILLE.map(|per_mille| nearest_rank(&sorted, per_mille));
        bursts(&intervals, (low?, median?))
    }

    fn levels(&self) -> LevelHistory {
        let since = |from: u64| {
            let first = self.samples.partition_point(|sample| u64::from(sample.offset) < from);
            let samples = self.samples.get(first..).unwrap_or_default();
            Levels::new(samples.iter().map(|sample| (self.level(sample), sample.period)))
        };
        let end = self.samples.last().map_or(0, Sample::end);
        let begin = self.samples.first().map_or(0, |first| u64::from(first.offset));
        let last = |days: u64| {
            let from = end.saturating_sub(days * DAY_SECONDS.unsigned_abs());
            (from > begin).then(|| since(from))
        };
        LevelHistory { whole: since(0), last_14_days: last(14), last_3_days: last(3) }
    }

    fn hour_of_week(&self, start: i64) -> Vec<Option<f64>> {
        let mut hours = vec![Mean::default(); HOURS_PER_WEEK as usize];
        for sample in &self.samples {
            let hour =
                (start + i64::from(sample.offset)).div_euclid(HOUR_SECONDS) + HOURS_FROM_MONDAY;
            if let Some(mean) = hours.get_mut(hour.rem_euclid(HOURS_PER_WEEK) as usize) {
                mean.add(self.level(sample), self.weight(sample));
            }
        }
        hours.into_iter().map(|mean| mean.value()).collect()
    }
}

impl Track {
    /// Returns the samples in order of time, each moment once: of several
    /// samples of one second the largest counts, whatever their order was.
    fn in_order(self) -> Vec<Sample> {
        let period = self.period;
        let mut samples: Vec<Sample> = self
            .offsets
            .into_iter()
            .zip(self.values)
            .map(|(offset, value)| Sample { offset, period, value })
            .collect();
        if !samples.is_sorted_by(|left, right| left.offset < right.offset) {
            samples.sort_unstable_by(|left, right| {
                left.offset.cmp(&right.offset).then(right.value.total_cmp(&left.value))
            });
            samples.dedup_by_key(|sample| sample.offset);
        }
        samples
    }
}

/// A mean that is weighted by time.
#[derive(Debug, Clone, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, level: f64, weight: f64) {
        self.sum += level * weight;
        self.weight += weight;
    }

    fn value(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// Gives samples that declare no period the most common one of those that do, else the
/// most common distance between them. One sample alone stands for its second.
fn declared(mut tracks: Vec<Track>) -> Vec<Track> {
    if tracks.first().is_none_or(|first| first.period != UNDECLARED) {
        return tracks;
    }
    let undeclared = tracks.remove(0);
    let counts = tracks.iter().map(|track| (track.period, track.offsets.len() as u64)).collect();
    if let Some(track) =
        most_common(counts).and_then(|period| tracks.iter_mut().find(|own| own.period == period))
    {
        track.offsets.extend(undeclared.offsets);
        track.values.extend(undeclared.values);
        return tracks;
    }
    let mut offsets = undeclared.offsets.clone();
    offsets.sort_unstable();
    vec![Track { period: most_common_difference(&offsets).unwrap_or(1), ..undeclared }]
}

/// Returns the most common entry, the smaller one of two that are equally common.
fn most_common(counts: Vec<(u32, u64)>) -> Option<u32> {
    counts
        .into_iter()
        .filter(|(value, _)| *value > 0)
        .max_by_key(|(value, count)| (*count, std::cmp::Reverse(*value)))
        .map(|(value, _)| value)
}

fn most_common_difference(sorted: &[u32]) -> Option<u32> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for (left, right) in sorted.iter().zip(sorted.iter().skip(1)) {
        *counts.entry(right - left).or_default() += 1;
    }
    most_common(counts.into_iter().collect())
}

/// Returns whether any of the finer samples covers a part of the sample's interval.
fn overlaps(finer: &BTreeMap<u32, Sample>, sample: &Sample) -> bool {
    // Of what begins before the sample ends, what begins last ends last: samples of one
    // period are equally long, and those of different periods lie apart.
    let end = u32::try_from(sample.end()).unwrap_or(u32::MAX);
    let latest = finer.range(..end).next_back();
    latest.is_some_and(|(_, latest)| latest.end() > u64::from(sample.offset))
}

/// Returns the sample at rank `ceil(q × count)`, in integers so that no rounding shifts it.
fn nearest_rank(sorted: &[f64], per_mille: usize) -> Option<f64> {
    let rank = (sorted.len() * per_mille).div_ceil(1000).max(1);
    sorted.get(rank - 1).copied()
}

/// Returns the same where each sample stands for as many values as it has seconds.
fn nearest_second(sorted: &[(f64, u32)], per_mille: usize) -> Option<f64> {
    let total: u128 = sorted.iter().map(|(_, seconds)| u128::from(*seconds)).sum();
    let mut reached = 0_u128;
    let found = sorted.iter().find(|(_, seconds)| {
        reached += u128::from(*seconds);
        reached * 1000 >= total * per_mille as u128
    });
    found.map(|(value, _)| *value)
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

#[cfg(test)]
mod tests {
    use trimtab_model::calendar::{Calendar, WeekHour};
    use trimtab_model::period::Period;

    use super::*;
    use crate::profile::samples::Samples;

    fn window() -> Window {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // 2026-10-05 is a Monday.
        let period = Period::new(at("2026-10-05T00:00:00Z"), at("2026-10-07T00:00:00Z")).unwrap();
        Window::new(period, &Calendar::default())
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
        let profile = samples(&[(300, 2.0), (0, 1.0), (300, 7.0), (300, 5.0)]).profile(&window());
        let profile = profile.unwrap();
        assert_eq!(profile.count, 2);
        assert_eq!((profile.sum, profile.last_value), (8.0, 7.0));
    }

    #[test]
    fn gaps_at_both_ends_count() {
        let gap =
            |list: &[(u32, f64)]| samples(list).profile(&window()).unwrap().longest_gap_seconds;
        assert_eq!(gap(&[(86_400, 1.0)]), 86_400);
        assert_eq!(gap(&[(100_000, 1.0)]), 100_000);
        assert_eq!(gap(&[(0, 1.0), (300, 1.0)]), 172_800 - 600);
    }

    #[test]
    fn a_full_window_is_covered_and_has_no_gap() {
        let all: Vec<_> = (0..576).map(|index| (index * 300, f64::from(index))).collect();
        let profile = samples(&all).profile(&window()).unwrap();
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
        assert_eq!(samples.profile(&window()).unwrap().period_seconds, 60);
    }

    /// Hours 0 and 2 in 12 samples of 5 minutes, and hours 0 to 3 in one sample each.
    fn both(fine: f64, coarse: f64) -> Samples {
        let mut samples = Samples::default();
        for index in 0..12 {
            samples.push(index * 300, fine, Some(300));
            samples.push(7200 + index * 300, fine, Some(300));
        }
        for hour in 0..4 {
            samples.push(hour * 3600, coarse, Some(3600));
        }
        samples
    }

    #[test]
    fn of_several_periods_the_finest_wins_where_it_covers() {
        let profile = both(1.0, 5.0).profile(&window()).unwrap();
        assert_eq!((profile.period_seconds, profile.count), (300, 26));
        assert_eq!((profile.covered_seconds, profile.hours_observed()), (4 * 3600, 4.0));
        assert_eq!(profile.longest_gap_seconds, 172_800 - 4 * 3600);
        // Half of the time is at 1, half at 5, whatever the number of samples.
        assert_eq!((profile.mean, profile.p50, profile.p90), (3.0, 1.0, 5.0));
        assert_eq!((profile.min, profile.max, profile.last_value), (1.0, 5.0, 5.0));
        assert_eq!(
            profile.hour_of_week.get(..4).unwrap(),
            [Some(1.0), Some(5.0), Some(1.0), Some(5.0)]
        );
    }

    #[test]
    fn an_hour_of_the_week_is_complete_where_samples_cover_it_whole() {
        let week = both(1.0, 5.0).profile(&window()).unwrap().local_week.unwrap();
        let hour = |index| (week.max(WeekHour::at(index)), week.complete(WeekHour::at(index)));
        assert_eq!((hour(0), hour(1)), ((Some(1.0), 1), (Some(5.0), 1)));
        assert_eq!(hour(4), (None, 0));
        let week = samples(&[(0, 1.0), (300, 9.0)]).profile(&window()).unwrap().local_week.unwrap();
        assert_eq!((week.max(WeekHour::at(0)), week.complete(WeekHour::at(0))), (Some(9.0), 0));
    }

    #[test]
    fn amounts_of_several_periods_are_summed_once_and_compared_per_finest_period() {
        let mut samples = both(1.0, 24.0);
        samples.add_up();
        let profile = samples.profile(&window()).unwrap();
        assert_eq!((profile.sum, profile.max_daily_sum()), (72.0, 72.0));
        assert_eq!((profile.mean, profile.max, profile.last_value), (1.5, 2.0, 2.0));
    }

    #[test]
    fn a_coarser_sample_that_is_only_touched_counts() {
        let mut samples = Samples::default();
        samples.push(3600, 1.0, Some(3600));
        samples.push(3300, 2.0, Some(300));
        samples.push(7200, 3.0, Some(300));
        assert_eq!(samples.clone().profile(&window()).unwrap().count, 3);
        samples.push(7199, 4.0, Some(1));
        let profile = samples.profile(&window()).unwrap();
        assert_eq!((profile.count, profile.sum), (3, 9.0));
    }
}
