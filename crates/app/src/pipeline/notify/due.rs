//! When a report is due, and of which days it is then.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use trimtab_analysis::report::{self as reports, ReportFacts};
use trimtab_model::document::Days;

use crate::config::Schedule;
use crate::pipeline::report::ReportPeriod;

/// The hour from which on a day belongs to what comes after it.
const NOON: i8 = 12;

/// A moment at which a report is due, and the days that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The moment.
    pub at: Timestamp,
    /// The days.
    pub period: Days,
}

/// Returns the report that is due: the latest whose moment has come, unless a newer period is over
/// already. A report that was missed for so long is not sent any more: the next one follows soon.
/// `zone` is that of the days that reports are about.
pub fn due(
    period: ReportPeriod,
    schedule: &Schedule,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Slot> {
    let slot = slots(period, schedule, zone, now).into_iter().rfind(|slot| slot.at <= now)?;
    let newer = following(period, slot.period)?;
    (is_over_at(newer, zone)? > now).then_some(slot)
}

/// Returns when a report is due next.
pub fn next(
    period: ReportPeriod,
    schedule: &Schedule,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Timestamp> {
    slots(period, schedule, zone, now).into_iter().map(|slot| slot.at).find(|at| *at > now)
}

/// Returns the last week, month or quarter that is over at a moment, as the reports have it.
pub fn last_period(period: ReportPeriod, zone: &TimeZone, at: Timestamp) -> Option<Days> {
    let facts = ReportFacts::empty(at, zone);
    match period {
        ReportPeriod::Weekly => reports::last_week(&facts),
        ReportPeriod::Monthly => {
            let first = reports::last_month(&facts)?;
            Some(Days { first, last: first.last_of_month() })
        }
        ReportPeriod::Quarterly => {
            let [first, _, last] = reports::last_quarter(&facts)?;
            Some(Days { first, last: last.last_of_month() })
        }
    }
}

/// Returns the first moment at which days are over, in UTC, where AWS's days are, and in the zone.
pub fn is_over_at(period: Days, zone: &TimeZone) -> Option<Timestamp> {
    let day = period.last.tomorrow().ok()?;
    let begins = |zone: TimeZone| Some(day.to_zoned_datetime(zone).ok()?.timestamp());
    Some(begins(TimeZone::UTC)?.max(begins(zone.clone())?))
}

/// Returns the slots of a schedule around now, in order.
fn slots(period: ReportPeriod, schedule: &Schedule, zone: &TimeZone, now: Timestamp) -> Vec<Slot> {
    let moments = moments(period, schedule, now).into_iter();
    moments.filter_map(|at| slot(period, schedule, zone, at)).collect()
}

/// Returns what a moment of a schedule is for, and when it may be sent: a period that is not over
/// yet is waited for.
///
/// The period follows from the day and the hour that the schedule names, and from nothing else: an
/// instant in another zone moves by an hour when clocks do, and would then belong to another week.
fn slot(period: ReportPeriod, schedule: &Schedule, zone: &TimeZone, at: Timestamp) -> Option<Slot> {
    let there = at.to_zoned_datetime(schedule.zone.clone());
    let days = meant(period, there.date(), scheduled_hour(period, schedule))?;
    Some(Slot { at: at.max(is_over_at(days, zone)?), period: days })
}

/// Returns the hour that a schedule names.
fn scheduled_hour(period: ReportPeriod, schedule: &Schedule) -> i8 {
    match period {
        ReportPeriod::Weekly => schedule.weekly.time.hour(),
        ReportPeriod::Monthly => schedule.monthly.time.hour(),
        ReportPeriod::Quarterly => schedule.quarterly.time.hour(),
    }
}

/// Returns the period that a civil day and hour are for: the last one before the day. From noon on
/// the Sunday of a week it is that week, whose end is nearer than that of the one before: west of
/// UTC it may be over in UTC already.
fn meant(period: ReportPeriod, day: Date, hour: i8) -> Option<Days> {
    let is_end_of_week = period == ReportPeriod::Weekly && day.weekday() == Weekday::Sunday;
    let day = if is_end_of_week && hour >= NOON { day.tomorrow().ok()? } else { day };
    last_period(period, &TimeZone::UTC, day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}

/// Returns the period that begins on the day after another one.
fn following(period: ReportPeriod, before: Days) -> Option<Days> {
    let first = before.last.tomorrow().ok()?;
    let span = match period {
        ReportPeriod::Weekly => Span::new().weeks(1),
        ReportPeriod::Monthly => Span::new().months(1),
        ReportPeriod::Quarterly => Span::new().months(3),
    };
    Some(Days { first, last: first.checked_add(span).ok()?.yesterday().ok()? })
}

/// Returns the moments of a schedule around now, in order: at least two before, of which the later
/// may have to wait, and one behind.
fn moments(period: ReportPeriod, schedule: &Schedule, now: Timestamp) -> Vec<Timestamp> {
    let today = now.to_zoned_datetime(schedule.zone.clone()).date();
    let moment = |date: Date, time: Time| -> Option<Timestamp> {
        let there =
            DateTime::from_parts(date, time).to_zoned_datetime(schedule.zone.clone()).ok()?;
        Some(there.timestamp())
    };
    let monthly = |is_due: fn(i8) -> bool, reach: i32, day: i8, time: Time| {
        let months = (-reach..=reach).filter_map(move |by| {
            let month = today.first_of_month().checked_add(Span::new().months(by)).ok()?;
            is_due(month.month()).then_some(month)
        });
        months
            .filter_map(|month| moment(Date::new(month.year(), month.month(), day).ok()?, time))
            .collect()
    };
    match period {
        ReportPeriod::Weekly => {
            let days = (-15..=8).filter_map(|by| today.checked_add(Span::new().days(by)).ok());
            days.filter(|date| date.weekday() == schedule.weekly.day)
                .filter_map(|date| moment(date, schedule.weekly.time))
                .collect()
        }
        ReportPeriod::Monthly => monthly(|_| true, 2, schedule.monthly.day, schedule.monthly.time),
        ReportPeriod::Quarterly => {
            monthly(|month| month % 3 == 1, 6, schedule.quarterly.day, schedule.quarterly.time)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(period: ReportPeriod, now: &str, expected: Option<(&str, &str, &str)>, then: &str) {
        let schedule = Schedule::default();
        let now: Timestamp = now.parse().unwrap();
        let found = due(period, &schedule, &schedule.zone, now).map(|slot| {
            let Slot { at, period: Days { first, last } } = slot;
            (at.to_string(), first.to_string(), last.to_string())
        });
        let expected =
            expected.map(|(at, first, last)| (format!("{at}Z"), first.to_owned(), last.to_owned()));
        assert_eq!(found, expected, "{now}");
        let next = next(period, &schedule, &schedule.zone, now).map(|at| at.to_string());
        assert_eq!(next, Some(format!("{then}Z")), "{now}");
    }

    #[test]
    fn the_weeks_report_is_due_on_monday_and_until_the_next_week_is_over() {
        let weekly = ReportPeriod::Weekly;
        let before = ("2026-11-16T00:30:00", "2026-11-09", "2026-11-15");
        let after = ("2026-11-23T00:30:00", "2026-11-16", "2026-11-22");
        check(weekly, "2026-11-22T23:59:59Z", Some(before), "2026-11-23T00:30:00");
        // Another week is over, and its report is due in half an hour.
        check(weekly, "2026-11-23T00:29:59Z", None, "2026-11-23T00:30:00");
        check(weekly, "2026-11-23T00:30:00Z", Some(after), "2026-11-30T00:30:00");
        check(weekly, "2026-11-26T12:00:00Z", Some(after), "2026-11-30T00:30:00");
    }

    /// Looks what is due of the week of November 16th at a moment, and when.
    fn check_week(at: &str, zones: (&str, &str), now: &str, expected: Option<&str>) {
        let zone = |name: &str| TimeZone::get(name).unwrap();
        let (day, time) = at.split_once(' ').unwrap();
        let day = if day == "mon" { Weekday::Monday } else { Weekday::Sunday };
        let mut schedule = Schedule { zone: zone(zones.0), ..Schedule::default() };
        (schedule.weekly.day, schedule.weekly.time) = (day, time.parse().unwrap());
        let first: Date = "2026-11-16".parse().unwrap();
        let now: Timestamp = now.parse().unwrap();
        let found = due(ReportPeriod::Weekly, &schedule, &zone(zones.1), now)
            .filter(|slot| slot.period.first == first)
            .map(|slot| slot.at.to_string());
        assert_eq!(found.as_deref(), expected, "{at} {zones:?} {now}");
    }

    #[test]
    fn a_slot_before_the_end_of_its_week_waits_for_it_and_not_for_the_next_slot() {
        // Monday at eight in Seoul is still Sunday in UTC.
        let seoul = ("Asia/Seoul", "Asia/Seoul");
        let end = "2026-11-23T00:00:00Z";
        check_week("mon 08:00", seoul, "2026-11-22T23:59:59Z", None);
        check_week("mon 08:00", seoul, end, Some(end));
        check_week("mon 08:00", seoul, "2026-11-29T23:59:59Z", Some(end));
        // The days of the reports are those of New York.
        let mixed = ("Asia/Seoul", "America/New_York");
        let end = "2026-11-23T05:00:00Z";
        check_week("mon 09:30", mixed, "2026-11-23T00:30:00Z", None);
        check_week("mon 09:30", mixed, end, Some(end));
        // Sunday evening in New York is Monday in UTC.
        let west = ("America/New_York", "UTC");
        let slot = "2026-11-23T01:00:00Z";
        check_week("sun 20:00", west, "2026-11-23T00:59:59Z", None);
        check_week("sun 20:00", west, slot, Some(slot));
    }

    #[test]
    fn what_was_due_before_is_due_until_the_week_that_is_waited_for_is_over() {
        let schedule = Schedule::default();
        let zone = TimeZone::get("America/New_York").unwrap();
        // The slot of the 23rd has come, and its week is not over in New York.
        let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        let slot = due(ReportPeriod::Weekly, &schedule, &zone, now).unwrap();
        assert_eq!(slot.period.first.to_string(), "2026-11-09");
        let then = next(ReportPeriod::Weekly, &schedule, &zone, now).unwrap();
        assert_eq!(then.to_string(), "2026-11-23T05:00:00Z");
    }

    #[test]
    fn the_months_report_is_due_on_the_eighth_and_late_until_the_month_is_over() {
        let monthly = ReportPeriod::Monthly;
        let slot = ("2026-11-08T00:30:00", "2026-10-01", "2026-10-31");
        check(monthly, "2026-11-08T00:29:59Z", None, "2026-11-08T00:30:00");
        check(monthly, "2026-11-08T00:30:00Z", Some(slot), "2026-12-08T00:30:00");
        check(monthly, "2026-11-30T00:00:00Z", Some(slot), "2026-12-08T00:30:00");
        check(monthly, "2026-12-01T00:00:00Z", None, "2026-12-08T00:30:00");
    }

    #[test]
    fn the_quarters_report_is_due_on_the_tenth_of_its_first_month() {
        let quarterly = ReportPeriod::Quarterly;
        let slot = ("2026-10-10T00:30:00", "2026-07-01", "2026-09-30");
        check(quarterly, "2026-10-10T00:29:59Z", None, "2026-10-10T00:30:00");
        check(quarterly, "2026-11-27T00:00:00Z", Some(slot), "2027-01-10T00:30:00");
        check(quarterly, "2027-01-05T00:00:00Z", None, "2027-01-10T00:30:00");
    }

    /// Sends what is due at every moment at which something may be, for two years, and returns the
    /// periods in the order in which they were sent.
    fn sent(period: ReportPeriod, schedule: &Schedule, zone: &TimeZone) -> Vec<Days> {
        let mut sent: Vec<Days> = Vec::new();
        let mut now: Timestamp = "2025-12-20T00:00:00Z".parse().unwrap();
        let end: Timestamp = "2028-01-15T00:00:00Z".parse().unwrap();
        while now < end {
            let slot = due(period, schedule, zone, now);
            if let Some(slot) = slot.filter(|slot| sent.last() != Some(&slot.period)) {
                assert!(is_over_at(slot.period, zone).unwrap() <= now, "{slot:?} {now}");
                sent.push(slot.period);
            }
            now = next(period, schedule, zone, now).unwrap();
        }
        sent
    }

    fn check_every_period_once(schedule: &Schedule, zone: &str) {
        let zone = TimeZone::get(zone).unwrap();
        for (period, least) in
            [(ReportPeriod::Weekly, 104), (ReportPeriod::Monthly, 24), (ReportPeriod::Quarterly, 8)]
        {
            let sent = sent(period, schedule, &zone);
            assert!(sent.len() >= least, "{period:?} {}", sent.len());
            for pair in sent.windows(2) {
                let next = following(period, pair[0]);
                assert_eq!(next, Some(pair[1]), "{period:?} {:?}", schedule.zone);
            }
        }
    }

    #[test]
    fn every_period_is_sent_once_though_clocks_change() {
        let weekly = [
            (Weekday::Sunday, "19:30"),
            (Weekday::Sunday, "11:59"),
            (Weekday::Sunday, "00:30"),
            (Weekday::Monday, "00:00"),
            (Weekday::Monday, "09:30"),
            (Weekday::Saturday, "23:00"),
        ];
        // New York moves in March and November, Santiago and Auckland the other way round.
        let zones = [
            "America/New_York",
            "Asia/Seoul",
            "America/Santiago",
            "Pacific/Auckland",
            "Pacific/Honolulu",
            "UTC",
        ];
        for (day, time) in weekly {
            for zone in zones {
                let mut schedule =
                    Schedule { zone: TimeZone::get(zone).unwrap(), ..Schedule::default() };
                (schedule.weekly.day, schedule.weekly.time) = (day, time.parse().unwrap());
                // The first and the last day of a month that a schedule may name.
                let at = time.parse().unwrap();
                (schedule.monthly.day, schedule.monthly.time) = (1, at);
                (schedule.quarterly.day, schedule.quarterly.time) = (28, at);
                for report in zones {
                    check_every_period_once(&schedule, report);
                }
            }
        }
    }

    #[test]
    fn sunday_evening_in_new_york_is_for_the_week_that_ends_with_it_in_summer_and_winter() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let mut schedule = Schedule { zone, ..Schedule::default() };
        (schedule.weekly.day, schedule.weekly.time) = (Weekday::Sunday, "19:30".parse().unwrap());
        for (now, at, first) in [
            // In summer it is half an hour before the end of the week in UTC.
            ("2026-10-26T00:00:00Z", "2026-10-26T00:00:00Z", "2026-10-19"),
            ("2026-11-02T00:30:00Z", "2026-11-02T00:30:00Z", "2026-10-26"),
        ] {
            let slot =
                due(ReportPeriod::Weekly, &schedule, &TimeZone::UTC, now.parse().unwrap()).unwrap();
            assert_eq!(
                (slot.at.to_string(), slot.period.first.to_string()),
                (at.to_owned(), first.to_owned())
            );
        }
    }
}
