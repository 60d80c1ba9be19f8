//! What the first page says: what is spent, what can be saved, what waits for a decision.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_analysis::report::{ExpectedMonth, SavingsStages};
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::plan::{self, KeptPlan};
use trimtab_app::pipeline::report;
use trimtab_app::pipeline::runs::{self, Progress, Run};
use trimtab_app::pipeline::{self, PROVISIONAL_DAYS, demo, now};
use trimtab_model::analysis::Total;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_model::recommendation::{PerformanceRisk, Recommendation, Restart};
use trimtab_model::text::Text;
use trimtab_store::cost::{CostGroup, GroupBy};

use super::amount::{Amount, amount, amount_or_none};
use super::budgets::{BudgetItem, budgets};
use super::daily::{Basis, Daily, before, grouped_daily};
use super::grouping::{Grouping, Narrowed, narrow};
use super::movers::explain;
use super::part::{Open, planned_in, plans};
use super::savings;
use crate::scope::Scope;
use crate::shared::Shared;

/// Days of a month that two stretches of it are compared by.
const MONTH: i32 = 30;
/// Days of a week.
pub(super) const WEEK: i32 = 7;
/// Recommendations and movers that the page has room for.
const ROOM: usize = 5;
/// What the charges that the page rests on are kept apart by.
const DAILY: [GroupBy; 2] = [GroupBy::Day, GroupBy::Service];

/// What the first page says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    /// The moment of the analysis; null where nothing was analysed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) as_of: Option<Timestamp>,
    /// What is spent; null without a bill.
    pub(crate) spending: Option<Spent>,
    /// What can be saved a month of 730 hours; null where nothing was analysed.
    pub(crate) savings: Option<Found>,
    /// How many plans wait for an approval.
    pub(crate) plans_waiting: u64,
    /// How many runs have not ended.
    pub(crate) runs_open: u64,
    /// How many runs wait for a person.
    pub(crate) runs_held: u64,
    /// The budget of the whole bill, else the one that is likeliest passed; of a part of the bill, that of this part.
    #[serde(skip)]
    pub(crate) budget: Option<BudgetItem>,
    /// Cost by day and service, for the chart.
    #[serde(skip)]
    pub(crate) daily: Option<Daily>,
    /// The largest recommendations that are open.
    #[serde(skip)]
    pub(crate) first: Vec<Recommendation>,
    /// The plans that wait.
    #[serde(skip)]
    pub(crate) waiting: Vec<KeptPlan>,
}

/// What is spent, in one currency, `EffectiveCost`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Spent {
    /// The last day of the bill, UTC.
    #[schema(value_type = String, format = Date)]
    pub(crate) until: Date,
    /// From this day on AWS may still change what the bill says.
    #[schema(value_type = String, format = Date)]
    pub(crate) provisional_from: Date,
    /// Groups of charges of the last months whose cost is not known, and which are in no sum.
    pub(crate) unknown: u64,
    /// Currencies of the same bills, which are in no sum here.
    pub(crate) other_currencies: Vec<String>,
    /// The cost of the 30 days that end there; null where the bill does not cover them all.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) last_month: Option<Money>,
    /// The cost of the 30 days before them; null where the bill does not reach so far.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) month_before: Option<Money>,
    /// The cost of the calendar month so far, UTC; null where the bill does not cover all of it.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) month_to_date: Option<Money>,
    /// What the whole month is expected to cost, as the weekly report has it: what was charged, and for each
    /// other day the mean of its weekday. Null where the bill does not support that.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) month_forecast: Option<Money>,
    /// One time in ten it is less.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) month_forecast_low: Option<Money>,
    /// One time in ten it is more.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) month_forecast_high: Option<Money>,
    /// Why it is not known.
    #[serde(skip)]
    pub(crate) month_forecast_missing: Option<Text>,
    /// Services whose last seven days differ most from the seven before; empty where the bill does
    /// not reach so far.
    pub(crate) movers: Vec<Mover>,
}

