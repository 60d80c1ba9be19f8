//! Reduces metrics to profiles, and compares with a computation that anybody can follow.
#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a helper of a test may panic, and figures are to be equal exactly"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{
    Array, ArrayRef, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int32Array,
    Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use arrow::datatypes::Int32Type;
use jiff::Timestamp;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use trimtab_model::calendar::{Calendar, WeekHour};
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::period::Period;
use trimtab_model::profile::UsageProfile;
use trimtab_model::text::Text;
use trimtab_store::engine::Engine;
use trimtab_store::metrics::{self, Metrics};
use trimtab_store::profile::{self, Progress, Reduction};
use trimtab_store::{InputError, input};

const HEADER: &str = "resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n";

fn window() -> Period {
    // 2026-10-05 is a Monday.
    period("2026-10-05T00:00:00Z", "2026-10-08T00:00:00Z")
}

fn period(start: &str, end: &str) -> Period {
    Period::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn reduce_dir(dir: &Path, window: Period, calendar: &Calendar) -> (Reduction, Vec<InputError>) {
    let (files, errors) = input::list(dir, "metrics");
    assert_eq!(errors, []);
    let (mut metrics, errors) = Metrics::open(&files);
    let engine = Engine::new(3).unwrap();
    let silent = Arc::new(|_: Progress| {});
    let reduction = profile::reduce(&engine, &mut metrics, window, calendar, silent).unwrap();
    (reduction, errors)
}

/// Reduces files given by name and bytes.
fn reduce_files(files: &[(&str, Vec<u8>)]) -> (Reduction, Vec<InputError>) {
    reduce_in(files, window(), &Calendar::default())
}

/// Reduces files given by name and bytes, of a window and for the days of a calendar.
fn reduce_in(
    files: &[(&str, Vec<u8>)],
    window: Period,
    calendar: &Calendar,
) -> (Reduction, Vec<InputError>) {
    let dir = tempfile::tempdir().unwrap();
    let metrics = dir.path().join("metrics");
    std::fs::create_dir(&metrics).unwrap();
    for (name, bytes) in files {
        let path = metrics.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    reduce_dir(dir.path(), window, calendar)
}

fn origin(account: &str, region: &str) -> Origin {
    Origin { account: account.into(), region: region.into() }
}

fn cpu<'a>(reduction: &'a Reduction, resource: &str) -> &'a UsageProfile {
    reduction
        .profiles
        .find(
            &origin("111122223333", "eu-west-1"),
            &resource.into(),
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Maximum,
        )
        .unwrap()
}

#[derive(Debug, Clone)]
struct Row {
    resource: String,
    second: i64,
    value: f64,
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let mut text = HEADER.to_owned();
    for Row { resource, second, value } in rows {
        let at = Timestamp::from_second(*second).unwrap();
        text += &format!("{resource},AWS/EC2,CPUUtilization,Maximum,60,{at},{value}\n");
    }
    text.into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn parquet(rows: &[Row]) -> Vec<u8> {
    let seconds: Vec<i64> = rows.iter().map(|row| row.second * 1000).collect();
    let times = TimestampMillisecondArray::from(seconds).with_timezone("UTC");
    let values = Float64Array::from_iter_values(rows.iter().map(|row| row.value));
    parquet_of(rows, Arc::new(times), Arc::new(values))
}

fn parquet_of(rows: &[Row], times: ArrayRef, values: ArrayRef) -> Vec<u8> {
    let constant = |text: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows.len())))
    };
    let ids = StringArray::from_iter_values(rows.iter().map(|row| row.resource.as_str()));
    let batch = RecordBatch::try_from_iter([
        ("value", values),
        ("timestamp", times),
        ("period_seconds", Arc::new(Int32Array::from(vec![60; rows.len()])) as ArrayRef),
        ("resource_id", Arc::new(ids)),
        ("namespace", constant("AWS/EC2")),
        ("metric", constant("CPUUtilization")),
        ("statistic", constant("Maximum")),
        ("unit", constant("Percent")),
    ])
    .unwrap();
    write_parquet(&batch)
}

