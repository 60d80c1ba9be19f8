//! When a change may start.
//!
//! Nothing may unless a window is open: without a window, never. A local time that a change of
//! clocks leaves out is the moment of that change, so that a window within the gap never opens;
//! one that comes twice is taken the first time, so that a window opens once. Windows that touch or
//! overlap are one: a window from midnight to midnight is open at midnight too.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use trimtab_model::environment::Environment;
use trimtab_model::period::Period;
use trimtab_model::plan::{ChangeWindow, RolloutRules};

/// How far ahead an opening is looked for, in days: every weekday comes round several times.
const HORIZON_DAYS: i64 = 60;

/// How far ahead windows are joined to the one that is open, in days. What is open for a whole week
/// is never closed but by a freeze.
const JOINED_DAYS: i64 = 8;

/// Returns until when changes of an environment may start, if they may now.
///
/// Where no window ever closes it is a day more than a week away, and moves on with `now`.
pub fn open_until(
    rules: &RolloutRules,
    environment: Environment,
    now: Timestamp,
) -> Option<Timestamp> {
    if freeze_at(rules, environment, now).is_some() {
        return None;
    }
    let mut open: Vec<Period> = windows(rules, environment)
        .flat_map(|window| occurrences(window, now, JOINED_DAYS))
        .filter(|period| period.end() > now)
        .collect();
    open.sort_by_key(Period::start);
    let end = open.iter().fold(None, |end: Option<Timestamp>, period| {
        let joins = period.start() <= end.unwrap_or(now);
        if joins { end.max(Some(period.end())) } else { end }
    })?;
    // A freeze that begins meanwhile ends it earlier.
    let frozen = rules
        .freezes
        .iter()
        .filter(|freeze| closes(&freeze.environments, environment))
        .map(|freeze| freeze.period.start())
        .filter(|start| *start > now)
        .min();
    Some(frozen.map_or(end, |start| start.min(end)))
}

/// Returns the next moment, `now` or later, at which a window stays open for `length`.
pub fn opening(
    rules: &RolloutRules,
    environment: Environment,
    length: SignedDuration,
    now: Timestamp,
) -> Option<Timestamp> {
    let fits = |start: &Timestamp| {
        open_until(rules, environment, *start)
            .is_some_and(|until| until.duration_since(*start) >= length)
    };
    let starts = windows(rules, environment)
        .flat_map(|window| occurrences(window, now, HORIZON_DAYS))
        .map(|period| period.start());
    let thaws = rules.freezes.iter().map(|freeze| freeze.period.end());
    let mut starts: Vec<Timestamp> =
        std::iter::once(now).chain(starts).chain(thaws).filter(|start| *start >= now).collect();
    starts.sort_unstable();
    starts.into_iter().find(fits)
}

/// Returns the name of the freeze that holds now.
pub fn freeze_at(rules: &RolloutRules, environment: Environment, now: Timestamp) -> Option<&str> {
    rules
        .freezes
        .iter()
        .find(|freeze| closes(&freeze.environments, environment) && freeze.period.contains(now))
        .map(|freeze| freeze.name.as_str())
}

fn closes(environments: &[Environment], environment: Environment) -> bool {
    environments.is_empty() || environments.contains(&environment)
}

fn windows(rules: &RolloutRules, environment: Environment) -> impl Iterator<Item = &ChangeWindow> {
    rules.windows.iter().filter(move |window| window.opens(environment))
}

/// Lists when a window is open from the day before `now` on.
fn occurrences(window: &ChangeWindow, now: Timestamp, days: i64) -> Vec<Period> {
    // A zone that is not known opens nothing.
    let Ok(zone) = TimeZone::get(&window.time_zone) else { return Vec::new() };
    let today = zone.to_datetime(now).date();
    (-1..=days)
        .filter_map(|offset| today.checked_add(offset.days()).ok())
        .filter(|day| window.begins_on(day.weekday()))
        .filter_map(|day| occurrence(window, &zone, day))
        .collect()
}

fn occurrence(window: &ChangeWindow, zone: &TimeZone, day: Date) -> Option<Period> {
    let last = if window.until > window.from { day } else { day.tomorrow().ok()? };
    let start = moment(zone, day.to_datetime(window.from))?;
    let end = moment(zone, last.to_datetime(window.until))?;
    Period::new(start, end).ok().filter(|period| period.seconds() > 0)
}

