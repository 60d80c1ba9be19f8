//! How far bills reach, and the stretch of time that charges are summed over.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use trimtab_model::document::Days;

use crate::billing::{BillFormat, BillGroup, moment};
use crate::lake::{Lake, LakeError};
use crate::state::Bill;

/// Two bills without more than this between them cover one stretch of time.
pub(super) const JOINT: i64 = moment::DAY;

/// The time that the usage of a bill covers, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Its charges span a day at most, so it is known to the day.
    Days(i64, i64),
    /// Its charges span more, and it was read after its month was over: all of the month.
    Month(i64, i64),
    /// Its charges span more, and the month was still open when it was read: some part of
    /// the month, and nobody knows which.
    Open(i64, i64),
}

/// A bill, and how far it reaches.
pub(super) type Reaching = (Bill, Reach);

/// The stretch of time that charges are summed over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Window {
    /// Start and end in microseconds. Absent where no bill covers anything.
    pub(super) span: Option<(i64, i64)>,
    /// Bills of whole months that lie in it and do not count: which of its days they cover
    /// is not known.
    pub(super) left_out: Vec<BillGroup>,
}

/// Returns the bills that [`super::charges`] leaves out because their charges span whole
/// months: those of a month that was open when it was read, and those beside bills by day.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn left_out(lake: &Lake, until: Timestamp, days: u32) -> Result<Vec<BillGroup>, LakeError> {
    Ok(window(&reaching(lake)?, until, days).left_out)
}

/// Returns the end of the last bill that has charges of resources.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn end_of_bills(lake: &Lake) -> Result<Option<Timestamp>, LakeError> {
    let known = |(bill, reach): &Reaching| match reach {
        Reach::Days(_, until) | Reach::Month(_, until) => has_resources(bill).then_some(*until),
        Reach::Open(..) => None,
    };
    let end = reaching(lake)?.iter().filter_map(known).max();
    Ok(end.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

/// Returns the first and the last UTC day of the last unbroken stretch that bills by day cover.
/// A day in it without a charge cost nothing; of a day outside nothing is known.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn covered_days(lake: &Lake) -> Result<Option<Days>, LakeError> {
    Ok(days_of(&reaching(lake)?))
}

fn days_of(bills: &[Reaching]) -> Option<Days> {
    let spans = bills.iter().filter_map(|(_, reach)| match reach {
        Reach::Days(from, until) => Some((*from, *until)),
        Reach::Month(..) | Reach::Open(..) => None,
    });
    let (from, until) = stretch(spans, i64::MAX / 2)?;
    let day = |micros: i64| {
        let moment = Timestamp::from_microsecond(micros).ok()?;
        Some(moment.to_zoned_datetime(TimeZone::UTC).date())
    };
    // The end is the first moment that no longer counts.
    Some(Days { first: day(from)?, last: day(until - 1)? })
}

/// Returns the bills that have usage, with how far they reach.
pub(super) fn reaching(lake: &Lake) -> Result<Vec<Reaching>, LakeError> {
    let read_at = lake.state().bills_read_at()?;
    let bills = lake.state().bills()?.into_iter();
    Ok(bills
        .filter_map(|bill| {
            let reach = reach(&bill, read_at.get(&bill.group).copied())?;
            Some((bill, reach))
        })
        .collect())
}

fn reach(bill: &Bill, read_at: Option<Timestamp>) -> Option<Reach> {
    let from = bill.usage_from?;
    if let Some(until) = bill.usage_until {
        return Some(Reach::Days(from, until));
    }
    let (first, next) = month(&bill.group)?;
    let (first, next) = (i64::from(first) * moment::DAY, i64::from(next) * moment::DAY);
    let is_over = read_at.is_some_and(|at| at.as_microsecond() >= next);
    Some(if is_over { Reach::Month(first, next) } else { Reach::Open(first, next) })
}