fn write_parquet(batch: &RecordBatch) -> Vec<u8> {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(64)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

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

/// One sample of a series with several periods, in minutes from the start of the window.
#[derive(Debug, Clone, Copy)]
struct Mixed {
    start: i64,
    minutes: i64,
    value: f64,
}

/// Samples of 5, 15 and 60 minutes that start at any 5 minutes of two days.
fn mixed() -> impl Strategy<Value = Vec<Mixed>> {
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

fn mixed_csv_from(window: Period, samples: &[Mixed], statistic: &str) -> Vec<u8> {
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
fn minute_by_minute(samples: &[Mixed]) -> (BTreeMap<i64, Mixed>, Vec<Mixed>) {
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

/// Calendars whose days begin at whole and at half hours, with a change of clocks and holidays.
fn calendars() -> [(Calendar, Period); 4] {
    let calendar = |zone: &str, holidays: &[&str]| Calendar {
        time_zone: jiff::tz::TimeZone::get(zone).unwrap(),
        holidays: holidays
            .iter()
            .map(|day| (day.parse().unwrap(), Text::verbatim("a holiday")))
            .collect(),
        known_until: None,
    };
    let of_october = period("2026-10-05T00:00:00Z", "2026-10-08T00:00:00Z");
    // Clocks go back on Sunday, 2026-10-25, and forward on Sunday, 2027-03-14.
    let back = period("2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z");
    let forward = period("2027-03-13T00:20:00Z", "2027-03-16T00:20:00Z");
    [
        (calendar("Asia/Seoul", &["2026-10-06"]), of_october),
        (calendar("Asia/Kolkata", &[]), of_october),
        (calendar("Europe/Berlin", &["2026-10-26"]), back),
        (calendar("America/New_York", &[]), forward),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_local_week_is_that_of_a_computation_minute_by_minute(samples in mixed(), which in 0..4_usize) {
        let (calendar, window) = calendars()[which].clone();
        let (by_minute, counting) = minute_by_minute(&samples);
        let file = mixed_csv_from(window, &samples, "Maximum");
        let (reduction, errors) = reduce_in(&[("a.csv", file)], window, &calendar);
        prop_assert_eq!(errors, []);
        let (_, profile) = reduction.profiles.iter().next().unwrap();
        let week = profile.local_week.as_ref().unwrap();
        let start = window.start().as_second();
        // The hour of the local week that a minute is in, and the moment at which it began.
        let hour_of = |minute: i64| {
            let second = start + minute * 60;
            let local = calendar.time_zone.to_datetime(Timestamp::from_second(second).unwrap());
            let day = if calendar.holidays.contains_key(&local.date()) {
                6
            } else {
                local.weekday().to_monday_zero_offset() as usize
            };
            (day * 24 + local.hour() as usize, second - i64::from(local.minute()) * 60)
        };
        let mut highest: BTreeMap<usize, f64> = BTreeMap::new();
        for sample in &counting {
            for minute in sample.start..sample.start + sample.minutes {
                let max = highest.entry(hour_of(minute).0).or_insert(sample.value);
                *max = max.max(sample.value);
            }
        }
        // How many minutes of each hour samples cover.
        let mut minutes: BTreeMap<(usize, i64), i64> = BTreeMap::new();
        for minute in by_minute.keys() {
            *minutes.entry(hour_of(*minute)).or_default() += 1;
        }
        for hour in WeekHour::all() {
            let whole = minutes.iter().filter(|((of, _), count)| *of == hour.index() && **count == 60);
            prop_assert_eq!(week.max(hour), highest.get(&hour.index()).copied(), "{:?}", hour);
            prop_assert_eq!(usize::from(week.complete(hour)), whole.count(), "{:?}", hour);
        }
    }
}

#[test]
fn only_metrics_of_use_keep_the_local_week() {
    let text = format!(
        "{HEADER}i-1,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,1\n\
         i-1,CWAgent,mem_used_percent,Maximum,60,2026-10-05T00:00:00Z,1\n"
    );
    let (reduction, _) = reduce_files(&[("a.csv", text.into())]);
    let weeks: Vec<bool> =
        reduction.profiles.iter().map(|(_, profile)| profile.local_week.is_some()).collect();
    assert_eq!(weeks, [true, false]);
}

/// One sample of a database that several places have, each with its own value.
fn database(origin: &str, value: &str) -> String {
    format!("game,AWS/RDS,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,{value}{origin}\n")
}

fn origins(reduction: &Reduction) -> Vec<(Option<Origin>, f64)> {
    reduction.profiles.iter().map(|(key, profile)| (key.origin.clone(), profile.max)).collect()
}

#[test]
fn series_of_one_name_are_apart_where_directories_or_columns_say_where_they_are_from() {
    let plain = |value: &str| format!("{HEADER}{}", database("", value)).into_bytes();
    let header = HEADER.replace('\n', ",account,region\n");
    let columns =
        format!("{header}{}{}", database(",444455556666,us-east-1", "3"), database(",,", "4"));
    let (reduction, errors) = reduce_files(&[
        ("a.csv", plain("1")),
        ("111122223333/eu-west-1/a.csv", plain("2")),
        ("111122223333/b.csv", columns.clone().into()),
        ("111122223333/ap-south-1/c.csv", columns.into()),
    ]);
    assert_eq!((errors, reduction.errors.clone()), (vec![], vec![]));
    assert_eq!(
        origins(&reduction),
        [
            (None, 4.0),
            (Some(origin("111122223333", "ap-south-1")), 4.0),
            (Some(origin("111122223333", "eu-west-1")), 2.0),
            (Some(origin("444455556666", "us-east-1")), 3.0),
        ]
    );
}

#[test]
fn parquet_says_where_it_is_from_as_csv_does() {
    let text = |text: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, 3)))
    };
    let rows = three();
    let accounts: ArrayRef =
        Arc::new(StringArray::from(vec![Some("111122223333"), None, Some("111122223333")]));
    let regions: ArrayRef =
        Arc::new(StringArray::from(vec![Some("eu-west-1"), Some("eu-west-1"), Some("")]));
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second)));
    let batch = RecordBatch::try_from_iter([
        ("resource_id", text("game")),
        ("namespace", text("AWS/RDS")),
        ("metric", text("CPUUtilization")),
        ("statistic", text("Maximum")),
        ("account", accounts),
        ("region", regions),
        ("timestamp", times),
        ("value", Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0])) as ArrayRef),
    ])
    .unwrap();
    let bytes = write_parquet(&batch);
    let (reduction, errors) =
        reduce_files(&[("a.parquet", bytes.clone()), ("444455556666/us-east-1/a.parquet", bytes)]);
    assert_eq!((errors, reduction.errors.clone()), (vec![], vec![]));
    assert_eq!(
        origins(&reduction),
        [
            (None, 4.0),
            (Some(origin("111122223333", "eu-west-1")), 1.0),
            (Some(origin("444455556666", "us-east-1")), 4.0),
        ]
    );
}

