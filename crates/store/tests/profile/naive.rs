//! The computation that anybody can follow, of made-up and of real machines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use proptest::prelude::*;
use trimtab_model::calendar::Calendar;
use trimtab_model::period::Period;
use trimtab_model::profile::UsageProfile;
use trimtab_store::engine::Engine;
use trimtab_store::metrics::Metrics;
use trimtab_store::profile::Progress;
use trimtab_store::{input, profile};

use crate::support::{Row, cpu, csv, gzip, parquet, period, reduce_files, window};

/// The computation that anybody can follow.
struct Naive {
    sorted: Vec<f64>,
    by_time: BTreeMap<i64, f64>,
}

impl Naive {
    fn new(rows: impl IntoIterator<Item = (i64, f64)>, window: Period) -> Self {
        let mut by_time: BTreeMap<i64, f64> = BTreeMap::new();
        for (second, value) in rows {
            if window.contains(Timestamp::from_second(second).unwrap()) {
                let kept = by_time.entry(second).or_insert(value);
                *kept = kept.max(value);
            }
        }
        let mut sorted: Vec<f64> = by_time.values().copied().collect();
        sorted.sort_by(f64::total_cmp);
        Self { sorted, by_time }
    }

    /// The sample that at least `share` of all samples do not exceed.
    fn quantile(&self, per_mille: usize) -> f64 {
        let total = self.sorted.len();
        let reached = |value: &f64| {
            let below = self.sorted.iter().filter(|other| *other <= value).count();
            below * 1000 >= per_mille * total
        };
        *self.sorted.iter().find(|value| reached(value)).unwrap()
    }

    fn check(&self, profile: &UsageProfile, window: Period) -> Result<(), TestCaseError> {
        prop_assert_eq!(profile.count, self.sorted.len() as u64);
        for (per_mille, quantile) in [
            (500, profile.p50),
            (900, profile.p90),
            (950, profile.p95),
            (990, profile.p99),
            (995, profile.p99_5),
            (1000, profile.max),
            (0, profile.min),
        ] {
            prop_assert_eq!(self.quantile(per_mille), quantile, "per mille {}", per_mille);
        }
        let sum: f64 = self.by_time.values().sum();
        prop_assert_eq!(profile.sum, sum);
        prop_assert_eq!(profile.mean, sum / self.sorted.len() as f64);
        let (first, _) = self.by_time.first_key_value().unwrap();
        let (last, last_value) = self.by_time.last_key_value().unwrap();
        prop_assert_eq!(profile.first.as_second(), *first);
        prop_assert_eq!(profile.last.as_second(), *last);
        prop_assert_eq!(profile.last_value, *last_value);
        // Second by second: what is covered, and what is not.
        let period = i64::from(profile.period_seconds);
        let (mut run, mut longest) = (0_u64, 0_u64);
        let (start, end) = (window.start().as_second(), window.end().as_second());
        for second in (start..end).step_by(60) {
            let covered = self.by_time.range(second - period + 1..=second).next().is_some();
            run = if covered { 0 } else { run + 60 };
            longest = longest.max(run);
        }
        prop_assert_eq!(profile.longest_gap_seconds, longest);
        let intervals = (end - start) as f64 / period as f64;
        prop_assert!((profile.coverage - self.by_time.len() as f64 / intervals).abs() < 1e-9);
        let days: Vec<(i64, u32)> =
            profile.days.iter().map(|day| (i64::from(day.day), day.count)).collect();
        let mut expected: BTreeMap<i64, u32> = BTreeMap::new();
        let mut hours: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (second, value) in &self.by_time {
            *expected.entry(second / 86_400).or_default() += 1;
            let zoned =
                jiff::tz::TimeZone::UTC.to_datetime(Timestamp::from_second(*second).unwrap());
            let weekday = zoned.weekday().to_monday_zero_offset() as usize;
            hours.entry(weekday * 24 + zoned.hour() as usize).or_default().push(*value);
        }
        prop_assert_eq!(days, expected.into_iter().collect::<Vec<_>>());
        for (hour, mean) in profile.hour_of_week.iter().enumerate() {
            let expected =
                hours.get(&hour).map(|list| list.iter().sum::<f64>() / list.len() as f64);
            prop_assert_eq!(*mean, expected, "hour {}", hour);
        }
        Ok(())
    }
}