/// A service whose cost moved.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Mover {
    /// The service.
    pub(crate) service: Option<String>,
    /// What it cost in the seven days before.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) before: Money,
    /// What it cost in the last seven days.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) after: Money,
    /// The difference.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) difference: Money,
    /// How much of the difference is more or less of the same, at the price that it had; null where the bill has no
    /// quantities for all of it.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) usage: Option<Money>,
    /// How much of it is another price for a unit: together with `usage` it is the difference.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) price: Option<Money>,
    /// What made the difference, as far as the bill says.
    #[serde(skip)]
    pub(crate) cause: Option<Cause>,
}

/// What made a service cost more or less.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cause {
    /// It cost nothing in the seven days before.
    New,
    /// It costs nothing any more.
    Gone,
    /// The usage type that moved most in the same direction, and by how much.
    UsageType(String, Money),
}

/// What can be saved a month, in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    /// What all open recommendations save, without overlaps.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) likely: Money,
    /// The least of it.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) low: Money,
    /// The most of it.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) high: Money,
    /// What the account costs a month; null without a bill, and where a part of it is looked at.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) monthly_cost: Option<Money>,
    /// How many open recommendations are in these sums.
    pub(crate) recommendations: u64,
    /// How many more depend on a repair of an application, and are in no sum.
    pub(crate) conditional_recommendations: u64,
    /// What those of low risk save.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) low_risk: Money,
    /// How many have a low risk.
    pub(crate) low_risk_count: u64,
    /// How many of these need no restart.
    pub(crate) without_restart: u64,
    /// What plans that live save by their own sums, as the savings page and the reports have it; null where one
    /// has no estimate in this currency.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) planned: Option<Money>,
    /// How many changes these plans have.
    pub(crate) planned_changes: u64,
    /// What changes were estimated to save that were made and stayed; null where one has no estimate in this
    /// currency.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) applied: Option<Money>,
    /// How many changes were made and stayed.
    pub(crate) applied_changes: u64,
    /// How many verdicts wait for data.
    pub(crate) unknown: u64,
}

/// Makes what the first page says of what is looked at.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn overview(shared: &Shared, scope: &Scope) -> Result<Overview, Failure> {
    let (filter, narrowed) = (scope.charges(), Narrowed::in_scope(scope));
    let by_service = Grouping::By(GroupBy::Service);
    let daily = grouped_daily(shared, &by_service, Basis::Effective, (&filter, &narrowed))?;
    let visible = shared.analysis()?;
    let moment = now();
    let sieve = scope.sieve(shared)?;
    let plans = plans(shared, scope, &sieve)?;
    let mut all = runs::list(shared.state())?;
    all.retain(|run| !run.record.is_simulated && plans.iter().any(|one| one.id == run.record.plan));
    let waiting = waiting(shared, plans, &all, moment)?;
    let open: Vec<&Run> = all.iter().filter(|run| run.is_open()).collect();
    let held = all.iter().filter(|run| is_held(run)).count();
    let money = |cause: MoneyError| Failure::from_error(Kind::Failed, &cause);
    let spending = match &daily {
        None => None,
        Some(daily) => {
            let as_of = visible.as_ref().map(|visible| visible.open.as_of);
            let known = pipeline::known_until(daily.last(), as_of, moment);
            let groups = narrow(shared, &DAILY, &filter, &narrowed)?;
            // A part of the bill may have more charges in another currency than the whole has.
            let of_currency = groups.iter().filter(|group| group.currency == daily.currency);
            let groups: Vec<CostGroup> = of_currency.cloned().collect();
            let zone = &shared.settings.timezone;
            let expected = pipeline::expected_month(&groups, shared.covered()?, zone, known);
            let mut spent = Spent::of(daily, expected).map_err(money)?;
            if let Some(spent) = &mut spent {
                explain(shared, spent, daily.currency, (&filter, &narrowed))?;
            }
            spent
        }
    };
    let currency = daily.as_ref().map(|daily| daily.currency);
    let open_items = visible.as_ref().map(|visible| Open::of(visible, scope, &sieve));
    let savings = match visible.as_ref().zip(open_items.as_ref()) {
        Some((visible, items)) => {
            let moment = savings::moment(Some(visible));
            let plans = report::plan_summaries(shared.state(), moment)?;
            let plans = planned_in(plans, scope, &sieve);
            let stages =
                |currency| savings::stages(shared, Some(visible), &plans, (currency, moment));
            Found::of(items, currency, stages).map_err(money)?
        }
        None => None,
    };
    let first = open_items.iter().flat_map(|open| open.items.iter().take(ROOM));
    let first = first.map(|item| Recommendation::clone(item)).collect();
    Ok(Overview {
        as_of: visible.as_ref().map(|visible| visible.open.as_of),
        spending,
        savings,
        plans_waiting: waiting.len() as u64,
        runs_open: open.len() as u64,
        runs_held: held as u64,
        budget: budget(shared, scope)?,
        daily,
        first,
        waiting,
    })
}