#[test]
fn a_value_that_its_metric_cannot_have_is_named_and_costs_its_own_file_only() {
    let bad = format!("{HEADER}i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,-0.5\n");
    let rows = three();
    let of_two: Vec<Row> =
        rows.iter().map(|row| Row { resource: "i-2".to_owned(), ..row.clone() }).collect();
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second)));
    let values: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, -4.0]));
    for (name, bytes, row) in
        [("bad.csv", bad.into_bytes(), 2), ("bad.parquet", parquet_of(&of_two, times, values), 3)]
    {
        let (reduction, mut errors) =
            reduce_files(&[(name, bytes), ("good.parquet", parquet(&rows))]);
        errors.extend(reduction.errors.clone());
        let [error] = errors.as_slice() else { panic!("{name}: {errors:?}") };
        assert_eq!((error.row, error.column.as_deref()), (Some(row), Some("value")), "{error}");
        assert!(error.problem.en.contains("below 0"), "{error}");
        assert_eq!(reduction.profiles.len(), 1);
    }
    let odd = format!("{HEADER}db,AWS/RDS,ReplicaLag,Maximum,60,2026-10-05T00:00:00Z,-1\n");
    let (reduction, errors) = reduce_files(&[("odd.csv", odd.into())]);
    assert_eq!((errors.len(), reduction.profiles.len()), (0, 1));
}

