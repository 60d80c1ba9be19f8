//! The forecast of what flows through a machine: bytes or operations, both directions together.
//!
//! Nothing says how much of it a machine could have had, so all of it is relative to the highest
//! rate that was seen, and the population, whose curves are of shares of a size, has no say. The
//! weights are those of the processor.

use std::collections::BTreeMap;

use trimtab_model::policy::Horizon;
use trimtab_model::profile::{Hours, Levels};
use trimtab_model::recommendation::Excess;

use super::odds::{Odds, Past};
use super::table;
use crate::sizing::series::Series;

const HOUR_SECONDS: u32 = 3_600;

/// What is expected of a flow over a horizon.
#[derive(Debug, Clone)]
pub struct Flow {
    /// In percent of the highest rate.
    odds: Odds,
    /// The highest rate, a second.
    highest: f64,
}

/// An hour of a flow, a second: lowest, mean and highest of its samples.
#[derive(Debug, Clone, Copy)]
struct Hour {
    hour: i64,
    lowest: f64,
    mean: f64,
    highest: f64,
}

impl Flow {
    /// Forecasts the sum of two series, hour by hour; their peaks within an hour are taken as
    /// one, which errs on the side of more. Absent where hours were not kept or nothing flowed.
    pub(super) fn new((first, second): (Series<'_>, Series<'_>), horizon: Horizon) -> Option<Self> {
        let hours = together(
            (first.profile.hours.as_ref()?, first.per_second()),
            (second.profile.hours.as_ref()?, second.per_second()),
        );
        // The longer period: fewer samples an hour, so that its highest weighs more.
        let period = first.profile.period_seconds.max(second.profile.period_seconds);
        let period = period.clamp(1, HOUR_SECONDS);
        let highest = hours.iter().map(|hour| hour.highest).fold(0.0, f64::max);
        if highest <= 0.0 {
            return None;
        }
        let percent = |rate: f64| rate / highest * 100.0;
        let last = hours.last()?.hour;
        let after = |first: i64| {
            let hours = hours.iter().filter(|hour| hour.hour > first);
            let samples = hours.flat_map(|hour| spread(*hour, period));
            Levels::new(samples.map(|(rate, seconds)| (percent(rate), seconds)))
        };
        let mut peaks: BTreeMap<i64, f64> = BTreeMap::new();
        for hour in &hours {
            let peak = peaks.entry(hour.hour.div_euclid(24)).or_default();
            *peak = peak.max(percent(hour.highest));
        }
        let past = Past {
            whole: &after(i64::MIN),
            last_14_days: &after(last - 14 * 24),
            last_3_days: &after(last - 3 * 24),
            peaks: peaks.into_values().collect(),
            highest: 100.0,
            mean: percent(hours.iter().map(|hour| hour.mean).sum::<f64>() / hours.len() as f64),
        };
        Some(Self { odds: Odds::of_past(past, &table::CPU, horizon), highest })
    }

    /// Returns what is expected of it beside what a type sustains, a second.
    pub fn beyond(&self, sustained: f64) -> Excess {
        let whole = sustained / self.highest * 100.0;
        Excess {
            above_80: self.odds.pasts_above(0.8 * whole),
            above_100: self.odds.pasts_above(whole),
            ever_above_100: self.odds.ever_beyond(whole),
        }
    }
}

/// Adds two series hour by hour, each brought to a second; hours that only one has are left out.
fn together((first, one): (&Hours, f64), (second, other): (&Hours, f64)) -> Vec<Hour> {
    let others: BTreeMap<i64, (f64, f64, f64)> =
        second.iter().map(|(hour, mean, max, min)| (hour, (mean, max, min))).collect();
    let sum = |(hour, mean, max, min): (i64, f64, f64, f64)| {
        let (other_mean, other_max, other_min) = others.get(&hour)?;
        Some(Hour {
            hour,
            lowest: min * one + other_min * other,
            mean: mean * one + other_mean * other,
            highest: max * one + other_max * other,
        })
    };
    first.iter().filter_map(sum).collect()
}