/// Returns the budget that the first page has room for: a budget of something else says nothing of what is looked at.
fn budget(shared: &Shared, scope: &Scope) -> Result<Option<BudgetItem>, Failure> {
    if shared.settings.budgets.is_empty() {
        return Ok(None);
    }
    let Some(all) = budgets(shared)? else { return Ok(None) };
    if !scope.is_everything() {
        let team = |one: &BudgetItem| one.team.as_ref().map(|team| team.to_lowercase());
        let is_of = |one: &&BudgetItem| {
            scope.environment.is_none()
                && one.service.is_none()
                && one.account == scope.account
                && team(one) == scope.team.as_ref().map(|team| team.to_lowercase())
        };
        return Ok(all.items.iter().find(is_of).cloned());
    }
    let is_whole =
        |one: &BudgetItem| one.account.is_none() && one.team.is_none() && one.service.is_none();
    let whole = all.items.iter().find(|one| is_whole(one));
    let likeliest = || {
        let chance = |one: &&BudgetItem| one.overrun_percent.unwrap_or(-1.0);
        all.items.iter().max_by(|left, right| chance(left).total_cmp(&chance(right)))
    };
    Ok(whole.or_else(likeliest).cloned())
}

/// Returns whether a change of a run that has not ended waits for a person, or nobody knows what happened in it.
fn is_held(run: &Run) -> bool {
    let journal = run.journal.as_ref();
    journal.map_or(true, |journal| run.is_open() && Progress::of(journal).is_held())
}

/// Returns the plans that wait for somebody's word.
fn waiting(
    shared: &Shared,
    plans: Vec<KeptPlan>,
    runs: &[Run],
    moment: Timestamp,
) -> Result<Vec<KeptPlan>, Failure> {
    let mut waiting = Vec::new();
    for stored in plans {
        let known = plan::known(shared.state(), stored.id.as_str(), moment)?;
        let clock = demo::clock(&stored.plan, moment);
        let run = runs.iter().find(|run| run.record.plan == stored.id);
        if plan::awaited(&known, run, clock).is_some() {
            waiting.push(stored);
        }
    }
    Ok(waiting)
}

impl Spent {
    fn of(
        daily: &Daily,
        expected: Option<Result<ExpectedMonth, Text>>,
    ) -> Result<Option<Self>, MoneyError> {
        let (month, missing) = match expected {
            None => (None, None),
            Some(Ok(month)) => (Some(month), None),
            Some(Err(why)) => (None, Some(why)),
        };
        let Some(last) = daily.last() else { return Ok(None) };
        let month_from = before(last, MONTH - 1);
        let (before_from, before_to) = (before(last, 2 * MONTH - 1), before(last, MONTH));
        let month_start = last.first_of_month();
        let sum = |first: Date, last: Date| {
            daily.covers(first, last).then(|| daily.sum(first, last)).transpose()
        };
        let mut movers = Vec::new();
        if daily.covers(before(last, 2 * WEEK - 1), last) {
            movers = moved(daily, last)?;
        }
        Ok(Some(Self {
            until: last,
            provisional_from: before(last, PROVISIONAL_DAYS - 1),
            unknown: daily.unknown(before_from.min(month_start), last),
            other_currencies: daily.others.iter().map(|one| one.code().to_owned()).collect(),
            last_month: sum(month_from, last)?.flatten(),
            month_before: sum(before_from, before_to)?.flatten(),
            month_to_date: sum(month_start, last)?.flatten(),
            month_forecast: month.map(|month| month.likely),
            month_forecast_low: month.map(|month| month.low),
            month_forecast_high: month.map(|month| month.high),
            month_forecast_missing: missing,
            movers,
        }))
    }
}

