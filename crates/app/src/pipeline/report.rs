//! Reports of a week, a month and a quarter: what the data directory knows, gathered for them.

mod bill;
mod plans;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_analysis::report::{self, ChangeOutcome, ExpectedMonth, ReportFacts};
use trimtab_analysis::traffic::daily_users;
use trimtab_model::document::{Days, Document};
use trimtab_model::text::Text;
use trimtab_store::cost::CostGroup;

use self::bill::DailyBill;
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::demo::clock_of;
use crate::pipeline::state::{Visibility, open_lake, visible};
use crate::pipeline::traffic;

/// What a report is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportPeriod {
    /// The last whole week.
    Weekly,
    /// The last whole calendar month.
    Monthly,
    /// The last whole calendar quarter.
    Quarterly,
}

/// Returns the moment at which what is known ends: bill and analysis. It is never later than now.
pub fn known_until(
    last_day: Option<Date>,
    analysis: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    let over = last_day
        .and_then(|day| day.tomorrow().ok())
        .and_then(|day| day.to_zoned_datetime(TimeZone::UTC).ok())
        .map(|midnight| midnight.timestamp());
    over.into_iter().chain(analysis).max().unwrap_or(now).min(now)
}

/// Returns what the month under way is expected to cost, from charges by day and service and the days that
/// bills cover, as the reports have it; absent where no bill covers days.
///
/// # Errors
/// Says what is missing.
pub fn expected_month(
    groups: &[CostGroup],
    covered: Option<Days>,
    time_zone: &TimeZone,
    now: Timestamp,
) -> Option<Result<ExpectedMonth, Text>> {
    let daily = DailyBill::of(groups, covered);
    report::expected_month(&ReportFacts {
        bill: daily.facts(),
        ..ReportFacts::empty(now, time_zone)
    })
}

/// Makes a report for a moment; for the end of what is known where none is given.
///
/// # Errors
/// Fails if the data directory cannot be read, and where there is neither a bill nor an analysis.
pub fn document(
    settings: &Settings,
    period: ReportPeriod,
    as_of: Option<Timestamp>,
    now: Timestamp,
) -> Result<Document, Failure> {
    let lake = open_lake(settings)?;
    let state = lake.state();
    let latest =
        state.latest_analysis().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let now = as_of.unwrap_or_else(|| latest.as_ref().map_or(now, |latest| clock_of(latest, now)));
    let daily = DailyBill::read(&lake)?;
    if daily.is_empty() && latest.is_none() {
        let message = ("there is nothing to report yet", "아직 보고할 것이 없습니다");
        return Err(Failure::new(Kind::Failed, message).with_hint((
            "read a bill with `trimtab ingest`, and find savings with `trimtab analyze`",
            "`trimtab ingest`로 청구서를 읽고 `trimtab analyze`로 절감을 찾으세요",
        )));
    }
    // An analysis of a later moment is not what was known then.
    let latest = latest.filter(|latest| latest.as_of <= now);
    let end = known_until(daily.last_day(), latest.as_ref().map(|latest| latest.as_of), now);
    let known_until = as_of.unwrap_or(end);
    let in_zone = |moment: Timestamp| moment.to_zoned_datetime(settings.timezone.clone()).date();
    let (analysis, hidden) = match latest {
        None => (None, 0),
        Some(latest) => {
            let (open, hidden) = visible(state, latest, Visibility::Open, in_zone(now))?;
            (Some(open), hidden)
        }
    };
    let plans = plans::gather(state, now)?;
    let has_increases = analysis.as_ref().is_some_and(|analysis| !analysis.increases.is_empty());
    let mut changes = plans.iter().flat_map(|plan| &plan.changes);
    let has_changes = changes.any(|change| change.outcome != ChangeOutcome::Waiting);
    let has_causes = has_increases || has_changes;
    let bill = bill::gather(&lake, settings, daily, in_zone(known_until), has_causes)?;
    let users = daily_users(&traffic::kept(settings).0);
    let facts = ReportFacts {
        known_until,
        bill: bill.facts(),
        analysis: analysis.as_ref(),
        hidden,
        plans: &plans,
        tags: &bill.tags,
        users: &users,
        ..ReportFacts::empty(now, &settings.timezone)
    };
    Ok(match period {
        ReportPeriod::Weekly => report::weekly(&facts),
        ReportPeriod::Monthly => report::monthly(&facts),
        ReportPeriod::Quarterly => report::quarterly(&facts),
    })
}