/// Returns the samples that an hour may have had, with the seconds of each: its highest, its
/// lowest, and the others at what keeps the mean.
fn spread(hour: Hour, period: u32) -> Vec<(f64, u32)> {
    let Hour { lowest, mean, highest, .. } = hour;
    let samples = HOUR_SECONDS / period;
    if samples < 2 {
        return vec![(mean, HOUR_SECONDS)];
    }
    let mut spread = vec![(highest, period), (lowest, period)];
    if samples > 2 {
        let others = f64::from(samples - 2);
        let rest = (f64::from(samples) * mean - highest - lowest) / others;
        // Clamped by hand: hours are rounded to four bytes, so that ends may cross.
        spread.push((rest.min(highest).max(lowest), HOUR_SECONDS - 2 * period));
    }
    spread
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::profile::UsageProfile;

    use super::*;
    use crate::scene::flat;

    fn series(profile: &UsageProfile) -> Series<'_> {
        Series { namespace: "AWS/EC2", metric: "NetworkIn", statistic: Statistic::Sum, profile }
    }

    fn flow(value: f64) -> Option<Flow> {
        let profile = flat(value, 14);
        Flow::new((series(&profile), series(&profile)), Horizon::Days14)
    }

    #[test]
    fn a_flow_far_below_what_a_type_sustains_hardly_ever_exceeds_it() {
        // 3,000 bytes in 5 minutes each way: 20 a second together.
        let flow = flow(3_000.0).expect("a flow");
        let far = flow.beyond(2_000.0);
        assert!(far.above_80 < 1e-6 && far.above_100 < 1e-6, "{far:?}");
        assert!(far.ever_above_100 < 0.05, "{far:?}");
        let half = flow.beyond(10.0);
        assert!(half.above_100 > 0.9 && half.ever_above_100 > 0.7, "{half:?}");
    }

    #[test]
    fn chances_fall_as_a_type_sustains_more() {
        let flow = flow(3_000.0).expect("a flow");
        let at = |sustained: f64| flow.beyond(sustained);
        for (less, more) in
            [(5.0, 10.0), (10.0, 20.0), (20.0, 22.0), (22.0, 40.0), (40.0, 400.0), (400.0, 4e7)]
        {
            let (less, more) = (at(less), at(more));
            assert!(less.above_100 >= more.above_100, "{less:?} {more:?}");
            assert!(less.above_80 >= more.above_80, "{less:?} {more:?}");
            assert!(less.ever_above_100 >= more.ever_above_100, "{less:?} {more:?}");
            assert!(less.above_80 >= less.above_100, "{less:?}");
        }
    }

    #[test]
    fn the_unit_of_a_flow_changes_nothing() {
        // A power of two, so that hours of four bytes hold both to the last digit.
        let times = f64::from(1_u32 << 30);
        let (small, large) = (flow(3.0).expect("a flow"), flow(3.0 * times).expect("a flow"));
        let (small, large) = (small.beyond(0.025), large.beyond(0.025 * times));
        assert!((small.above_80 - large.above_80).abs() < 1e-6, "{small:?} {large:?}");
        assert!((small.ever_above_100 - large.ever_above_100).abs() < 1e-6);
    }

    #[test]
    fn what_never_flowed_or_has_no_hours_has_no_chances() {
        assert!(flow(0.0).is_none());
        let profile = UsageProfile { hours: None, ..flat(3.0, 14) };
        assert!(Flow::new((series(&profile), series(&profile)), Horizon::Days14).is_none());
    }

    #[test]
    fn an_hour_keeps_its_mean_and_its_ends() {
        let hour = Hour { hour: 0, lowest: 1.0, mean: 2.0, highest: 9.0 };
        for (period, samples) in [(60, 60.0), (300, 12.0), (900, 4.0)] {
            let spread = spread(hour, period);
            let mean = spread.iter().map(|(rate, seconds)| rate * f64::from(*seconds)).sum::<f64>();
            let held = (samples * 2.0 - 10.0) / (samples - 2.0) >= 1.0;
            assert_eq!((mean / 3_600.0 - 2.0).abs() < 1e-9, held, "{period}");
            assert_eq!(spread.iter().map(|(_, seconds)| seconds).sum::<u32>(), 3_600);
        }
        assert_eq!(spread(hour, 3_600), [(2.0, 3_600)]);
    }
}
