//! What each hour of the local week saw.

use trimtab_model::calendar::{HOURS_PER_WEEK, LocalHour};
use trimtab_model::profile::LocalWeek;

use super::series::Sample;
use super::window::Window;

/// Reduces samples in order of time to the local week; `level` gives the value of each.
///
/// A sample that reaches over several hours is of each of them. An hour of the window is
/// complete where samples cover it from end to end, and the window does not cut it.
pub(super) fn local_week(
    window: &Window,
    samples: &[Sample],
    level: impl Fn(&Sample) -> f64,
) -> LocalWeek {
    let start = window.period.start().as_second();
    let end_of = |sample: &Sample| start + i64::try_from(sample.end()).unwrap_or(i64::MAX - start);
    let mut week = LocalWeek { max: vec![None; HOURS_PER_WEEK], complete: vec![0; HOURS_PER_WEEK] };
    let (Some(earliest), Some(latest)) = (samples.first(), samples.last()) else { return week };
    let hours = reached(&window.hours, start + i64::from(earliest.offset), end_of(latest));
    let mut covered = vec![0_i64; hours.len()];
    let (mut first, mut until) = (0, start);
    for sample in samples {
        let (begin, end) = (start + i64::from(sample.offset), end_of(sample));
        // Samples are in order, so that no later one reaches an hour that is over.
        while hours.get(first).is_some_and(|hour| hour.end <= begin) {
            first += 1;
        }
        let level = level(sample);
        let open = hours.iter().zip(covered.iter_mut()).skip(first);
        for (hour, covered) in open.take_while(|(hour, _)| hour.start < end) {
            if let Some(max) = week.max.get_mut(hour.hour.index()) {
                *max = Some(max.map_or(level, |max| max.max(level)));
            }
            *covered += (end.min(hour.end) - begin.max(hour.start).max(until)).max(0);
        }
        until = until.max(end);
    }
    for (hour, covered) in hours.iter().zip(covered) {
        if hour.is_whole()
            && covered == hour.end - hour.start
            && let Some(complete) = week.complete.get_mut(hour.hour.index())
        {
            *complete = complete.saturating_add(1);
        }
    }
    week
}

/// Returns the hours that samples between two moments may reach: a window may be of decades.
fn reached(hours: &[LocalHour], begin: i64, end: i64) -> &[LocalHour] {
    let first = hours.partition_point(|hour| hour.end <= begin);
    let behind = hours.partition_point(|hour| hour.start < end);
    hours.get(first..behind.max(first)).unwrap_or_default()
}