fn three() -> Vec<Row> {
    let start = window().start().as_second();
    [(0, 1.0), (60, 2.0), (180, 4.0)]
        .map(|(offset, value)| Row { resource: "i-1".to_owned(), second: start + offset, value })
        .to_vec()
}

#[test]
fn every_type_of_column_gives_the_same_profile() {
    let rows = three();
    let seconds: Vec<i64> = rows.iter().map(|row| row.second).collect();
    let times =
        |per_second: i64| seconds.iter().map(|second| second * per_second).collect::<Vec<_>>();
    let text = |second: &i64| Timestamp::from_second(*second).unwrap().to_string();
    let plain = |second: &i64| text(second).replace('T', " ").replace('Z', "");
    let doubles: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0]));
    let instants: ArrayRef = Arc::new(TimestampMillisecondArray::from(times(1000)));
    let decimals =
        Decimal128Array::from(vec![100, 200, 400]).with_precision_and_scale(9, 2).unwrap();
    let variants: Vec<(ArrayRef, ArrayRef)> = vec![
        (instants.clone(), Arc::new(Float32Array::from(vec![1.0, 2.0, 4.0]))),
        (instants.clone(), Arc::new(Int64Array::from(vec![1, 2, 4]))),
        (instants.clone(), Arc::new(Int32Array::from(vec![1, 2, 4]))),
        (instants.clone(), Arc::new(decimals)),
        (Arc::new(TimestampSecondArray::from(times(1))), doubles.clone()),
        (
            Arc::new(TimestampMicrosecondArray::from(times(1_000_000)).with_timezone("Asia/Seoul")),
            doubles.clone(),
        ),
        (
            Arc::new(TimestampNanosecondArray::from(times(1_000_000_000)).with_timezone("+00:00")),
            doubles.clone(),
        ),
        (Arc::new(Int64Array::from(times(1))), doubles.clone()),
        (Arc::new(Int64Array::from(times(1000))), doubles.clone()),
        (
            Arc::new(Int32Array::from_iter_values(seconds.iter().map(|second| *second as i32))),
            doubles.clone(),
        ),
        (Arc::new(StringArray::from_iter_values(seconds.iter().map(text))), doubles.clone()),
        (Arc::new(StringArray::from_iter_values(seconds.iter().map(plain))), doubles.clone()),
    ];
    let (expected, _) = reduce_files(&[("a.parquet", parquet(&rows))]);
    assert_eq!(cpu(&expected, "i-1").count, 3);
    for (times, values) in variants {
        let kind = format!("{} {}", times.data_type(), values.data_type());
        let (reduction, errors) = reduce_files(&[("a.parquet", parquet_of(&rows, times, values))]);
        assert_eq!(errors, [], "{kind}");
        assert_eq!(reduction, expected, "{kind}");
    }
}

#[test]
fn names_may_be_dictionaries_and_the_period_may_be_absent() {
    let rows = three();
    let dictionary = |text: &str| -> ArrayRef {
        Arc::new(std::iter::repeat_n(Some(text), 3).collect::<DictionaryArray<Int32Type>>())
    };
    let batch = RecordBatch::try_from_iter([
        ("resource_id", dictionary("i-1")),
        ("namespace", dictionary("AWS/EC2")),
        ("metric", dictionary("CPUUtilization")),
        ("statistic", dictionary("Maximum")),
        (
            "timestamp",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second))) as ArrayRef,
        ),
        ("value", Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0]))),
    ])
    .unwrap();
    let (reduction, errors) = reduce_files(&[("a b%[1]*.parquet", write_parquet(&batch))]);
    assert_eq!(errors, []);
    assert_eq!(cpu(&reduction, "i-1").period_seconds, 60);
    assert_eq!(cpu(&reduction, "i-1").count, 3);
}