/// Returns the services that moved most between two weeks.
fn moved(daily: &Daily, last: Date) -> Result<Vec<Mover>, MoneyError> {
    let zero = Money::zero(daily.currency);
    let after = daily.by_key(before(last, WEEK - 1), last)?;
    let earlier = daily.by_key(before(last, 2 * WEEK - 1), before(last, WEEK))?;
    let cost = |all: &[(Option<String>, Money)], key: &Option<String>| {
        all.iter().find(|(one, _)| one == key).map_or(zero, |(_, cost)| *cost)
    };
    let gone = earlier.iter().filter(|(key, _)| !after.iter().any(|(one, _)| one == key));
    let mut movers = Vec::new();
    for (key, _) in after.iter().chain(gone) {
        let (before, after) = (cost(&earlier, key), cost(&after, key));
        let difference = after.checked_sub(before)?;
        movers.push(Mover {
            service: key.clone(),
            before,
            after,
            difference,
            usage: None,
            price: None,
            cause: None,
        });
    }
    movers.retain(|mover| !mover.difference.amount.is_zero());
    movers.sort_by_key(|mover| std::cmp::Reverse(mover.difference.amount.abs()));
    movers.truncate(ROOM);
    Ok(movers)
}

impl Found {
    fn of(
        open: &Open<'_>,
        currency: Option<Currency>,
        stages: impl Fn(Currency) -> SavingsStages,
    ) -> Result<Option<Self>, MoneyError> {
        let total: Option<&Total> = currency
            .and_then(|currency| open.totals.get(&currency))
            .or_else(|| open.totals.values().next());
        let Some(total) = total else { return Ok(None) };
        let currency = total.likely.currency;
        let is_low = |item: &Recommendation| {
            item.performance_risk <= PerformanceRisk::new(1)
                && !item.is_conditional()
                && item.estimated_monthly_savings.currency() == currency
        };
        let low: Vec<&Recommendation> =
            open.items.iter().copied().filter(|item| is_low(item)).collect();
        let mut low_risk = Money::zero(currency);
        for item in &low {
            low_risk = low_risk.checked_add(item.estimated_monthly_savings.likely)?;
        }
        let stages = stages(currency);
        let calm = low.iter().filter(|item| item.restart_needed == Restart::NotNeeded).count();
        Ok(Some(Self {
            likely: total.likely,
            low: total.low,
            high: total.high,
            monthly_cost: total.monthly_cost.map(|cost| cost.effective),
            recommendations: total.recommendations,
            conditional_recommendations: total.conditional_recommendations,
            low_risk,
            low_risk_count: low.len() as u64,
            without_restart: calm as u64,
            planned: stages.planned.amount,
            planned_changes: stages.planned.count,
            applied: stages.applied.amount,
            applied_changes: stages.applied.count,
            unknown: open.unknown,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::movers::cause;
    use crate::view::sample::cost_group;

    fn group(day: &str, usage_type: &str, cost: i64) -> CostGroup {
        cost_group(&[day, "EC2", usage_type], cost)
    }

    fn mover(before: i64, after: i64) -> Mover {
        let usd = |amount: i64| Money::usd(amount.into());
        Mover {
            service: Some("EC2".into()),
            before: usd(before),
            after: usd(after),
            difference: usd(after - before),
            usage: None,
            price: None,
            cause: None,
        }
    }

    #[test]
    fn what_moved_is_new_or_gone_or_has_the_usage_type_that_moved_most() {
        let turn: Date = "2026-10-25".parse().unwrap();
        let groups = [
            group("2026-10-20", "NatGateway-Bytes", 10),
            group("2026-10-26", "NatGateway-Bytes", 40),
            group("2026-10-20", "BoxUsage", 50),
            group("2026-10-26", "BoxUsage", 45),
        ];
        let found = |before, after| cause(&mover(before, after), &groups, turn);
        let nat = Cause::UsageType("NatGateway-Bytes".into(), Money::usd(30.into()));
        assert_eq!(found(60, 85), Some(nat));
        assert_eq!(found(0, 85), Some(Cause::New));
        assert_eq!(found(60, 0), Some(Cause::Gone));
        let less = Cause::UsageType("BoxUsage".into(), Money::usd((-5).into()));
        assert_eq!(found(60, 50), Some(less));
    }
}
