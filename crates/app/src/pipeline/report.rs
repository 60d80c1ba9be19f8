//! The weekly report: what the data directory knows, gathered for it.

mod bill;
mod plans;

use jiff::Timestamp;

use trimtab_analysis::report::{self, Dismissal, ReportFacts};
use trimtab_analysis::traffic::daily_users;
use trimtab_model::analysis::Analysis;
use trimtab_model::document::Document;
use trimtab_store::state::State;

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::state::{Visibility, open_lake, today, visible};
use crate::pipeline::traffic;

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
    // Where the latest analysis is of an earlier moment, that is when the company's clock stood.
    let moment = as_of.or(analysis.as_ref().map(|one| one.as_of)).unwrap_or(now);
    let bill = bill::gather(&lake, settings, moment)?;
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
