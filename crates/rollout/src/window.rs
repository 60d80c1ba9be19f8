//! When a change may start.
//!
//! Nothing may unless a window is open: without a window, never. A local time that a change of
//! clocks leaves out moves behind the gap, so that a window within the gap is empty; one that
//! comes twice is taken the first time.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use trimtab_model::environment::Environment;
use trimtab_model::period::Period;
use trimtab_model::plan::{ChangeWindow, RolloutRules};

/// How far ahead an opening is looked for, in days: every weekday comes round several times.
const HORIZON_DAYS: i64 = 60;

/// Returns until when changes of an environment may start, if they may now.
pub fn open_until(
    rules: &RolloutRules,
    environment: Environment,
    now: Timestamp,
) -> Option<Timestamp> {
    if freeze_at(rules, environment, now).is_some() {
        return None;
    }
    let end = windows(rules, environment)
        .flat_map(|window| occurrences(window, now, 1))
        .filter(|period| period.contains(now))
        .map(|period| period.end())
        .max()?;
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
    std::iter::once(now).chain(starts).chain(thaws).filter(|start| *start >= now).filter(fits).min()
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
    let start = zone.to_timestamp(day.to_datetime(window.from)).ok()?;
    let end = zone.to_timestamp(last.to_datetime(window.until)).ok()?;
    Period::new(start, end).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

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
    fn a_window_over_midnight_ends_on_the_next_day() {
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

    #[test]
    fn an_hour_that_the_clocks_leave_out_opens_nothing() {
        let window = |from, until| ChangeWindow {
            environments: Vec::new(),
            days: Vec::new(),
            from,
            until,
            time_zone: "America/New_York".to_owned(),
        };
        let gap = rules(window(time(2, 15, 0, 0), time(2, 45, 0, 0)));
        // On 8 March 2026 the clocks go from 02:00 to 03:00: the window moves to 03:15.
        let open = |moment| open_until(&gap, Environment::Dev, at(moment));
        assert_eq!(open("2026-03-08T06:30:00Z"), None);
        assert_eq!(open("2026-03-08T07:20:00Z"), Some(at("2026-03-08T07:45:00Z")));
        let unknown = rules(ChangeWindow {
            time_zone: "Mars/Olympus".to_owned(),
            ..window(time(0, 0, 0, 0), time(0, 0, 0, 0))
        });
        assert_eq!(open_until(&unknown, Environment::Dev, at("2026-03-08T07:20:00Z")), None);
    }
}