/// Samples of a few machines, some outside the window, some twice, in any order.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let start = window().start().as_second();
    let sample = (0..3_u8, -30..4400_i64, 0..400_u32, 0..5_u8);
    prop::collection::vec(sample, 1..400).prop_map(move |samples| {
        let mut rows: Vec<Row> = Vec::new();
        for (machine, minute, value, twice) in samples {
            let row = Row {
                resource: format!("i-{machine}"),
                second: start + minute * 60,
                value: f64::from(value) / 8.0,
            };
            if twice == 0 {
                rows.insert(rows.len() / 2, Row { value: row.value + 1.0, ..row.clone() });
            }
            rows.push(row);
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn profiles_equal_a_naive_computation(rows in rows(), cut in 0..100_usize, other in 0..100_usize) {
        let (cut, other) = (rows.len() * cut.min(other) / 100, rows.len() * cut.max(other) / 100);
        let (reduction, errors) = reduce_files(&[
            ("a.csv", csv(&rows[..cut])),
            ("b.parquet", parquet(&rows[cut..other])),
            ("c.csv.gz", gzip(&csv(&rows[other..]))),
        ]);
        prop_assert_eq!(errors, []);
        prop_assert_eq!(&reduction.errors, &[]);
        let mut expected: BTreeMap<&str, Vec<(i64, f64)>> = BTreeMap::new();
        for row in &rows {
            if window().contains(Timestamp::from_second(row.second).unwrap()) {
                expected.entry(&row.resource).or_default().push((row.second, row.value));
            }
        }
        prop_assert_eq!(reduction.profiles.len(), expected.len());
        for (resource, samples) in expected {
            Naive::new(samples, window()).check(cpu(&reduction, resource), window())?;
        }
    }
}

fn samples() -> PathBuf {
    std::env::var_os("TRIMTAB_SHARED_DATA")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"))
        .join("samples")
}

#[test]
fn real_machines_equal_a_naive_computation() {
    for (sample, window) in [
        ("planetlab", period("2026-08-01T00:00:00Z", "2026-08-11T00:00:00Z")),
        ("bitbrains", period("2013-07-01T00:00:00Z", "2013-07-15T00:00:00Z")),
    ] {
        let dir = samples().join(sample);
        if !dir.is_dir() {
            println!("skipped: {} is not here", dir.display());
            continue;
        }
        let (files, _) = input::list(&dir, "metrics");
        let (mut metrics, errors) = Metrics::open(&files);
        assert_eq!(errors, []);
        let engine = Engine::new(2).unwrap();
        let read = Arc::new(AtomicU64::new(0));
        let progress = {
            let read = read.clone();
            Arc::new(move |progress: Progress| {
                read.fetch_max(progress.rows, Ordering::Relaxed);
            })
        };
        let begun = std::time::Instant::now();
        let reduction =
            profile::reduce(&engine, &mut metrics, window, &Calendar::default(), progress).unwrap();
        println!(
            "{sample}: {} of {} samples to {} profiles in {:.1} s",
            read.load(Ordering::Relaxed),
            metrics.rows(),
            reduction.profiles.len(),
            begun.elapsed().as_secs_f64()
        );
        assert_eq!(reduction.errors, []);
        let (key, profile) = reduction.profiles.iter().nth(7).unwrap();
        let naive =
            Naive::new(series(&files[0].path, key.resource_id.as_str(), &key.metric), window);
        naive.check(profile, window).unwrap();
    }
}

/// Reads one series the plain way.
fn series(path: &Path, resource: &str, metric: &str) -> Vec<(i64, f64)> {
    use arrow::array::AsArray;
    use arrow::datatypes::{Float32Type, TimestampMillisecondType};
    let file = std::fs::File::open(path).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let mut series = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        let ids = batch.column_by_name("resource_id").unwrap().as_string::<i32>();
        let metrics = batch.column_by_name("metric").unwrap().as_string::<i32>();
        let times =
            batch.column_by_name("timestamp").unwrap().as_primitive::<TimestampMillisecondType>();
        let values = batch.column_by_name("value").unwrap().as_primitive::<Float32Type>();
        for row in 0..batch.num_rows() {
            if ids.value(row) == resource && metrics.value(row) == metric {
                series.push((times.value(row) / 1000, f64::from(values.value(row))));
            }
        }
    }
    series
}
