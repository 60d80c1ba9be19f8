//! The weekly report: what the data directory knows, gathered for it.

mod bill;
mod plans;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_analysis::report::{self, BillFacts, Dismissal, ExpectedMonth, NO_BILL, ReportFacts};
use trimtab_analysis::traffic::daily_users;
use trimtab_model::analysis::Analysis;
use trimtab_model::document::Document;
use trimtab_model::text::Text;
use trimtab_store::cost::CostGroup;
use trimtab_store::state::State;

use self::bill::DailyBill;
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::state::{Visibility, open_lake, today, visible};
use crate::pipeline::traffic;

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

/// Returns what the month under way is expected to cost, from charges by day and service, as the
/// reports have it; absent without charges.
///
/// # Errors
/// Says what is missing.
pub fn expected_month(
    groups: &[CostGroup],
    time_zone: &TimeZone,
    now: Timestamp,
) -> Option<Result<ExpectedMonth, Text>> {
    let daily = DailyBill::of(groups);
    let bill = BillFacts {
        covered: daily.covered,
        days: &daily.days,
        provisional: &daily.provisional,
        ..NO_BILL
    };
    report::expected_month(&ReportFacts { bill, ..ReportFacts::empty(now, time_zone) })
}

/// Makes the weekly report for a moment; for the end of what is known where none is given.
///
/// # Errors
/// Fails if the data directory cannot be read, and where there is neither a bill nor an analysis.
pub fn weekly_report(
    settings: &Settings,
    as_of: Option<Timestamp>,
    now: Timestamp,
) -> Result<Document, Failure> {
    let lake = open_lake(settings)?;
    let state = lake.state();
    let analysis = analysis(settings, state)?;
    let daily = DailyBill::read(&lake)?;
    let last_day = daily.covered.map(|covered| covered.last);
    let end = known_until(last_day, analysis.as_ref().map(|one| one.as_of), now);
    let moment = as_of.unwrap_or(end);
    let bill = bill::gather(&lake, settings, daily, moment)?;
    if bill.days.is_empty() && analysis.is_none() {
        let message = ("there is nothing to report yet", "아직 보고할 것이 없습니다");
        return Err(Failure::new(Kind::Failed, message).with_hint((
            "read a bill with `trimtab ingest`, and find savings with `trimtab analyze`",
            "`trimtab ingest`로 청구서를 읽고 `trimtab analyze`로 절감을 찾으세요",
        )));
    }
    let dismissals = dismissals(state)?;
    let plans = plans::gather(state, moment)?;
    let users = daily_users(&traffic::kept(settings).0);
    let facts = ReportFacts {
        now: moment,
        time_zone: &settings.timezone,
        bill: bill.facts(),
        analysis: analysis.as_ref(),
        dismissals: &dismissals,
        plans: &plans,
        tags: &bill.tags,
        budget: None,
        users: &users,
        workloads: &[],
        elasticity: &[],
        decisions: &[],
    };
    Ok(report::weekly(&facts))
}

/// Returns the latest analysis without what is hidden today; none where nothing was analysed.
fn analysis(settings: &Settings, state: &State) -> Result<Option<Analysis>, Failure> {
    let latest =
        state.latest_analysis().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let Some(latest) = latest else { return Ok(None) };
    let (open, _) = visible(state, latest, Visibility::Open, today(settings))?;
    Ok(Some(open))
}

fn dismissals(state: &State) -> Result<Vec<Dismissal>, Failure> {
    let all = state.dispositions().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let dismissal = all.into_iter().map(|(recommendation, one)| Dismissal {
        recommendation,
        at: one.at,
        until: one.until.and_then(|open| open.yesterday().ok()),
        reason: one.reason.unwrap_or_default(),
    });
    Ok(dismissal.collect())
}
