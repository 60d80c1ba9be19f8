//! Reports of a week, a month and a quarter: what the data directory knows, gathered for them.

mod archive;
mod bill;
mod budget;
mod decisions;
mod demand;
mod months;
mod pages;
mod plans;
mod usage;
mod workloads;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_analysis::report::{
    self, BudgetMonth, ChangeOutcome, Elasticity, ExpectedMonth, MonthCharge, ReportFacts,
    WorkloadMonth,
};
use trimtab_analysis::traffic::daily_users;
use trimtab_model::analysis::Analysis;
use trimtab_model::document::{Days, Document, DocumentKind};
use trimtab_model::id::CheckId;
use trimtab_model::resource::ResourceKey;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Text;
use trimtab_store::cost::CostGroup;
use trimtab_store::lake::Lake;

pub use self::archive::{PastReport, past_reports};
pub use self::budget::{BudgetStanding, budget_standing};
pub use self::pages::{
    commitment_months, cost_bridge, covered_compute, plan_summaries, whole_months,
};
pub use self::usage::week_meters;

use self::bill::DailyBill;
use self::months::Months;
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::analyze::inventory;
use crate::pipeline::demo::clock_of;
use crate::pipeline::state::{open_lake, open_on};
use crate::pipeline::traffic;

/// What a report is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportPeriod {
    /// The last whole week.
    Weekly,
    /// The last whole calendar month.
    Monthly,
    /// The last whole calendar quarter.
    Quarterly,
}

impl ReportPeriod {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Weekly, Self::Monthly, Self::Quarterly];

    /// Returns the kind of its document.
    pub fn kind(self) -> DocumentKind {
        match self {
            Self::Weekly => DocumentKind::Weekly,
            Self::Monthly => DocumentKind::Monthly,
            Self::Quarterly => DocumentKind::Quarterly,
        }
    }
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

/// What reports are made of, beside what they ask the bill: whoever holds it already need not read it again.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The bills, and the state beside them.
    pub lake: &'a Lake,
    /// The latest analysis, with or without what needs no change; absent where nothing was analysed yet.
    pub analysis: Option<&'a Arc<Analysis>>,
    /// Returns the inventory, where a report needs it.
    pub inventory: &'a dyn Fn() -> Result<Option<Arc<Snapshot>>, Failure>,
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
    let latest = lake.state().latest_findings();
    let latest = latest.map_err(|cause| Failure::from_error(Kind::Failed, &cause))?.map(Arc::new);
    let inventory = || Ok(inventory(settings, lake.state())?.map(Arc::new));
    let source = Source { lake: &lake, analysis: latest.as_ref(), inventory: &inventory };
    document_of(settings, source, period, (as_of, now))
}

/// Makes a report as [`document`] does, of what is given.
///
/// # Errors
/// As [`document`].
pub fn document_of(
    settings: &Settings,
    source: Source<'_>,
    period: ReportPeriod,
    (as_of, now): (Option<Timestamp>, Timestamp),
) -> Result<Document, Failure> {
    let unreadable = |cause| Failure::from_error(Kind::Failed, &cause);
    let lake = source.lake;
    let state = lake.state();
    let latest = source.analysis;
    let now = as_of.unwrap_or_else(|| latest.map_or(now, |latest| clock_of(latest, now)));
    let daily = DailyBill::read(lake)?;
    if daily.is_empty() && latest.is_none() {
        let message = ("there is nothing to report yet", "아직 보고할 것이 없습니다");
        return Err(Failure::new(Kind::Failed, message).with_hint((
            "read a bill with `trimtab ingest`, and find savings with `trimtab analyze`",
            "`trimtab ingest`로 청구서를 읽고 `trimtab analyze`로 절감을 찾으세요",
        )));
    }
    // An analysis of a later moment is not what was known then.
    let latest = latest.filter(|latest| latest.as_of <= now);
    let end = known_until(daily.last_day(), latest.map(|latest| latest.as_of), now);
    let known_until = as_of.unwrap_or(end);
    let in_zone = |moment: Timestamp| moment.to_zoned_datetime(settings.timezone.clone()).date();
    let decisions = decisions::gather(state, latest.map(Arc::as_ref), now)?;
    let (analysis, hidden) = match latest {
        None => (None, 0),
        Some(latest) => {
            let (open, hidden) = open_on(state, latest, in_zone(now))?;
            (Some(open), hidden)
        }
    };
    let analysis = analysis.as_deref();
    let plans = plans::gather(state, now)?;
    let has_increases = analysis.is_some_and(|analysis| !analysis.increases.is_empty());
    let mut changes = plans.iter().flat_map(|plan| &plan.changes);
    let has_changes = changes.any(|change| change.outcome != ChangeOutcome::Waiting);
    let has_causes = period == ReportPeriod::Weekly && (has_increases || has_changes);
    let moment = ReportFacts { known_until, ..ReportFacts::empty(now, &settings.timezone) };
    let of_period = of_period(source, settings, period, &moment)?;
    let OfPeriod { months, workloads, course, budgets, workload_of, elasticity, passed } =
        of_period;
    let currency = daily.currency();
    let usage = match (period, currency) {
        (ReportPeriod::Weekly, Some(currency)) => {
            let facts = ReportFacts { bill: daily.facts(), ..moment.clone() };
            let until = in_zone(known_until);
            usage::Usage::read(lake, currency, (until, report::compared_days(&facts)))?
        }
        (ReportPeriod::Weekly | ReportPeriod::Monthly | ReportPeriod::Quarterly, _) => {
            usage::Usage::default()
        }
    };
    let bill = bill::gather(lake, settings, daily, in_zone(known_until), (has_causes, months))?;
    let users = daily_users(&traffic::kept(settings).0);
    let mut acknowledged = state.acknowledgements().map_err(unreadable)?;
    // A report of an earlier moment is the one of then.
    acknowledged.retain(|said| as_of.is_none_or(|as_of| said.at <= as_of));
    let facts = ReportFacts {
        known_until,
        bill: bill.facts(),
        analysis,
        passed: &passed,
        hidden,
        plans: &plans,
        tags: &bill.tags,
        budget: currency.and_then(|currency| budget::whole_budget(settings, currency)),
        budgets: &budgets,
        course: &course,
        usage: usage.facts(),
        users: &users,
        workloads: &workloads,
        workload_of: &workload_of,
        elasticity: &elasticity,
        decisions: &decisions,
        acknowledged: &acknowledged,
        ..moment
    };
    Ok(match period {
        ReportPeriod::Weekly => report::weekly(&facts),
        ReportPeriod::Monthly => report::monthly(&facts),
        ReportPeriod::Quarterly => report::quarterly(&facts),
    })
}

