//! A series as it would be with other users.
//!
//! What lies above the intercept follows users and is multiplied; what lies below stays. Each
//! sample goes through the same rising function, so the quantiles of what comes out are those
//! of what went in, put through it. With days that differ, a series becomes a mixture: each
//! part of the time has its own factor.

use trimtab_model::profile::{DayProfile, Hours, LevelHistory, Levels, LocalWeek, UsageProfile};

/// Shares below which rounding makes no sample.
const NOTHING: f64 = 1e-9;

/// A share of the time, and how many times today's users there are in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) share: f64,
    pub(super) factor: f64,
}

/// Returns a series whose part above `intercept` follows users.
///
/// The first part is that of days like others: hours, weeks and the latest sample are of it.
pub(super) fn scaled(profile: &UsageProfile, intercept: f64, parts: &[Part]) -> UsageProfile {
    let usual = parts.first().map_or(1.0, |part| part.factor);
    if parts.iter().all(|part| (part.factor - 1.0).abs() < f64::EPSILON) {
        return profile.clone();
    }
    let intercept = intercept.max(0.0);
    let of = |value: f64, factor: f64| {
        // Not multiplied out: with a factor of one, nothing may be rounded.
        value + (factor - 1.0) * (value - intercept).max(0.0)
    };
    let mixed =
        |value: f64| parts.iter().map(|part| part.share * of(value, part.factor)).sum::<f64>();
    let optional = |value: Option<f64>| value.map(|value| of(value, usual));
    let rank = |share: f64| quantile(profile, parts, &of, share);
    let highest = parts.iter().map(|part| of(profile.max, part.factor)).fold(f64::MIN, f64::max);
    // A sum is the mean of all samples times their number; so is the scaled one.
    let grown = if profile.mean > 0.0 { mixed(profile.mean) / profile.mean } else { 1.0 };
    UsageProfile {
        mean: mixed(profile.mean),
        p50: rank(0.5),
        p90: rank(0.9),
        p95: rank(0.95),
        p99: rank(0.99),
        p99_5: rank(0.995),
        max: highest,
        min: of(profile.min, usual),
        sum: profile.sum * grown,
        last_value: of(profile.last_value, usual),
        trend_per_day: profile.trend_per_day.map(|trend| trend * usual),
        hour_of_week: profile.hour_of_week.iter().map(|value| optional(*value)).collect(),
        local_week: profile.local_week.as_ref().map(|week| LocalWeek {
            max: week.max.iter().map(|value| optional(*value)).collect(),
            complete: week.complete.clone(),
        }),
        hours: profile.hours.as_ref().map(|hours| {
            let each = |row: &[Option<f32>]| {
                row.iter()
                    .map(|value| value.map(|value| of(f64::from(value), usual) as f32))
                    .collect()
            };
            let (mean, max, min) = (each(&hours.mean), each(&hours.max), each(&hours.min));
            Hours { first: hours.first, mean, max, min }
        }),
        levels: profile.levels.as_ref().map(|history| {
            let each = |levels: &Levels| mixed_levels(levels, parts, &of);
            LevelHistory {
                whole: each(&history.whole),
                last_14_days: history.last_14_days.as_ref().map(each),
                last_3_days: history.last_3_days.as_ref().map(each),
            }
        }),
        days: days(&profile.days, parts, &of),
        ..profile.clone()
    }
}

/// Splits the seconds of each level among the parts.
fn mixed_levels(levels: &Levels, parts: &[Part], of: &impl Fn(f64, f64) -> f64) -> Levels {
    Levels::new(levels.iter().flat_map(|(level, seconds)| {
        let percent = f64::from(level) / 10.0;
        parts.iter().filter(|part| part.share > NOTHING).map(move |part| {
            let length = (f64::from(seconds) * part.share).round().clamp(1.0, f64::from(u32::MAX));
            (of(percent, part.factor), length as u32)
        })
    }))
}