/// Returns the first moment at which clocks show a time, or have gone beyond it.
fn moment(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let found = zone.to_ambiguous_timestamp(local);
    match found.offset() {
        AmbiguousOffset::Gap { .. } => {
            let behind = found.later().ok()?.checked_add(1.second()).ok()?;
            let change = zone.preceding(behind).next()?;
            Some(change.timestamp())
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
            found.compatible().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Time, time};

    use trimtab_model::plan::Freeze;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn rules(window: ChangeWindow) -> RolloutRules {
        RolloutRules { windows: vec![window], ..RolloutRules::default() }
    }

    fn tuesday_morning() -> ChangeWindow {
        ChangeWindow {
            environments: vec![Environment::Prod],
            days: vec![1],
            from: time(4, 0, 0, 0),
            until: time(6, 0, 0, 0),
            time_zone: "Asia/Seoul".to_owned(),
        }
    }

    #[test]
    fn without_a_window_nothing_ever_starts() {
        let none = RolloutRules::default();
        assert_eq!(open_until(&none, Environment::Dev, at("2026-11-24T00:00:00Z")), None);
        let length = SignedDuration::from_mins(1);
        assert_eq!(opening(&none, Environment::Dev, length, at("2026-11-24T00:00:00Z")), None);
    }

    #[test]
    fn a_window_is_of_its_zone_and_of_its_environment() {
        let rules = rules(tuesday_morning());
        // 04:00 on a Tuesday in Seoul is 19:00 on Monday in UTC.
        let open = |environment, moment| open_until(&rules, environment, at(moment));
        let end = Some(at("2026-11-23T21:00:00Z"));
        assert_eq!(open(Environment::Prod, "2026-11-23T18:59:59Z"), None);
        assert_eq!(open(Environment::Prod, "2026-11-23T19:00:00Z"), end);
        assert_eq!(open(Environment::Prod, "2026-11-23T21:00:00Z"), None);
        assert_eq!(open(Environment::Dev, "2026-11-23T20:00:00Z"), None);
    }

    #[test]
    fn e22_a_window_over_midnight_ends_on_the_next_day() {
        let night = ChangeWindow {
            environments: Vec::new(),
            days: vec![6],
            from: time(23, 0, 0, 0),
            until: time(2, 0, 0, 0),
            time_zone: "UTC".to_owned(),
        };
        let rules = rules(night);
        // A Sunday, the last of the year's month, into the new year.
        let end = Some(at("2028-01-03T02:00:00Z"));
        assert_eq!(open_until(&rules, Environment::Dev, at("2028-01-03T01:00:00Z")), end);
        assert_eq!(open_until(&rules, Environment::Dev, at("2028-01-02T22:00:00Z")), None);
    }

    #[test]
    fn e22_windows_that_touch_are_one_and_midnight_closes_none() {
        let midnight = time(0, 0, 0, 0);
        let always = daily("Asia/Seoul", midnight, midnight);
        // Half an hour before midnight in Seoul.
        let now = at("2026-11-27T14:30:00Z");
        let day = SignedDuration::from_hours(24);
        assert_eq!(opening(&always, Environment::Dev, day, now), Some(now));
        let evening = |days: Vec<u8>, from, until| ChangeWindow {
            environments: Vec::new(),
            days,
            from,
            until,
            time_zone: "Asia/Seoul".to_owned(),
        };
        // 27 November 2026 is a Friday.
        let friday = evening(vec![4], time(22, 0, 0, 0), midnight);
        let saturday = evening(vec![5], midnight, time(3, 0, 0, 0));
        let later = evening(vec![5], time(3, 0, 1, 0), time(5, 0, 0, 0));
        let rules =
            RolloutRules { windows: vec![later, saturday, friday], ..rules(tuesday_morning()) };
        let until = open_until(&rules, Environment::Dev, now);
        assert_eq!(until, Some(at("2026-11-27T18:00:00Z")));
    }

    #[test]
    fn an_opening_must_be_long_enough() {
        let rules = rules(tuesday_morning());
        let next = |hours| {
            let length = SignedDuration::from_hours(hours);
            opening(&rules, Environment::Prod, length, at("2026-11-23T20:30:00Z"))
        };
        assert_eq!(next(0), Some(at("2026-11-23T20:30:00Z")));
        assert_eq!(next(1), Some(at("2026-11-30T19:00:00Z")));
        assert_eq!(next(3), None);
    }

    #[test]
    fn a_freeze_closes_every_window_and_cuts_one_that_is_open() {
        let frozen = Period::new(at("2026-11-23T20:00:00Z"), at("2026-12-01T00:00:00Z")).unwrap();
        let rules = RolloutRules {
            freezes: vec![Freeze {
                name: "launch".to_owned(),
                period: frozen,
                environments: Vec::new(),
            }],
            ..rules(tuesday_morning())
        };
        let open = |moment| open_until(&rules, Environment::Prod, at(moment));
        assert_eq!(open("2026-11-23T19:30:00Z"), Some(at("2026-11-23T20:00:00Z")));
        assert_eq!(open("2026-11-23T20:30:00Z"), None);
        assert_eq!(open("2026-11-30T20:00:00Z"), None);
        assert!(open("2026-12-07T19:30:00Z").is_some());
    }

    fn daily(zone: &str, from: Time, until: Time) -> RolloutRules {
        rules(ChangeWindow {
            environments: Vec::new(),
            days: Vec::new(),
            from,
            until,
            time_zone: zone.to_owned(),
        })
    }

    /// Lists the stretches of a day or two in which a window is open, minute by minute.
    fn stretches(rules: &RolloutRules, from: &str, until: &str) -> Vec<String> {
        let (mut now, until) = (at(from), at(until));
        let mut found: Vec<(Timestamp, Timestamp)> = Vec::new();
        while now < until {
            let next = now + SignedDuration::from_mins(1);
            if open_until(rules, Environment::Dev, now).is_some() {
                match found.last_mut().filter(|(_, end)| *end == now) {
                    Some((_, end)) => *end = next,
                    None => found.push((now, next)),
                }
            }
            now = next;
        }
        found.iter().map(|(start, end)| format!("{start}/{end}")).collect()
    }

    #[test]
    fn e20_a_window_in_an_hour_that_the_clocks_leave_out_opens_not_at_all() {
        // On 8 March 2026 the clocks of New York go from 02:00 to 03:00, which is 07:00Z.
        let day = |from, until| {
            let rules = daily("America/New_York", from, until);
            stretches(&rules, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")
        };
        let none: [&str; 0] = [];
        assert_eq!(day(time(2, 15, 0, 0), time(2, 45, 0, 0)), none);
        assert_eq!(day(time(2, 0, 0, 0), time(3, 0, 0, 0)), none);
        // What reaches out of the gap is open for what there is of it.
        let before = ["2026-03-08T06:30:00Z/2026-03-08T07:00:00Z"];
        assert_eq!(day(time(1, 30, 0, 0), time(2, 30, 0, 0)), before);
        let behind = ["2026-03-08T07:00:00Z/2026-03-08T07:30:00Z"];
        assert_eq!(day(time(2, 30, 0, 0), time(3, 30, 0, 0)), behind);
        // Not in the southern hemisphere, not by half an hour: Lord Howe, 02:00 to 02:30.
        let howe = daily("Australia/Lord_Howe", time(2, 5, 0, 0), time(2, 25, 0, 0));
        assert_eq!(stretches(&howe, "2026-10-03T14:00:00Z", "2026-10-04T12:00:00Z"), none);
        // A day that a zone leaves out whole: Apia had no 30 December 2011.
        let apia = daily("Pacific/Apia", time(9, 0, 0, 0), time(11, 0, 0, 0));
        assert_eq!(stretches(&apia, "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z").len(), 2);
    }

    #[test]
    fn e20_a_window_in_an_hour_that_comes_twice_opens_once() {
        // On 1 November 2026 the clocks of New York go from 02:00 to 01:00, which is 06:00Z.
        let day = |from, until| {
            let rules = daily("America/New_York", from, until);
            stretches(&rules, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")
        };
        let first = ["2026-11-01T05:15:00Z/2026-11-01T05:45:00Z"];
        assert_eq!(day(time(1, 15, 0, 0), time(1, 45, 0, 0)), first);
        let from = ["2026-11-01T05:30:00Z/2026-11-01T08:00:00Z"];
        assert_eq!(day(time(1, 30, 0, 0), time(3, 0, 0, 0)), from);
        let until = ["2026-11-01T04:00:00Z/2026-11-01T05:30:00Z"];
        assert_eq!(day(time(0, 0, 0, 0), time(1, 30, 0, 0)), until);
    }

    #[test]
    fn e20_a_zone_that_nobody_knows_opens_nothing() {
        let unknown = daily("Mars/Olympus", time(0, 0, 0, 0), time(0, 0, 0, 0));
        assert_eq!(open_until(&unknown, Environment::Dev, at("2026-03-08T07:20:00Z")), None);
    }

    /// Moments that windows have been wrong about: ends of days, weeks, months and years, and
    /// the day that not every year has.
    const EDGES: &[&str] = &[
        "2024-02-28T23:59:00",
        "2024-02-29T00:00:00",
        "2024-02-29T23:59:00",
        "2024-03-01T00:00:00",
        "2027-02-28T23:59:00",
        "2027-03-01T00:00:00",
        "2026-12-31T23:59:00",
        "2027-01-01T00:00:00",
        "2028-01-02T23:59:00",
        "2028-01-03T00:00:00",
        "2026-06-30T23:59:59",
    ];

    /// Whether a window is open by the clock on the wall alone.
    fn is_open_by_the_clock(window: &ChangeWindow, local: DateTime) -> bool {
        let (day, now) = (local.date(), local.time());
        let begins = |day: Date| window.begins_on(day.weekday());
        if window.from < window.until {
            return begins(day) && window.from <= now && now < window.until;
        }
        (begins(day) && now >= window.from)
            || (begins(day.yesterday().unwrap()) && now < window.until)
    }

    proptest::proptest! {
        #[test]
        fn e22_a_window_is_open_when_the_clock_on_the_wall_says_so(
            (from, until) in (0_i8..24, 0_i8..24),
            (first, second) in (0_u8..7, 0_u8..7),
            zone in 0_usize..4,
            // A minute of eleven years from 2020 on.
            minute in 0_i64..5_785_920,
        ) {
            // None of these changes its clocks.
            let zone = ["Asia/Seoul", "UTC", "Asia/Kolkata", "Pacific/Kiritimati"][zone];
            let window = ChangeWindow {
                environments: Vec::new(),
                days: if first == 6 { Vec::new() } else { vec![first, second] },
                from: time(from, 30, 0, 0),
                until: time(until, 15, 0, 0),
                time_zone: zone.to_owned(),
            };
            let zone = TimeZone::get(zone).unwrap();
            let rules = rules(window.clone());
            let edges = EDGES.iter().map(|edge| edge.parse::<DateTime>().unwrap());
            let any = at("2020-01-01T00:00:00Z") + SignedDuration::from_mins(minute);
            for local in edges.chain([zone.to_datetime(any)]) {
                let now = zone.to_timestamp(local).unwrap();
                let end = open_until(&rules, Environment::Dev, now);
                proptest::prop_assert_eq!(
                    end.is_some(), is_open_by_the_clock(&window, local), "{} {:?}", local, window
                );
                if let Some(end) = end {
                    // It ends where the clock says, and not before.
                    proptest::prop_assert_eq!(zone.to_datetime(end).time(), window.until);
                    proptest::prop_assert!(end.duration_since(now) <= SignedDuration::from_hours(24));
                }
                // What opens next is open then, and long enough.
                let length = SignedDuration::from_mins(30);
                if let Some(start) = opening(&rules, Environment::Dev, length, now) {
                    let until = open_until(&rules, Environment::Dev, start).unwrap();
                    proptest::prop_assert!(until.duration_since(start) >= length);
                }
            }
        }
    }

    #[test]
    fn e22_a_leap_second_is_the_second_before_it() {
        assert_eq!("23:59:60".parse::<Time>().unwrap(), time(23, 59, 59, 0));
        assert_eq!(at("2016-12-31T23:59:60Z"), at("2016-12-31T23:59:59Z"));
    }
}
