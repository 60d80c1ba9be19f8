//! Series whose samples have several periods.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use trimtab_model::metric::Statistic;
use trimtab_model::period::Period;

use crate::support::{HEADER, reduce_files, window};

/// One sample of a series with several periods, in minutes from the start of the window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixed {
    pub(super) start: i64,
    pub(super) minutes: i64,
    pub(super) value: f64,
}

/// Samples of 5, 15 and 60 minutes that start at any 5 minutes of two days.
pub(super) fn mixed() -> impl Strategy<Value = Vec<Mixed>> {
    let sample = (0..576_i64, prop::sample::select(vec![5_i64, 15, 60]), 0..400_u32);
    let sample = sample.prop_map(|(start, minutes, value)| Mixed {
        start: start * 5,
        minutes,
        value: f64::from(value) / 8.0,
    });
    prop::collection::vec(sample, 1..200)
}

fn mixed_csv(samples: &[Mixed], statistic: &str) -> Vec<u8> {
    mixed_csv_from(window(), samples, statistic)
}

pub(super) fn mixed_csv_from(window: Period, samples: &[Mixed], statistic: &str) -> Vec<u8> {
    let start = window.start().as_second();
    let mut text = HEADER.to_owned();
    for Mixed { start: minute, minutes, value } in samples {
        let at = Timestamp::from_second(start + minute * 60).unwrap();
        let period = minutes * 60;
        text += &format!("i-1,AWS/EC2,CPUUtilization,{statistic},{period},{at},{value}\n");
    }
    text.into_bytes()
}

/// Minute by minute: which sample says how much, and every sample that counts.
pub(super) fn minute_by_minute(samples: &[Mixed]) -> (BTreeMap<i64, Mixed>, Vec<Mixed>) {
    let mut by_minute: BTreeMap<i64, Mixed> = BTreeMap::new();
    let mut counting = Vec::new();
    for period in [5, 15, 60] {
        let mut of_period: BTreeMap<i64, Mixed> = BTreeMap::new();
        for sample in samples.iter().filter(|sample| sample.minutes == period) {
            let kept = of_period.entry(sample.start).or_insert(*sample);
            kept.value = kept.value.max(sample.value);
        }
        let free: Vec<Mixed> = of_period
            .into_values()
            .filter(|sample| {
                (sample.start..sample.start + period).all(|minute| !by_minute.contains_key(&minute))
            })
            .collect();
        for sample in free {
            by_minute.extend((sample.start..sample.start + period).map(|minute| (minute, sample)));
            counting.push(sample);
        }
    }
    (by_minute, counting)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_several_periods_no_moment_counts_twice(samples in mixed(), cut in 0..100_usize) {
        let cut = samples.len() * cut / 100;
        let (by_minute, counting) = minute_by_minute(&samples);
        let finest = counting.iter().map(|sample| sample.minutes).min().unwrap();
        for statistic in [Statistic::Maximum, Statistic::Sum] {
            let (reduction, errors) = reduce_files(&[
                ("a.csv", mixed_csv(&samples[..cut], statistic.as_str())),
                ("b.csv", mixed_csv(&samples[cut..], statistic.as_str())),
            ]);
            prop_assert_eq!(errors, []);
            let (_, profile) = reduction.profiles.iter().next().unwrap();
            let level = |sample: &Mixed| {
                let weight =
                    if statistic.adds_up() { sample.minutes as f64 / finest as f64 } else { 1.0 };
                sample.value / weight
            };
            // A sample stands for as many values as it has minutes.
            let mut sorted: Vec<f64> = counting
                .iter()
                .flat_map(|sample| vec![level(sample); sample.minutes as usize])
                .collect();
            sorted.sort_by(f64::total_cmp);
            let rank = |per_mille: usize| sorted[(sorted.len() * per_mille).div_ceil(1000).max(1) - 1];
            prop_assert_eq!(profile.count, counting.len() as u64);
            prop_assert_eq!(i64::from(profile.period_seconds), finest * 60);
            prop_assert_eq!(profile.covered_seconds, by_minute.len() as u64 * 60);
            prop_assert!((profile.coverage - by_minute.len() as f64 / 4320.0).abs() < 1e-12);
            prop_assert_eq!(profile.hours_observed(), by_minute.len() as f64 / 60.0);
            prop_assert_eq!((profile.min, profile.max), (rank(0), rank(1000)));
            prop_assert_eq!((profile.p50, profile.p90), (rank(500), rank(900)));
            prop_assert_eq!((profile.p95, profile.p99, profile.p99_5), (rank(950), rank(990), rank(995)));
            let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
            prop_assert!((profile.mean - mean).abs() < 1e-9);
            let sum: f64 = counting.iter().map(|sample| sample.value).sum();
            prop_assert!((profile.sum - sum).abs() < 1e-9);
            let days: f64 = profile.days.iter().map(|day| day.sum).sum();
            prop_assert!((days - sum).abs() < 1e-9);
        }
    }
}
