//! A month as Cost Explorer is asked for it, and as it is kept: charges without resources.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use trimtab_model::text::Reason;
use trimtab_store::billing::{BillFormat, Converted, FailedFile, Notice};
use trimtab_store::lake::{self, Lake};
use trimtab_store::state::{AskedMonth, AskedRow};

use crate::failure::{Failure, Kind};
use crate::pipeline::ingest::{Ingested, convert};
use crate::pipeline::state::now;
use crate::progress::{OnProgress, Progress, Stage};
use crate::temporary;
use crate::worker::Isolation;

/// What Cost Explorer calls taxes.
const TAX: &str = "Tax";

/// A month, or the part of the present one that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month {
    start: Date,
    until: Date,
}

impl Month {
    /// Returns the last `count` months, the oldest first, up to the last whole day in UTC.
    pub(super) fn latest(now: Timestamp, count: u32) -> Vec<Self> {
        let today = now.to_zoned_datetime(TimeZone::UTC).date();
        let mut months = Vec::new();
        let mut start = today.first_of_month();
        for _ in 0..count {
            let month = Self { start, until: today.min(next(start)) };
            // On its first day nothing of a month is over.
            if month.start < month.until {
                months.push(month);
            }
            let Ok(earlier) = start.checked_sub(1.month()) else { break };
            start = earlier;
        }
        months.reverse();
        months
    }

    /// Parts months into stretches without a gap: each is one question.
    pub(super) fn ranges(months: &[Self]) -> Vec<Vec<Self>> {
        let mut ranges: Vec<Vec<Self>> = Vec::new();
        for month in months {
            match ranges.last_mut() {
                Some(range) if range.last().is_some_and(|last| last.until == month.start) => {
                    range.push(*month);
                }
                _ => ranges.push(vec![*month]),
            }
        }
        ranges
    }

    /// Returns the month as `2026-10`.
    pub(super) fn name(&self) -> String {
        self.start.strftime("%Y-%m").to_string()
    }

    /// Returns its first day.
    pub(super) fn start(&self) -> Date {
        self.start
    }

    /// Returns the first day that is not asked for.
    pub(super) fn until(&self) -> Date {
        self.until
    }

    /// Returns the first day of the next month.
    pub(super) fn end(&self) -> Date {
        next(self.start)
    }
}

fn next(start: Date) -> Date {
    start.checked_add(1.month()).unwrap_or(start)
}

/// Puts a month into the lake, in place of what Cost Explorer said of it before.
pub(super) fn keep(
    lake: &Lake,
    asked: &AskedMonth,
    isolation: &Isolation,
    ingested: &mut Ingested,
    told: OnProgress<'_>,
) -> Result<(), Failure> {
    let named = PathBuf::from(format!("cost-explorer/{}", asked.month));
    if asked.rows.is_empty() {
        ingested.notices.push(Notice::new(&named, nothing()));
        return Ok(());
    }
    told(Progress::stage(Stage::Bills));
    let unusable = |cause: &(dyn std::error::Error + 'static)| {
        let message = ("the temporary directory cannot be used", "임시 디렉터리를 쓸 수 없습니다");
        Failure::new(Kind::Failed, message).because(cause)
    };
    let dir = temporary::directory().map_err(|cause| unusable(&cause))?;
    let file = dir.path().join("month.csv");
    write(asked, &file).map_err(|cause| unusable(&cause))?;
    let convert = |file: &Path, staging: &Path| {
        convert(isolation, file, staging, &|_| {})
            .map(|converted| of_cost_explorer(converted, &named, asked))
            .map_err(|failed| FailedFile {
                error: trimtab_store::InputError { file: named.clone(), ..failed.error },
                holds_back: true,
            })
    };
    let outcome = lake::ingest(lake, &[file], &convert, now())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    ingested.bills.extend(outcome.files);
    ingested.notices.extend(outcome.notices);
    ingested.notices.push(Notice::new(&named, coarse()));
    ingested.errors.extend(outcome.failed.into_iter().map(|failed| failed.error));
    Ok(())
}

/// Writes charges in the columns of FOCUS, in Cost Explorer's own digits.
fn write(asked: &AskedMonth, file: &Path) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_path(file)?;
    writer.write_record([
        "BillingAccountId",
        "BillingCurrency",
        "BillingPeriodStart",
        "ChargePeriodStart",
        "ChargePeriodEnd",
        "ChargeCategory",
        "ChargeDescription",
        "BilledCost",
        "EffectiveCost",
        "ServiceName",
        "SubAccountId",
    ])?;
    let start = format!("{}-01T00:00:00Z", asked.month);
    let end = format!("{}T00:00:00Z", asked.until);
    for AskedRow { service, account, unblended, amortized, currency } in &asked.rows {
        let category = if service == TAX { "Tax" } else { "Usage" };
        writer.write_record([
            &asked.account,
            currency,
            &start,
            &start,
            &end,
            category,
            "Cost Explorer",
            unblended,
            amortized,
            service,
            account,
        ])?;
    }
    writer.flush()?;
    Ok(())
}

fn of_cost_explorer(mut converted: Converted, named: &Path, asked: &AskedMonth) -> Converted {
    converted.format = BillFormat::CostExplorer;
    converted.file = named.to_owned();
    for notice in &mut converted.notices {
        notice.file = named.to_owned();
    }
    // Charges of a month do not say how far they reach; the question did.
    let until =
        asked.until.to_zoned_datetime(TimeZone::UTC).map(|end| end.timestamp().as_microsecond());
    for (_, part) in &mut converted.groups {
        part.usage_until = until.as_ref().ok().copied();
    }
    converted
}

fn nothing() -> Reason {
    Reason::new(
        "no-cost",
        "Cost Explorer has no cost in this month",
        "이 달에는 Cost Explorer에 비용이 없습니다",
    )
}

fn coarse() -> Reason {
    Reason::new(
        "cost-explorer",
        "is what Cost Explorer says: services and accounts, without resources, with credits and refunds inside their service. Costs can be looked at; rates for savings need an export",
        "Cost Explorer의 값입니다. 서비스와 계정별 금액만 있고 자원은 없으며, 크레딧과 환불은 해당 서비스 금액에 포함되어 있습니다. 비용 조회에는 쓸 수 있지만 절감액의 단가로 쓰려면 내보내기가 필요합니다",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(now: &str, count: u32, expected: &[(&str, &str)]) {
        let found: Vec<(String, String)> = Month::latest(now.parse().expect("a moment"), count)
            .iter()
            .map(|month| (month.name(), month.until().to_string()))
            .collect();
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(name, until)| ((*name).to_owned(), (*until).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_present_month_ends_with_its_last_whole_day() {
        check(
            "2027-01-15T23:00:00Z",
            3,
            &[("2026-11", "2026-12-01"), ("2026-12", "2027-01-01"), ("2027-01", "2027-01-15")],
        );
        check("2027-01-01T05:00:00Z", 2, &[("2026-12", "2027-01-01")]);
        check("2027-01-15T05:00:00Z", 0, &[]);
    }

    #[test]
    fn months_without_a_gap_are_one_question() {
        let mut months = Month::latest("2027-01-15T00:00:00Z".parse().expect("a moment"), 4);
        months.remove(1);
        let names: Vec<Vec<String>> = Month::ranges(&months)
            .iter()
            .map(|range| range.iter().map(Month::name).collect())
            .collect();
        assert_eq!(
            names,
            [vec!["2026-10".to_owned()], vec!["2026-12".to_owned(), "2027-01".to_owned()]]
        );
    }
}
