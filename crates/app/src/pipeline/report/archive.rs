//! Which reports of the past can be made again: of every period that the bills reach into.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use trimtab_model::document::Days;

use super::{ReportPeriod, known_until};
use crate::pipeline::notify::{is_over_at, last_period};

/// A report of a period that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastReport {
    /// What it is of.
    pub period: ReportPeriod,
    /// The days.
    pub days: Days,
    /// The moment at which they were over: `--as-of` of the command line.
    pub as_of: Timestamp,
    /// Whether the bills cover all of its days.
    pub is_whole: bool,
}

/// Returns the reports of every period that is over and that bills reach into, the latest first: weeks, then months,
/// then quarters.
pub fn past_reports(covered: Days, zone: &TimeZone, now: Timestamp) -> Vec<PastReport> {
    let until = known_until(Some(covered.last), None, now);
    ReportPeriod::ALL
        .into_iter()
        .flat_map(|period| of_period(period, covered, zone, until))
        .collect()
}

fn of_period(
    period: ReportPeriod,
    covered: Days,
    zone: &TimeZone,
    until: Timestamp,
) -> Vec<PastReport> {
    let mut reports = Vec::new();
    let mut next = last_period(period, zone, until);
    while let Some(days) = next.filter(|days| days.last >= covered.first) {
        if let Some(as_of) = is_over_at(days, zone)
            && days.first <= covered.last
        {
            let is_whole = covered.first <= days.first && days.last <= covered.last;
            reports.push(PastReport { period, days, as_of, is_whole });
        }
        next = preceding(period, days);
    }
    reports
}

/// Returns the period that ends on the day before another one.
fn preceding(period: ReportPeriod, after: Days) -> Option<Days> {
    let span = match period {
        ReportPeriod::Weekly => Span::new().weeks(1),
        ReportPeriod::Monthly => Span::new().months(1),
        ReportPeriod::Quarterly => Span::new().months(3),
    };
    let first = after.first.checked_sub(span).ok()?;
    Some(Days { first, last: after.first.yesterday().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(covered: (&str, &str), zone: &str, now: &str) -> Vec<PastReport> {
        let covered = Days { first: covered.0.parse().unwrap(), last: covered.1.parse().unwrap() };
        past_reports(covered, &TimeZone::get(zone).unwrap(), now.parse().unwrap())
    }

    fn firsts(all: &[PastReport], period: ReportPeriod) -> Vec<String> {
        let own = all.iter().filter(|one| one.period == period);
        own.map(|one| format!("{}{}", one.days.first, if one.is_whole { "" } else { "*" }))
            .collect()
    }

    #[test]
    fn every_period_that_bills_reach_into_is_there_once_and_a_part_of_one_is_marked() {
        let all = past(("2026-07-15", "2026-10-31"), "Asia/Seoul", "2026-11-27T00:00:00Z");
        let months = ["2026-10-01", "2026-09-01", "2026-08-01", "2026-07-01*"];
        assert_eq!(firsts(&all, ReportPeriod::Monthly), months);
        assert_eq!(firsts(&all, ReportPeriod::Quarterly), ["2026-07-01*"]);
        let weeks = firsts(&all, ReportPeriod::Weekly);
        assert_eq!((weeks.len(), weeks[0].as_str()), (15, "2026-10-19"));
        assert_eq!(weeks.last().map(String::as_str), Some("2026-07-13*"));
    }

    #[test]
    fn a_report_looks_from_the_moment_at_which_its_period_was_over_here_and_in_utc() {
        for (zone, expected) in [
            ("UTC", "2026-11-01T00:00:00Z"),
            ("Asia/Seoul", "2026-11-01T00:00:00Z"),
            ("America/New_York", "2026-11-01T04:00:00Z"),
        ] {
            let all = past(("2026-10-01", "2026-10-31"), zone, "2026-11-27T00:00:00Z");
            let month = all.iter().find(|one| one.period == ReportPeriod::Monthly);
            // West of UTC the month is not over at the end of the bill.
            match zone {
                "America/New_York" => assert_eq!(month, None),
                _ => assert_eq!(month.unwrap().as_of.to_string(), expected, "{zone}"),
            }
        }
    }
}