#[test]
fn csv_times_may_be_written_in_four_ways() {
    let text = "\u{feff}timestamp,value,statistic,metric,namespace,resource_id,unit\n\
        2026-10-05T09:00:00+09:00,1,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n\
        2026-10-05 00:01:00,2,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n\
        1791158520,3,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n\
        1791158580000,4,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n";
    let (reduction, errors) = reduce_files(&[("a.csv", text.into())]);
    assert_eq!(errors, []);
    let profile = cpu(&reduction, "i-1");
    assert_eq!((profile.count, profile.sum, profile.period_seconds), (4, 10.0, 60));
    assert_eq!(profile.last, "2026-10-05T00:03:00Z".parse().unwrap());
}

#[test]
fn a_bad_row_costs_its_own_file_only() {
    let good = csv(&three());
    for (row, column, problem) in [
        (
            "i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,NaN",
            "value",
            "is not a number",
        ),
        (
            "i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,inf",
            "value",
            "is not a number",
        ),
        ("i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,", "value", "is not a number"),
        ("i-2,AWS/EC2,CPUUtilization,Maximum,60,yesterday,1", "timestamp", "is not a time"),
        (
            "i-2,AWS/EC2,CPUUtilization,Maximum,-5,2026-10-05T00:00:00Z,1",
            "period_seconds",
            "number of seconds",
        ),
        (",AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,1", "resource_id", "is empty"),
    ] {
        let bad = format!(
            "{HEADER}i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,1\n{row}\n"
        );
        let (reduction, errors) =
            reduce_files(&[("bad.csv", bad.into()), ("good.csv", good.clone())]);
        let [error] = errors.as_slice() else { panic!("{row}: {errors:?}") };
        assert_eq!((error.row, error.column.as_deref()), (Some(3), Some(column)), "{error}");
        assert!(error.problem.en.contains(problem), "{error}");
        assert_eq!(reduction.profiles.len(), 1);
    }
    let short = format!("{HEADER}i-2,AWS/EC2\n");
    let (_, errors) = reduce_files(&[("bad.csv", short.into())]);
    assert_eq!(errors[0].row, Some(2));
}

#[test]
fn a_bad_row_of_parquet_is_found_and_costs_its_own_file_only() {
    let rows = three();
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second)));
    let doubles: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0]));
    let holes: ArrayRef = Arc::new(Int64Array::from(vec![Some(rows[0].second), None, None]));
    let words: ArrayRef = Arc::new(StringArray::from(vec!["2026-10-05", "2026-10-05", "soon"]));
    let cases: [(ArrayRef, ArrayRef, u64, &str); 4] = [
        (times.clone(), Arc::new(Float64Array::from(vec![1.0, 2.0, f64::NAN])), 3, "value"),
        (times, Arc::new(Float64Array::from(vec![None, Some(2.0), None])), 1, "value"),
        (holes, doubles.clone(), 2, "timestamp"),
        (words, doubles, 3, "timestamp"),
    ];
    for (times, values, row, column) in cases {
        let bad: Vec<Row> =
            rows.iter().map(|row| Row { resource: "i-2".to_owned(), ..row.clone() }).collect();
        let (reduction, errors) = reduce_files(&[
            ("bad.parquet", parquet_of(&bad, times, values)),
            ("good.parquet", parquet(&rows)),
        ]);
        assert_eq!(errors, []);
        let [error] = reduction.errors.as_slice() else { panic!("{:?}", reduction.errors) };
        assert_eq!((error.row, error.column.as_deref()), (Some(row), Some(column)), "{error}");
        assert_eq!(reduction.profiles.len(), 1);
        assert_eq!(cpu(&reduction, "i-1").count, 3);
    }
}