/// Returns the first day of a billing period and the first day after it.
pub(super) fn month(group: &BillGroup) -> Option<(i32, i32)> {
    let first = moment::parse(&format!("{}-01", group.billing_period)).map(moment::day_of)?;
    // A month has at most 31 days, so the next one starts within 32.
    Some((first, moment::month_start(first + 31)))
}

/// Returns whether a bill names resources. What Cost Explorer said does not count: within a
/// window of days its charges of whole months would be too much or nothing.
fn has_resources(bill: &Bill) -> bool {
    bill.format != BillFormat::CostExplorer.as_str()
}

/// Returns the covered window: the last unbroken stretch of usage by day, or the last whole
/// month where that ends later.
///
/// The two are never joined: a charge of a month has no part that lies in some of its days.
pub(super) fn window(bills: &[Reaching], until: Timestamp, days: u32) -> Window {
    let until = until.as_microsecond();
    let look_back = i64::from(days) * moment::DAY;
    let bills = || bills.iter().filter(|(bill, _)| has_resources(bill));
    let by_day = stretch(
        bills().filter_map(|(_, reach)| match reach {
            Reach::Days(from, end) => Some((*from, (*end).min(until))),
            Reach::Month(..) | Reach::Open(..) => None,
        }),
        look_back,
    );
    let month = bills()
        .filter_map(|(_, reach)| match reach {
            Reach::Month(first, next) if *first < until => Some((*first, *next)),
            Reach::Month(..) | Reach::Days(..) | Reach::Open(..) => None,
        })
        .max();
    let span = match (by_day, month) {
        (Some(by_day), Some(month)) if month.1.min(until) > by_day.1 => Some(month),
        (by_day, month) => by_day.or(month),
    };
    let (start, end) = span.unwrap_or((until - look_back, until));
    let overlaps = |first: i64, next: i64| first < end && start < next;
    let left_out = bills().filter(|(_, reach)| match reach {
        Reach::Days(..) => false,
        Reach::Month(first, next) => span != Some((*first, *next)) && overlaps(*first, *next),
        Reach::Open(first, next) => overlaps(*first, *next),
    });
    Window { span, left_out: left_out.map(|(bill, _)| bill.group.clone()).collect() }
}

