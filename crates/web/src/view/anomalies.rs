//! What the anomalies page says: days that stand out in the bill, and what within a service moved.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_analysis::anomaly::{
    Anomalies as Found, Anomaly, DailySeries, Direction, LEAST_WEEKS, Limits,
    anomalies as found_in, drivers,
};
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::PROVISIONAL_DAYS;
use trimtab_model::document::Days;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::{Currency, Money};
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy, inventory_id};

use super::amount::{Amount, amount, amount_or_none};
use super::daily::{before, bill_currency};
use super::grouping::{Narrowed, narrow, narrow_unkept};
use crate::scope::Scope;
use crate::shared::Shared;

/// Days that are looked at.
const DAYS: i32 = 90;
/// Weeks before a day that it may be compared with, in days.
const BEFORE: i32 = 56;
/// Anomalies whose parts are looked up: each is two questions.
const EXPLAINED: usize = 10;
/// Parts that are named.
const DRIVERS: usize = 3;

/// What the anomalies page says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Anomalies {
    /// The first day that was judged, UTC; null where no day has four weeks of the bill before it.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) from: Option<Date>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) until: Option<Date>,
    /// How many days the bill covers without a gap up to its last.
    pub(crate) covered_days: u64,
    /// How many weeks before a day are needed.
    pub(crate) least_weeks: u64,
    /// From this day on AWS may still change what the bill says.
    #[schema(value_type = String, format = Date)]
    pub(crate) provisional_from: Date,
    /// The currency that was looked at.
    pub(crate) currency: String,
    /// The basis: `effective`, or `billed` where some charges have no effective cost.
    pub(crate) basis: String,
    /// From how much a day on a day may stand out; null where nothing could be judged.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) least_amount: Option<Money>,
    /// From which share of the usual cost on, in percent.
    pub(crate) least_percent: u64,
    /// What all that rose cost more than usual; null where nothing could be judged.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) rose: Option<Money>,
    /// What stands out, the largest difference first.
    pub(crate) items: Vec<AnomalyItem>,
    /// Cost of usage by day in the days judged, for the chart; null on a day that no bill covers.
    #[serde(skip)]
    pub(crate) days: Vec<(Date, Option<Money>)>,
}

/// Days in a row of one service in one account that stand out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct AnomalyItem {
    /// `ServiceName`; null where the charges have none.
    pub(crate) service: Option<String>,
    /// The account; null where the charges have none.
    pub(crate) account: Option<String>,
    /// Whether more was spent than usual, or less.
    pub(crate) is_rise: bool,
    /// The first day, UTC.
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    /// The last day, which counts too.
    #[schema(value_type = String, format = Date)]
    pub(crate) until: Date,
    /// How many days.
    pub(crate) days: u64,
    /// What they cost.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) cost: Money,
    /// What the same weekdays usually cost: medians of the weeks before.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) usual: Money,
    /// The difference.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) difference: Money,
    /// Whether AWS may still change what one of the days cost.
    pub(crate) is_provisional: bool,
    /// Usage types that moved most the same way; empty where the bill has none.
    pub(crate) usage_types: Vec<DriverItem>,
    /// Resources that moved most the same way; empty where the bill has none.
    pub(crate) resources: Vec<DriverItem>,
    /// Whether its parts were looked up: those of the largest are.
    pub(crate) is_explained: bool,
}

/// A part of a service that moved.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct DriverItem {
    /// The usage type, or the resource.
    pub(crate) key: String,
    /// By how much more or less it cost than usual.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) difference: Money,
}