/// What only reports of months and quarters look at.
#[derive(Debug, Default)]
struct OfPeriod {
    months: Months,
    workloads: Vec<WorkloadMonth>,
    /// Sums of all months.
    course: Vec<MonthCharge>,
    budgets: Vec<BudgetMonth>,
    workload_of: BTreeMap<ResourceKey, String>,
    elasticity: Vec<Elasticity>,
    /// How many verdicts were that all is well, by check.
    passed: BTreeMap<CheckId, u64>,
}

/// Gathers what only a report of a month or of a quarter looks at; `moment` says when it is.
fn of_period(
    source: Source<'_>,
    settings: &Settings,
    period: ReportPeriod,
    moment: &ReportFacts<'_>,
) -> Result<OfPeriod, Failure> {
    let Some(over) = moment.first_day_to_come() else { return Ok(OfPeriod::default()) };
    let lake = source.lake;
    let before = |month: Date| month.yesterday().ok().map(Date::first_of_month);
    match period {
        ReportPeriod::Weekly => Ok(OfPeriod::default()),
        ReportPeriod::Monthly => {
            let month = report::last_month(moment);
            let wanted: Vec<Date> = month.into_iter().chain(month.and_then(before)).collect();
            let months = Months::sums(lake, &wanted, over)?;
            let months = months.with_meters(lake, over, moment.known_until)?;
            let months = months.with_coverage(lake, moment.known_until)?;
            let course = whole_months(lake, settings, moment.known_until)?;
            let course = Months::sums(lake, &course, over)?.charges;
            let budgets = match month {
                Some(month) => budget::of_month(lake, settings, month)?,
                None => Vec::new(),
            };
            Ok(OfPeriod { months, course, budgets, ..OfPeriod::default() })
        }
        ReportPeriod::Quarterly => {
            let quarter = report::last_quarter(moment).unwrap_or_default();
            let first = quarter.first().copied().and_then(before);
            let wanted: Vec<Date> = quarter.iter().copied().chain(first).collect();
            let months = Months::sums(lake, &wanted, over)?;
            let mut whole = months.whole();
            whole.retain(|month| quarter.contains(month));
            let (workloads, key) = workloads::gather(lake, settings, &whole, over)?;
            let passed = lake.state().latest_passed_by_check();
            let passed = passed.map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
            let found = OfPeriod { months, workloads, passed, ..OfPeriod::default() };
            let Some(key) = key else { return Ok(found) };
            let Some(snapshot) = (source.inventory)()? else { return Ok(found) };
            let workload_of = demand::workload_of(&snapshot, &key);
            let days = Days {
                first: quarter.first().copied().unwrap_or_default(),
                last: quarter.last().copied().unwrap_or_default().last_of_month(),
            };
            let elasticity = demand::elasticity(settings, &snapshot, &workload_of, days)?;
            Ok(OfPeriod { workload_of, elasticity, ..found })
        }
    }
}
