//! The week of a place, compared with a computation minute by minute.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use trimtab_model::calendar::{Calendar, WeekHour};
use trimtab_model::period::Period;
use trimtab_model::text::Text;

use crate::periods::{minute_by_minute, mixed, mixed_csv_from};
use crate::support::{HEADER, period, reduce_files, reduce_in};

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