/// Makes what the anomalies page says of what is looked at; none without a bill by day.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn anomalies(shared: &Shared, scope: &Scope) -> Result<Option<Anomalies>, Failure> {
    let Some(currency) = bill_currency(shared)? else { return Ok(None) };
    let Some(covered) = shared.covered()? else { return Ok(None) };
    let by = [GroupBy::Day, GroupBy::Service, GroupBy::Account];
    let usage = CostFilter {
        category: Some(ChargeCategory::Usage),
        currency: Some(currency),
        ..scope.charges()
    };
    let narrowed = Narrowed::in_scope(scope);
    let groups = narrow(shared, &by, &usage, &narrowed)?;
    let looked_at = Days { first: before(covered.last, DAYS - 1), last: covered.last };
    let mut shown = Anomalies::of(&groups, covered, looked_at, currency);
    for item in shown.found.items.iter().take(EXPLAINED) {
        // Charges without a name cannot be asked for by it.
        if item.service.is_none() || item.account.is_none() {
            continue;
        }
        let question =
            format!("{:?} {:?} {:?} {narrowed:?}", item.service, item.account, item.days);
        let basis = shown.basis;
        let parts = shared.parts(question, || {
            let part = |by: GroupBy| -> Result<Vec<DriverItem>, Failure> {
                let filter = around(item, covered, &usage);
                let groups = narrow_unkept(shared, &[GroupBy::Day, by], &filter, &narrowed)?;
                Ok(moved(&groups, basis, covered, item))
            };
            Ok((part(GroupBy::UsageType)?, part(GroupBy::Resource)?))
        })?;
        shown.parts.push(parts);
    }
    Ok(Some(shown.finish()))
}

/// Returns what an anomaly is compared with: its service in its account, on its days and before.
fn around(item: &Anomaly, covered: Days, usage: &CostFilter) -> CostFilter {
    let first = item.days.first().map_or(covered.first, |day| before(day.date, BEFORE));
    let last = item.days.last().map_or(covered.last, |day| day.date);
    CostFilter {
        from: Some(first),
        until: last.tomorrow().ok(),
        service: item.service.clone(),
        account: item.account.clone(),
        ..usage.clone()
    }
}

/// Which cost is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CostOf {
    Effective,
    Billed,
}

impl CostOf {
    fn of(self, group: &CostGroup) -> Money {
        match self {
            Self::Effective => group.whole_effective().unwrap_or(group.billed),
            Self::Billed => group.billed,
        }
    }
}

/// Usage types and resources that moved.
pub(crate) type Parts = (Vec<DriverItem>, Vec<DriverItem>);

/// The page while it is made.
struct Shown {
    page: Anomalies,
    found: Found,
    basis: CostOf,
    parts: Vec<Parts>,
}

impl Anomalies {
    fn of(groups: &[CostGroup], covered: Days, looked_at: Days, currency: Currency) -> Shown {
        let is_effective = groups.iter().all(|group| group.whole_effective().is_some());
        let basis = if is_effective { CostOf::Effective } else { CostOf::Billed };
        let series = series(groups, basis);
        let limits = Limits::of(&series, covered, currency);
        let provisional_from = before(covered.last, PROVISIONAL_DAYS - 1);
        let provisional: BTreeSet<Date> =
            Days { first: provisional_from, last: covered.last }.iter().collect();
        let found = limits.map_or(Found { items: Vec::new(), judged: None }, |limits| {
            found_in(&series, (covered, looked_at), &provisional, &limits)
        });
        let zero = Money::zero(currency);
        let rises = found.items.iter().filter(|item| item.direction == Direction::Rose);
        let mut rises = rises.map(|item| item.difference);
        let rose = rises.try_fold(zero, |sum, one| sum.checked_add(one).ok());
        let judged = found.judged;
        let day = |date: Date| {
            let mut of_day = series.iter().filter_map(|one| one.days.get(&date).copied());
            let sum = of_day.try_fold(zero, |sum, one| sum.checked_add(one).ok());
            (date, sum.filter(|_| covered.contains(date)))
        };
        let page = Self {
            from: judged.map(|days| days.first),
            until: judged.map(|days| days.last),
            covered_days: covered.count() as u64,
            least_weeks: LEAST_WEEKS as u64,
            provisional_from,
            currency: currency.code().to_owned(),
            basis: if is_effective { "effective" } else { "billed" }.to_owned(),
            least_amount: limits.map(|limits| limits.amount).filter(|_| judged.is_some()),
            least_percent: 25,
            rose: rose.filter(|_| judged.is_some()),
            items: Vec::new(),
            days: judged.map(|days| days.iter().map(day).collect()).unwrap_or_default(),
        };
        Shown { page, found, basis, parts: Vec::new() }
    }
}