/// Returns a quantile of the mixture. Between the quantiles that a profile keeps, each sample is
/// taken as the upper one: too much rather than too little.
fn quantile(
    profile: &UsageProfile,
    parts: &[Part],
    of: &impl Fn(f64, f64) -> f64,
    share: f64,
) -> f64 {
    let bands = [
        (0.5, profile.p50),
        (0.4, profile.p90),
        (0.05, profile.p95),
        (0.04, profile.p99),
        (0.005, profile.p99_5),
        (0.005, profile.max),
    ];
    let mut values: Vec<(f64, f64)> = parts
        .iter()
        .flat_map(|part| bands.map(|(weight, value)| (of(value, part.factor), weight * part.share)))
        .collect();
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut reached = 0.0;
    let found = values.iter().find(|(_, weight)| {
        reached += weight;
        reached + NOTHING >= share
    });
    found.or(values.last()).map_or(profile.max, |(value, _)| *value)
}

/// Returns days of which as many are of each part as its share says, rounded up; those with
/// other factors come last.
fn days(days: &[DayProfile], parts: &[Part], of: &impl Fn(f64, f64) -> f64) -> Vec<DayProfile> {
    let count = days.len();
    let usual = parts.first().map_or(1.0, |part| part.factor);
    let mut factors: Vec<f64> = Vec::new();
    for part in parts.iter().skip(1).filter(|part| part.share > NOTHING) {
        let of_part = (part.share * count as f64 - NOTHING).ceil().max(0.0) as usize;
        factors.resize((factors.len() + of_part).min(count), part.factor);
    }
    factors.resize(count, usual);
    days.iter()
        .zip(factors.iter().rev())
        .map(|(day, factor)| {
            let mean = of(day.mean, *factor);
            let grown = if day.mean > 0.0 { mean / day.mean } else { 1.0 };
            DayProfile { mean, max: of(day.max, *factor), sum: day.sum * grown, ..*day }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scene::flat;

    fn all(factor: f64) -> Vec<Part> {
        vec![Part { share: 1.0, factor }]
    }

    #[test]
    fn only_what_follows_users_grows() {
        let grown = scaled(&flat(50.0, 14), 10.0, &all(1.5));
        assert_eq!((grown.mean, grown.p99_5, grown.max), (70.0, 70.0, 70.0));
        let levels = grown.levels.unwrap();
        assert_eq!(levels.whole.highest(), Some(70.0));
        let idle = scaled(&flat(5.0, 14), 10.0, &all(3.0));
        assert!((idle.max - 5.0).abs() < 1e-12);
    }

    #[test]
    fn a_day_takes_its_share_of_the_time() {
        let parts =
            [Part { share: 13.0 / 14.0, factor: 1.0 }, Part { share: 1.0 / 14.0, factor: 2.0 }];
        let mixed = scaled(&flat(40.0, 14), 0.0, &parts);
        assert_eq!((mixed.p50, mixed.p90, mixed.p95, mixed.max), (40.0, 40.0, 80.0, 80.0));
        let above = mixed.levels.unwrap().whole.share_above(60.0);
        assert!((above - 1.0 / 14.0).abs() < 1e-6, "{above}");
        let busy = mixed.days.iter().filter(|day| day.max > 60.0).count();
        assert_eq!((busy, mixed.days.len()), (1, 14));
        assert!((mixed.mean - 40.0 * 15.0 / 14.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn a_factor_of_one_changes_nothing(percent in 0.0_f64..100.0, intercept in -5.0_f64..50.0) {
            let profile = flat(percent, 14);
            prop_assert_eq!(scaled(&profile, intercept, &all(1.0)), profile);
        }

        #[test]
        fn more_users_never_need_less(
            percent in 0.0_f64..100.0,
            intercept in 0.0_f64..50.0,
            factor in 1.0_f64..4.0,
            share in 0.0_f64..1.0,
        ) {
            let parts = [Part { share: 1.0 - share, factor: 1.0 }, Part { share, factor }];
            let profile = flat(percent, 14);
            let grown = scaled(&profile, intercept, &parts);
            prop_assert!(grown.mean + 1e-9 >= profile.mean && grown.p99_5 >= profile.p99_5);
            prop_assert!(grown.max <= percent * factor + 1e-9);
        }
    }
}
