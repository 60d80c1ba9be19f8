//! How far the demand of a workload rises above its average.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Hours without which nothing is said: two weeks, so that weekends are in it.
const LEAST_HOURS: usize = 14 * 24;
const HOUR: i64 = 3600;

/// Returns the highest hour and the average of several series, each hour the mean of those that
/// have a sample in it; absent where fewer than two weeks of hours have one.
pub fn peak_and_average<'a>(
    series: impl IntoIterator<Item = &'a [(Timestamp, f64)]>,
) -> Option<(f64, f64)> {
    // By hour: the sum of the means of each series, and how many there are.
    let mut hours: BTreeMap<i64, (f64, u32)> = BTreeMap::new();
    for one in series {
        let mut own: BTreeMap<i64, (f64, u32)> = BTreeMap::new();
        for (at, value) in one.iter().filter(|(_, value)| value.is_finite()) {
            let sum = own.entry(at.as_second().div_euclid(HOUR)).or_default();
            *sum = (sum.0 + value, sum.1 + 1);
        }
        for (hour, (sum, count)) in own {
            let all = hours.entry(hour).or_default();
            *all = (all.0 + sum / f64::from(count), all.1 + 1);
        }
    }
    if hours.len() < LEAST_HOURS {
        return None;
    }
    let means: Vec<f64> = hours.values().map(|(sum, count)| sum / f64::from(*count)).collect();
    let peak = means.iter().copied().fold(f64::MIN, f64::max);
    Some((peak, means.iter().sum::<f64>() / means.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(count: i64, value: impl Fn(i64) -> f64) -> Vec<(Timestamp, f64)> {
        let at = |hour: i64| Timestamp::from_second(hour * HOUR).unwrap();
        (0..count).map(|hour| (at(hour), value(hour))).collect()
    }

    #[test]
    fn the_peak_of_two_machines_is_that_of_their_mean() {
        let busy = hours(400, |hour| if hour % 24 == 20 { 80.0 } else { 20.0 });
        let calm = hours(400, |_| 20.0);
        let (peak, average) = peak_and_average([busy.as_slice(), calm.as_slice()]).unwrap();
        assert!((peak - 50.0).abs() < 1e-9, "{peak}");
        assert!((21.0..22.0).contains(&average), "{average}");
    }

    #[test]
    fn less_than_two_weeks_says_nothing() {
        assert_eq!(peak_and_average([hours(300, |_| 1.0).as_slice()]), None);
    }
}