#[test]
fn a_statistic_that_nobody_reads_is_told() {
    let text = format!(
        "{HEADER}i-1,AWS/EC2,CPUUtilization,p99,60,2026-10-05T00:00:00Z,1\n\
         i-2,AWS/EC2,CPUUtilization,p99,60,2026-10-05T00:00:00Z,1\n"
    );
    let (reduction, errors) = reduce_files(&[("a.csv", text.into()), ("b.csv", csv(&three()))]);
    assert_eq!(errors, []);
    assert_eq!(reduction.profiles.len(), 1);
    let skipped: Vec<_> =
        reduction.skipped.iter().map(|skip| (skip.statistic.as_str(), skip.series)).collect();
    assert_eq!(skipped, [("p99", 2)]);
}

#[test]
fn hostile_files_are_clean_errors() {
    let whole = parquet(&three());
    let mut footer = whole.clone();
    let length = footer.len();
    footer[length - 8..length - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let bomb = gzip(format!("{HEADER}{}", " ".repeat(50_000_000)).as_bytes());
    let mut cut = gzip(&csv(&three()));
    cut.truncate(cut.len() - 12);
    let mut garbage = b"PAR1".to_vec();
    garbage.extend(std::iter::repeat_n(0xa5, 400));
    garbage.extend([200, 0, 0, 0]);
    garbage.extend(b"PAR1");
    for (bytes, problem) in [
        (whole[..length / 2].to_vec(), "its footer is missing"),
        (b"PAR1".to_vec(), "it is too short"),
        (footer, "its footer is longer than the file"),
        (garbage, "is not sound Parquet"),
        (bomb, "unfolds to more than"),
        (format!("{HEADER}\"{}", "a\n".repeat(9_000_000)).into_bytes(), "longer than 16 MiB"),
        (cut, "cannot be read"),
        (Vec::new(), "is empty"),
        (b"a,b\n1,2\n".to_vec(), "has no column"),
        (b"resource_id,resource_id\n".to_vec(), "twice"),
        (format!("{HEADER}\u{fffd}").replace('\u{fffd}', "x").into_bytes(), "fields"),
        ([HEADER.as_bytes(), b"\xff,a,b,Maximum,60,2026-10-05T00:00:00Z,1\n"].concat(), "UTF-8"),
    ] {
        let (reduction, errors) =
            reduce_files(&[("bad.any", bytes), ("good.parquet", whole.clone())]);
        let [error] = errors.as_slice() else { panic!("{problem}: {errors:?}") };
        assert!(error.problem.en.contains(problem), "{error}, expected {problem}");
        assert_eq!(reduction.profiles.len(), 1);
    }
}

#[test]
fn a_page_that_is_damaged_costs_its_own_file_only() {
    let mut damaged = parquet(&three());
    for byte in &mut damaged[8..40] {
        *byte = 0xff;
    }
    let (reduction, errors) =
        reduce_files(&[("bad.parquet", damaged), ("good.parquet", parquet(&three()))]);
    assert_eq!(errors.len() + reduction.errors.len(), 1, "{errors:?} {:?}", reduction.errors);
    assert_eq!(cpu(&reduction, "i-1").count, 3);
}

#[test]
fn a_summary_says_what_there_is() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("metrics")).unwrap();
    std::fs::write(dir.path().join("metrics/a.csv"), csv(&three())).unwrap();
    std::fs::write(dir.path().join("metrics/b.parquet"), parquet(&three())).unwrap();
    let (files, _) = input::list(dir.path(), "metrics");
    let (metrics, errors) = Metrics::open(&files);
    assert_eq!(errors, []);
    assert_eq!(metrics.rows(), 6);
    let summary = metrics::summarise(&Engine::new(2).unwrap(), &metrics).unwrap();
    let [series] = summary.series.as_slice() else { panic!("{summary:?}") };
    assert_eq!((series.resources, series.samples, series.period_seconds), (1, 6, Some(60)));
    assert_eq!(summary.end(), Some("2026-10-05T00:04:00Z".parse().unwrap()));
}

#[test]
fn nothing_to_read_gives_nothing() {
    let (reduction, errors) = reduce_files(&[]);
    assert_eq!((reduction, errors), (Reduction::default(), Vec::new()));
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
