//! When a report is due, and of which days it is then.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use trimtab_analysis::report::{self as reports, ReportFacts};
use trimtab_model::document::Days;

use crate::config::Schedule;
use crate::pipeline::report::ReportPeriod;

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
pub fn due(
    period: ReportPeriod,
    schedule: &Schedule,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Slot> {
    let at = moments(period, schedule, now).into_iter().rfind(|at| *at <= now)?;
    let slot = Slot { at, period: last_period(period, zone, at)? };
    (last_period(period, zone, now)? == slot.period).then_some(slot)
}

/// Returns when a report is due next.
pub fn next(period: ReportPeriod, schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    moments(period, schedule, now).into_iter().find(|at| *at > now)
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

/// Returns the moments of a schedule around now, in order: at least one before and one behind.
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
            let days = (-8..=8).filter_map(|by| today.checked_add(Span::new().days(by)).ok());
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
        let next = next(period, &schedule, now).map(|at| at.to_string());
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
}
