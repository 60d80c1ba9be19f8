//! What pages show of reports: the same figures, gathered for one of them.

use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_analysis::commitment::COMPUTE;
use trimtab_analysis::report::{self, PlanSummary, ReportFacts};
use trimtab_model::commitment::{BillState, CommitmentMonth, CoveredUsage};
use trimtab_model::document::ChartBlock;
use trimtab_model::text::Text;
use trimtab_store::cost;
use trimtab_store::lake::Lake;
use trimtab_store::state::State;

use super::bill::unreadable;
use super::months::Months;
use super::plans;
use crate::config::Settings;
use crate::failure::Failure;

/// Returns every plan and what became of it, as the reports tell it.
///
/// # Errors
/// Fails if the state cannot be read.
pub fn plan_summaries(state: &State, now: Timestamp) -> Result<Vec<PlanSummary>, Failure> {
    plans::gather(state, now)
}

/// Returns what each commitment did in the billing period of `until` and in the `before` periods ahead of it.
///
/// # Errors
/// Fails if the lake cannot be read.
pub fn commitment_months(
    lake: &Lake,
    until: Timestamp,
    before: u32,
) -> Result<Vec<CommitmentMonth>, Failure> {
    cost::commitments(lake, until, before).map_err(unreadable)
}

/// Returns how much of the compute that a Savings Plan can cover was covered by a commitment, by billing month.
///
/// # Errors
/// Fails if the lake cannot be read.
pub fn covered_compute(
    lake: &Lake,
    until: Timestamp,
    before: u32,
) -> Result<Vec<CoveredUsage>, Failure> {
    cost::covered_usage(lake, COMPUTE, until, before).map_err(unreadable)
}

/// Returns the months that the bill covers as a whole and that are over, in order.
///
/// # Errors
/// Fails if the lake cannot be read.
pub fn whole_months(
    lake: &Lake,
    settings: &Settings,
    known_until: Timestamp,
) -> Result<Vec<Date>, Failure> {
    let moment = ReportFacts::empty(known_until, &settings.timezone);
    let Some(over) = moment.first_day_to_come() else { return Ok(Vec::new()) };
    let states = cost::bill_months(lake).map_err(unreadable)?;
    let whole = states.into_iter().filter(|(_, state)| *state == BillState::Whole);
    Ok(whole.map(|(month, _)| month).filter(|month| month.last_of_month() < over).collect())
}

/// Returns the way from the cost of the month before to that of `month`, as the monthly report has it; absent
/// without a bill. `plans` say which resources were changed.
///
/// # Errors
/// Fails if the data directory cannot be read.
pub fn cost_bridge(
    lake: &Lake,
    settings: &Settings,
    plans: &[PlanSummary],
    month: Date,
    (known_until, now): (Timestamp, Timestamp),
) -> Result<Option<Result<ChartBlock, Text>>, Failure> {
    let moment = ReportFacts { known_until, ..ReportFacts::empty(now, &settings.timezone) };
    let Some(over) = moment.first_day_to_come() else { return Ok(None) };
    let before = month.first_of_month().yesterday().ok().map(Date::first_of_month);
    let wanted: Vec<Date> = before.into_iter().chain([month]).collect();
    let months = Months::sums(lake, &wanted, over)?.with_meters(lake, over, known_until)?;
    let facts = ReportFacts { bill: months.facts(), plans, ..moment };
    Ok(report::cost_bridge(&facts, month))
}
