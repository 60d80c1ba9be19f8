//! Stretches of work in a series.

use trimtab_model::profile::Bursts;

/// A sample as its interval and its level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    /// Seconds since the start of the window.
    pub(super) from: u64,
    /// The second that follows the last one.
    pub(super) until: u64,
    /// The value of the finest period.
    pub(super) level: f64,
}

/// Points that work lies above waiting at least: what a system does by itself.
const LEAST_RISE: f64 = 2.0;
/// Work lies above the median by so many times the noise below it.
const TIMES_NOISE: f64 = 4.0;
/// Fewest stretches of which distances are told.
const LEAST_STRETCHES: usize = 3;
/// Distances that are off the median by no more than this share of it are regular.
const REGULAR: f64 = 0.1;

/// Finds the stretches of work among intervals in order of time, of which the 5th percentile and the median
/// are known. Absent without any interval.
pub(super) fn bursts(intervals: &[Interval], (low, median): (f64, f64)) -> Option<Bursts> {
    let works_above = median + (TIMES_NOISE * (median - low)).max(LEAST_RISE);
    let (mut waiting, mut working) = ((0.0, 0_u64), (0.0, 0_u64));
    let mut begins: Vec<u64> = Vec::new();
    let (mut longest, mut last_end) = (0, None);
    for one in intervals {
        let seconds = one.until.saturating_sub(one.from);
        let sums = if one.level > works_above { &mut working } else { &mut waiting };
        sums.0 += one.level * seconds as f64;
        sums.1 += seconds;
        if one.level <= works_above {
            continue;
        }
        if last_end != Some(one.from) {
            begins.push(one.from);
        }
        last_end = Some(one.until);
        let begin = begins.last().copied().unwrap_or(one.from);
        longest = longest.max(one.until.saturating_sub(begin));
    }
    let mean = |(sum, seconds): (f64, u64)| (seconds > 0).then(|| sum / seconds as f64);
    let distances = distances(&begins);
    Some(Bursts {
        works_above,
        waiting_mean: mean(waiting).or(mean(working))?,
        working_mean: mean(working),
        working_seconds: working.1,
        seconds: waiting.1 + working.1,
        stretches: begins.len() as u64,
        longest_seconds: longest,
        usual_distance_seconds: distances.map(|(usual, _)| usual),
        regularity: distances.map(|(_, regularity)| regularity),
    })
}

/// Returns the median of the distances between begins, and the share of them that is near it.
fn distances(begins: &[u64]) -> Option<(u64, f64)> {
    if begins.len() < LEAST_STRETCHES {
        return None;
    }
    let mut distances: Vec<u64> =
        begins.iter().zip(begins.iter().skip(1)).map(|(one, next)| next - one).collect();
    distances.sort_unstable();
    let usual = *distances.get(distances.len() / 2)?;
    let is_near = |one: &&u64| one.abs_diff(usual) as f64 <= usual as f64 * REGULAR;
    let near = distances.iter().filter(is_near).count();
    Some((usual, near as f64 / distances.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples of five minutes, from a list of levels; `None` is a gap.
    fn found(levels: &[Option<f64>]) -> Bursts {
        let intervals: Vec<Interval> = (0_u64..)
            .zip(levels)
            .filter_map(|(at, level)| {
                Some(Interval { from: at * 300, until: (at + 1) * 300, level: (*level)? })
            })
            .collect();
        let mut sorted: Vec<f64> = intervals.iter().map(|one| one.level).collect();
        sorted.sort_by(f64::total_cmp);
        let at =
            |share: f64| sorted[((sorted.len() as f64 * share) as usize).min(sorted.len() - 1)];
        bursts(&intervals, (at(0.05), at(0.5))).unwrap()
    }

    #[test]
    fn work_every_two_hours_is_told_from_waiting() {
        let hours = |_| std::iter::once(Some(21.0)).chain(std::iter::repeat_n(Some(1.8), 23));
        let day: Vec<Option<f64>> = (0..12).flat_map(hours).collect();
        let found = found(&day);
        assert_eq!((found.stretches, found.longest_seconds), (12, 300));
        assert_eq!(found.usual_distance_seconds, Some(7200));
        assert_eq!(found.regularity, Some(1.0));
        assert!((found.duty_cycle() - 1.0 / 24.0).abs() < 1e-9);
        assert_eq!(found.working_mean, Some(21.0));
        assert!((found.waiting_mean - 1.8).abs() < 1e-9);
    }

    #[test]
    fn samples_that_follow_one_another_are_one_stretch_and_a_gap_ends_it() {
        let waiting = || std::iter::repeat_n(Some(1.0), 10);
        let busy = [Some(30.0), Some(40.0), None, Some(30.0)];
        let levels: Vec<Option<f64>> = waiting().chain(busy).chain(waiting()).collect();
        let found = found(&levels);
        assert_eq!((found.stretches, found.longest_seconds, found.working_seconds), (2, 600, 900));
        assert_eq!((found.usual_distance_seconds, found.regularity), (None, None));
    }

    #[test]
    fn what_is_busy_most_of_the_time_has_no_stretches_that_stand_out() {
        let levels: Vec<Option<f64>> = (0..288).map(|at| Some(60.0 + f64::from(at % 24))).collect();
        let found = found(&levels);
        assert_eq!((found.stretches, found.working_seconds, found.working_mean), (0, 0, None));
    }
}