/// Returns the last unbroken stretch of usage, and no more of it than the look-back.
fn stretch(spans: impl Iterator<Item = (i64, i64)>, look_back: i64) -> Option<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = spans.filter(|(from, end)| from < end).collect();
    spans.sort_by_key(|(_, end)| std::cmp::Reverse(*end));
    let (mut start, end) = *spans.first()?;
    for (from, until) in spans {
        if until + JOINT < start {
            break;
        }
        start = start.min(from);
    }
    let start = start.max(end - look_back);
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn bill(from: &str, until: Option<&str>, account: &str) -> Bill {
        Bill {
            group: BillGroup {
                billing_period: from.chars().take(7).collect(),
                billing_account: account.to_owned(),
            },
            format: String::new(),
            complete: true,
            usage_from: moment::parse(from),
            usage_until: until.and_then(moment::parse),
            sums: BTreeMap::new(),
        }
    }

    fn midnight(day: &str) -> Timestamp {
        format!("{day}T00:00:00Z").parse().unwrap()
    }

    fn by_day(from: &str, until: &str) -> Reaching {
        let bill = bill(from, Some(until), "1");
        let reach = reach(&bill, None).unwrap();
        (bill, reach)
    }

    fn by_month(first: &str, account: &str, read_at: &str) -> Reaching {
        let bill = bill(first, None, account);
        let reach = reach(&bill, Some(midnight(read_at))).unwrap();
        (bill, reach)
    }

    fn check(bills: &[Reaching], until: &str, expected: Option<(&str, &str)>, left_out: &[&str]) {
        let expected = expected
            .map(|(start, end)| (moment::parse(start).unwrap(), moment::parse(end).unwrap()));
        let window = window(bills, midnight(until), 30);
        assert_eq!(window.span, expected);
        let found: Vec<String> = window
            .left_out
            .iter()
            .map(|group| format!("{} {}", group.billing_period, group.billing_account))
            .collect();
        assert_eq!(found, left_out);
    }

    #[test]
    fn the_window_is_what_both_the_bill_and_the_look_back_cover() {
        let october = by_day("2026-10-01", "2026-11-01");
        let september = by_day("2026-09-01", "2026-10-01");
        let only = std::slice::from_ref;
        check(&[], "2026-10-20", None, &[]);
        check(only(&october), "2026-10-20", Some(("2026-10-01", "2026-10-20")), &[]);
        check(
            &[september.clone(), october.clone()],
            "2026-10-20",
            Some(("2026-09-20", "2026-10-20")),
            &[],
        );
        check(only(&september), "2026-12-24", Some(("2026-09-01", "2026-10-01")), &[]);
        check(
            &[by_day("2026-08-01", "2026-09-01"), october],
            "2026-10-20",
            Some(("2026-10-01", "2026-10-20")),
            &[],
        );
        check(&[september], "2026-09-01", None, &[]);
        let mut asked = by_day("2026-10-01", "2026-11-01");
        asked.0.format = BillFormat::CostExplorer.as_str().to_owned();
        check(&[asked], "2026-10-20", None, &[]);
    }

    #[test]
    fn days_after_a_month_that_nobody_read_are_a_stretch_of_their_own() {
        let days = |first: &str, last: &str| {
            Some(Days { first: first.parse().unwrap(), last: last.parse().unwrap() })
        };
        let october = by_day("2026-10-01", "2026-10-20");
        let august = by_day("2026-08-01", "2026-09-01");
        let whole = by_month("2026-09-01", "1", "2026-10-03");
        let bills = [august.clone(), whole, october.clone()];
        assert_eq!(days_of(&bills), days("2026-10-01", "2026-10-19"));
        let joined = [august, by_day("2026-09-01", "2026-10-01"), october];
        assert_eq!(days_of(&joined), days("2026-08-01", "2026-10-19"));
        assert_eq!(days_of(&[by_month("2026-09-01", "1", "2026-10-03")]), None);
    }

    #[test]
    fn a_bill_of_whole_months_covers_its_last_month_that_was_over() {
        let september = by_month("2026-09-01", "1", "2026-10-03");
        let october = by_month("2026-10-01", "1", "2026-11-03");
        let whole = Some(("2026-10-01", "2026-11-01"));
        check(&[september.clone(), october.clone()], "2026-11-20", whole, &[]);
        // Metrics that end within the month do not make its bill an open one.
        check(std::slice::from_ref(&october), "2026-10-31", whole, &[]);
        let open = by_month("2026-10-01", "1", "2026-10-20");
        check(std::slice::from_ref(&open), "2026-10-20", None, &["2026-10 1"]);
        check(&[september, open], "2026-10-20", Some(("2026-09-01", "2026-10-01")), &[]);
    }

    #[test]
    fn months_and_days_are_never_joined() {
        let october = by_day("2026-10-01", "2026-10-20");
        let september = by_month("2026-09-01", "2", "2026-10-03");
        let open = by_month("2026-10-01", "2", "2026-10-20");
        check(
            &[september.clone(), october.clone(), open],
            "2026-10-20",
            Some(("2026-10-01", "2026-10-20")),
            &["2026-10 2"],
        );
        let over = by_month("2026-10-01", "2", "2026-11-03");
        check(&[october, over], "2026-11-03", Some(("2026-10-01", "2026-11-01")), &[]);
        check(
            &[september, by_day("2026-09-10", "2026-10-05")],
            "2026-10-05",
            Some(("2026-09-10", "2026-10-05")),
            &["2026-09 2"],
        );
    }
}