impl Shown {
    fn finish(self) -> Anomalies {
        let mut parts = self.parts.into_iter();
        let items = self.found.items.into_iter().enumerate().filter_map(|(place, item)| {
            let is_named = item.service.is_some() && item.account.is_some();
            let is_explained = place < EXPLAINED && is_named;
            let (usage_types, resources) =
                is_explained.then(|| parts.next()).flatten().unwrap_or_default();
            Some(AnomalyItem {
                is_rise: item.direction == Direction::Rose,
                from: item.days.first()?.date,
                until: item.days.last()?.date,
                days: item.days.len() as u64,
                service: item.service,
                account: item.account,
                cost: item.cost,
                usual: item.usual,
                difference: item.difference,
                is_provisional: item.is_provisional,
                usage_types,
                resources,
                is_explained,
            })
        });
        Anomalies { items: items.collect(), ..self.page }
    }
}

fn day_of(group: &CostGroup) -> Option<Date> {
    group.key.first()?.as_deref()?.parse().ok()
}

/// Keeps the cost of each service in each account apart. A sum that is too large for an amount is left out.
fn series(groups: &[CostGroup], basis: CostOf) -> Vec<DailySeries> {
    let mut all: BTreeMap<(Option<String>, Option<String>), BTreeMap<Date, Money>> =
        BTreeMap::new();
    for group in groups {
        let Some(date) = day_of(group) else { continue };
        let part = |place: usize| group.key.get(place).cloned().flatten();
        let days = all.entry((part(1), part(2))).or_default();
        let sum = days.entry(date).or_insert(Money::zero(group.currency));
        *sum = sum.checked_add(basis.of(group)).unwrap_or(*sum);
    }
    let of = |((service, account), days)| DailySeries { service, account, days };
    all.into_iter().map(of).collect()
}

/// Returns the parts that moved most the way of an anomaly.
fn moved(groups: &[CostGroup], basis: CostOf, covered: Days, anomaly: &Anomaly) -> Vec<DriverItem> {
    let mut parts: BTreeMap<String, BTreeMap<Date, Decimal>> = BTreeMap::new();
    for group in groups {
        let key = group.key.get(1).cloned().flatten();
        let (Some(date), Some(key)) = (day_of(group), key) else { continue };
        let key = inventory_id(&key).to_owned();
        let sum = parts.entry(key).or_default().entry(date).or_default();
        *sum = sum.checked_add(basis.of(group).amount).unwrap_or(*sum);
    }
    let found = drivers(&parts, covered, anomaly, DRIVERS);
    found.into_iter().map(|one| DriverItem { key: one.key, difference: one.difference }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample::cost_group;

    fn group(day: Date, service: &str, cost: i64) -> CostGroup {
        cost_group(&[&day.to_string(), service, "1"], cost)
    }

    fn shown(first: &str) -> Anomalies {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let covered = Days { first: date(first), last: date("2026-10-31") };
        let groups: Vec<CostGroup> = covered
            .iter()
            .flat_map(|day| {
                let spike = if day == date("2026-10-20") { 900 } else { 100 };
                [group(day, "EC2", spike), group(day, "RDS", 50)]
            })
            .collect();
        Anomalies::of(&groups, covered, covered, Currency::USD).finish()
    }

    #[test]
    fn the_days_of_the_chart_add_up_to_the_bill_and_a_spike_is_named_with_its_difference() {
        let shown = shown("2026-09-01");
        let sum = shown.days.iter().fold(Decimal::ZERO, |sum, (_, day)| sum + day.unwrap().amount);
        // From the 29th of September on: 33 days of 150, and 800 more.
        assert_eq!(sum, Decimal::from(33 * 150 + 800));
        assert_eq!((shown.items.len(), shown.rose), (1, Some(Money::usd(800.into()))));
        assert_eq!(shown.items[0].service.as_deref(), Some("EC2"));
        assert_eq!((shown.items[0].days, shown.items[0].is_provisional), (1, false));
    }

    #[test]
    fn three_weeks_of_a_bill_judge_nothing_and_say_so() {
        let shown = shown("2026-10-11");
        assert_eq!((shown.from, shown.least_amount, shown.rose), (None, None, None));
        assert_eq!((shown.covered_days, shown.items.len()), (21, 0));
    }
}
