//! How far forecasts of requests are off, on real ones: those for the pages of the football
//! World Cup of 1998. The data is not part of the source: `TRIMTAB_SAMPLES` names the directory
//! that holds it, and without it nothing is tried. `TRIMTAB_STORY` names a directory that
//! `trimtab demo --dir` wrote, for the users of the story.

#![expect(
    clippy::disallowed_methods,
    reason = "a test that reads a file; the crate itself does not"
)]

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use trimtab_analysis::traffic::{Ahead, forecasts};
use trimtab_model::calendar::Calendar;
use trimtab_model::driver::DriverUnit;
use trimtab_model::period::Period;
use trimtab_model::traffic::{
    ClientBasis, Distinctness, HourTraffic, LineCount, ServiceTraffic, Traffic, TrafficSource,
    UserDay,
};

const FILE: &str = "worldcup98_per_minute.csv";
const HORIZON: usize = 48;
/// Four weeks, so that a week is seen often enough.
const LEAST_HISTORY: usize = 24 * 28;

/// Reads the hours, the first one that is whole first: hours since 1970, and requests.
fn hours(path: &Path) -> Vec<(i64, u64)> {
    let text = std::fs::read_to_string(path).expect("readable");
    let mut hours: std::collections::BTreeMap<i64, u64> = std::collections::BTreeMap::new();
    for line in text.lines().skip(1) {
        let (minute, count) = line.split_once(',').expect("two columns");
        let moment: jiff::civil::DateTime = minute.parse().expect("a time");
        let second = TimeZone::UTC.to_timestamp(moment).expect("a time").as_second();
        let count: f64 = count.trim().parse().expect("a count");
        *hours.entry(second.div_euclid(3600)).or_default() += count as u64;
    }
    // The first and the last hour are cut.
    let whole = hours.len().saturating_sub(2);
    hours.into_iter().skip(1).take(whole).collect()
}

fn traffic(hours: &[(i64, u64)]) -> Traffic {
    let moment = |hour: i64| Timestamp::from_second(hour * 3600).expect("in range");
    let (first, last) = (hours.first().expect("hours").0, hours.last().expect("hours").0);
    let service = ServiceTraffic {
        service: "worldcup".to_owned(),
        source: TrafficSource::Common,
        period: Period::new(moment(first), moment(last + 1)).expect("in order"),
        gaps: Vec::new(),
        time_zone: TimeZone::UTC,
        clients: ClientBasis::Unknown,
        distinctness: Distinctness::Exact,
        rules: None,
        duplicates_incomplete: false,
        hours: hours
            .iter()
            .map(|(hour, requests)| HourTraffic {
                hour: *hour,
                requests: *requests,
                ..HourTraffic::default()
            })
            .collect(),
        days: Vec::new(),
        endpoints: Vec::new(),
        other_endpoints: None,
        lines: LineCount::default(),
    };
    Traffic { services: vec![service], ..Traffic::default() }
}

#[test]
fn forecasts_of_the_world_cup_are_nearer_than_last_week() {
    let Some(root) = std::env::var_os("TRIMTAB_SAMPLES") else { return };
    let path = Path::new(&root).join(FILE);
    if !path.exists() {
        return;
    }
    let hours = hours(&path);
    let (mut chosen, mut naive, mut all, mut trials) = (0.0, 0.0, 0.0, 0);
    for start in (LEAST_HISTORY..hours.len() - HORIZON).step_by(72) {
        let past = traffic(&hours[..start]);
        let found = forecasts(&past, &Calendar::default(), Ahead::Hours(HORIZON as u32));
        let forecast = found.first().expect("four weeks suffice");
        let future = &hours[start..start + HORIZON];
        let last_week = &hours[start - 168..];
        for ((point, (_, value)), (_, before)) in forecast.points.iter().zip(future).zip(last_week)
        {
            let value = *value as f64;
            chosen += (point.likely - value).abs();
            naive += (*before as f64 - value).abs();
            all += value;
        }
        trials += 1;
    }
    writeln!(
        std::io::stderr(),
        "{trials} forecasts of {HORIZON} hours: off by {:.3} of the requests, last week by {:.3}",
        chosen / all,
        naive / all
    )
    .expect("stderr is open");
    assert!(chosen < naive, "{chosen} and {naive}");
}

#[test]
fn forecasts_of_the_story_are_nearer_than_last_week() {
    let Some(root) = std::env::var_os("TRIMTAB_STORY") else { return };
    let text = std::fs::read_to_string(Path::new(&root).join("traffic/users.csv"))
        .expect("a directory of the demo");
    let days: Vec<UserDay> = text
        .lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split(',');
            let mut field = || fields.next().expect("four columns");
            UserDay {
                date: field().parse().expect("a date"),
                dau: field().parse().expect("a count"),
                new_users: field().parse().ok(),
                peak_concurrent_users: field().parse().ok(),
            }
        })
        .collect();
    let (mut chosen, mut naive, mut all, mut trials) = (0.0, 0.0, 0.0, 0);
    for start in (42..days.len() - 14).step_by(3) {
        let past = Traffic { days: days[..start].to_vec(), ..Traffic::default() };
        let found = forecasts(&past, &Calendar::default(), Ahead::Days(14));
        let forecast = found
            .iter()
            .find(|forecast| forecast.driver.unit == DriverUnit::PeakConcurrentUsers)
            .expect("six weeks suffice");
        let peak = |day: &UserDay| day.peak_concurrent_users.unwrap_or_default() as f64;
        for (ahead, (point, day)) in forecast.points.iter().zip(&days[start..]).enumerate() {
            chosen += (point.likely - peak(day)).abs();
            naive += (peak(&days[start - 7 + ahead % 7]) - peak(day)).abs();
            all += peak(day);
        }
        trials += 1;
    }
    writeln!(
        std::io::stderr(),
        "{trials} forecasts of 14 days: off by {:.4} of the users, last week by {:.4}",
        chosen / all,
        naive / all
    )
    .expect("stderr is open");
    assert!(chosen < naive, "{chosen} and {naive}");
}
