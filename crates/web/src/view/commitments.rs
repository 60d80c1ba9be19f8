//! What the commitments page says: what was paid for in advance, what it covered, and when it ends.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_analysis::commitment::{Bought, bought};
use trimtab_analysis::report::{CommitmentFigures, coverage_percent};
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, report};
use trimtab_model::commitment::{BillState, CommitmentMonth, CoveredUsage};
use trimtab_model::money::{Currency, Money};

use super::amount::{Amount, amount_or_none};
use super::daily::bill_currency;
use super::savings;
use crate::shared::Shared;

/// Billing periods before the last one that are looked at.
const MONTHS: u32 = 11;

/// What the commitments page says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Commitments {
    /// The currency of every sum.
    pub(crate) currency: String,
    /// Sums of the last billing month that the bill covers as a whole; null where it covers none.
    pub(crate) last: Option<CommittedMonth>,
    /// Sums of each month, the latest first.
    pub(crate) months: Vec<CommittedMonth>,
    /// The commitment that ends next; null where none runs, or none tells its end.
    pub(crate) next_end: Option<Ending>,
    /// Each commitment in each month, the latest first, and those that no bill names.
    pub(crate) items: Vec<CommitmentItem>,
    /// How many commitments are known from the inventory: without it no end is known.
    pub(crate) in_inventory: u64,
}

/// What all commitments did in a billing month.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct CommittedMonth {
    /// The month, as `2026-10`.
    pub(crate) month: String,
    /// Whether the bill covers all of it.
    pub(crate) is_whole: bool,
    /// How many commitments the bill names.
    pub(crate) commitments: u64,
    /// What was paid for them, `EffectiveCost`; null where the bill does not tell.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) paid: Option<Money>,
    /// The part of it that covered nothing; null where the bill does not tell.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) unused: Option<Money>,
    /// The share of what was paid that covered use, in percent.
    pub(crate) used_percent: Option<f64>,
    /// 1 − paid ÷ on-demand cost of what was covered, in percent: the effective savings rate.
    pub(crate) below_on_demand_percent: Option<f64>,
    /// The share of compute usage that commitments covered, in percent, by list cost: EC2, Fargate and Lambda, without
    /// Spot. Null where the bill has no usage types, or no list cost for some of it.
    pub(crate) compute_coverage_percent: Option<f64>,
}

/// A commitment that ends.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Ending {
    /// What it covers.
    pub(crate) subject: String,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Whole days until then.
    pub(crate) days: i64,
}

/// One commitment in one billing month.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct CommitmentItem {
    /// `CommitmentDiscountId`, or the identifier of the inventory.
    pub(crate) id: String,
    /// What it covers, where the inventory has it.
    pub(crate) subject: Option<String>,
    /// The account that bought it, where the inventory has it.
    pub(crate) account: Option<String>,
    /// The month, as `2026-10`; null where no bill names it.
    pub(crate) month: Option<String>,
    /// Whether the bill covers all of the month.
    pub(crate) is_whole: bool,
    /// What was paid for it, `EffectiveCost`.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) paid: Option<Money>,
    /// The part that covered nothing.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) unused: Option<Money>,
    /// What was covered, at list prices.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) on_demand: Option<Money>,
    /// The share of what was paid that covered use, in percent.
    pub(crate) used_percent: Option<f64>,
    /// 1 − paid ÷ on-demand cost, in percent: the effective savings rate.
    pub(crate) below_on_demand_percent: Option<f64>,
    /// When it ends, where the inventory has it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ends: Option<Timestamp>,
    /// Whole days until then; below zero where it has ended.
    pub(crate) days_left: Option<i64>,
}

/// Makes what the commitments page says; none where neither a bill nor an inventory names a commitment.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn commitments(shared: &Shared) -> Result<Option<Commitments>, Failure> {
    let visible = shared.analysis()?;
    let now = savings::moment(visible.as_ref());
    let bought = shared.inventory()?.map(|snapshot| bought(&snapshot)).unwrap_or_default();
    let currency = bill_currency(shared)?;
    let (mut months, mut coverage) = (Vec::new(), Vec::new());
    if currency.is_some() {
        let last = shared.covered()?.map(|days| days.last);
        let as_of = visible.as_ref().map(|visible| visible.open.as_of);
        let until = pipeline::known_until(last, as_of, now);
        let committed = shared.committed(until, |lake| {
            let months = report::commitment_months(lake, until, MONTHS)?;
            let coverage = match months.is_empty() {
                true => Vec::new(),
                false => report::covered_compute(lake, until, MONTHS)?,
            };
            Ok((months, coverage))
        })?;
        (months, coverage) = (*committed).clone();
    }
    if months.is_empty() && bought.is_empty() {
        return Ok(None);
    }
    let named = months.first().and_then(|month| month.used.or(month.unused));
    let currency = currency.or(named.map(|money| money.currency)).unwrap_or(Currency::USD);
    Ok(Some(Commitments::of(&months, &bought, &coverage, (currency, now))))
}

impl Commitments {
    fn of(
        months: &[CommitmentMonth],
        bought: &[Bought],
        coverage: &[CoveredUsage],
        (currency, now): (Currency, Timestamp),
    ) -> Self {
        let mut names: Vec<Date> = months.iter().map(first_day).collect();
        names.sort_unstable();
        names.dedup();
        let of_month = |month: Date| {
            let own: Vec<&CommitmentMonth> =
                months.iter().filter(|one| first_day(one) == month).collect();
            CommittedMonth::of(month, &own, coverage, currency)
        };
        let sums: Vec<CommittedMonth> = names.into_iter().rev().filter_map(of_month).collect();
        let mut items: Vec<CommitmentItem> = months
            .iter()
            .map(|month| {
                let id = &month.commitment_discount_id;
                CommitmentItem::of(month, bought.iter().find(|one| one.is_named(id)), now)
            })
            .collect();
        let is_named =
            |one: &&Bought| months.iter().any(|month| one.is_named(&month.commitment_discount_id));
        let silent = bought.iter().filter(|one| !is_named(one));
        items.extend(silent.map(|one| CommitmentItem::without_bill(one, now)));
        items.sort_by(|left, right| {
            let latest = right.month.cmp(&left.month);
            latest.then_with(|| left.ends.cmp(&right.ends)).then_with(|| left.id.cmp(&right.id))
        });
        let running = bought.iter().filter(|one| one.is_running(now));
        let next = running.filter_map(|one| Some((one.end?, one))).min_by_key(|(end, _)| *end);
        Self {
            currency: currency.code().to_owned(),
            last: sums.iter().find(|month| month.is_whole).cloned(),
            months: sums,
            next_end: next.map(|(at, one)| Ending {
                subject: one.subject.clone(),
                at,
                days: days_between(now, at),
            }),
            items,
            in_inventory: bought.len() as u64,
        }
    }
}

impl CommittedMonth {
    fn of(
        month: Date,
        all: &[&CommitmentMonth],
        coverage: &[CoveredUsage],
        currency: Currency,
    ) -> Option<Self> {
        let is_of = |one: &&CommitmentMonth| {
            let amounts = [one.used, one.unused, one.on_demand];
            amounts.into_iter().flatten().all(|money| money.currency == currency)
        };
        let own: Vec<&CommitmentMonth> = all.iter().copied().filter(|one| is_of(one)).collect();
        let figures = CommitmentFigures::together(&own);
        let first = own.first()?;
        let unused = own.iter().map(|one| one.unused).collect::<Option<Vec<_>>>();
        let unused = unused.and_then(|all| {
            let zero = Money::zero(currency);
            all.into_iter().try_fold(zero, |sum, next| sum.checked_add(next).ok())
        });
        let name = month_name(first);
        let covered =
            coverage.iter().find(|usage| usage.month == name && usage.currency == currency);
        let parts = covered.and_then(|usage| usage.covered.zip(usage.uncovered));
        Some(Self {
            month: month.strftime("%Y-%m").to_string(),
            is_whole: own.iter().all(|one| one.state == BillState::Whole),
            commitments: own.len() as u64,
            paid: figures.paid,
            unused,
            used_percent: figures.used_percent,
            below_on_demand_percent: figures.below_on_demand_percent,
            compute_coverage_percent: parts
                .and_then(|(covered, uncovered)| coverage_percent(covered, uncovered)),
        })
    }
}

impl CommitmentItem {
    fn of(month: &CommitmentMonth, bought: Option<&Bought>, now: Timestamp) -> Self {
        let figures = CommitmentFigures::of(month);
        Self {
            id: month.commitment_discount_id.clone(),
            subject: bought.map(|one| one.subject.clone()),
            account: bought.map(|one| one.reference.account.as_str().to_owned()),
            month: Some(month_name(month)),
            is_whole: month.state == BillState::Whole,
            paid: figures.paid,
            unused: month.unused,
            on_demand: month.on_demand,
            used_percent: figures.used_percent,
            below_on_demand_percent: figures.below_on_demand_percent,
            ends: bought.and_then(|one| one.end),
            days_left: bought.and_then(|one| one.end).map(|end| days_between(now, end)),
        }
    }

    fn without_bill(bought: &Bought, now: Timestamp) -> Self {
        Self {
            id: bought.arn.clone().unwrap_or_else(|| bought.reference.id.as_str().to_owned()),
            subject: Some(bought.subject.clone()),
            account: Some(bought.reference.account.as_str().to_owned()),
            month: None,
            is_whole: false,
            paid: None,
            unused: None,
            on_demand: None,
            used_percent: None,
            below_on_demand_percent: None,
            ends: bought.end,
            days_left: bought.end.map(|end| days_between(now, end)),
        }
    }
}

fn first_day(month: &CommitmentMonth) -> Date {
    month.period.start().to_zoned_datetime(TimeZone::UTC).date().first_of_month()
}

fn month_name(month: &CommitmentMonth) -> String {
    first_day(month).strftime("%Y-%m").to_string()
}

/// Whole days from one moment to another.
fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs().div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::period::Period;

    fn usd(amount: i64) -> Money {
        Money::usd(amount.into())
    }

    fn month(id: &str, month: &str, (used, unused, on_demand): (i64, i64, i64)) -> CommitmentMonth {
        let start: Date = format!("{month}-01").parse().unwrap();
        let at = |date: Date| date.to_zoned_datetime(TimeZone::UTC).unwrap().timestamp();
        CommitmentMonth {
            commitment_discount_id: id.into(),
            period: Period::new(at(start), at(start.last_of_month().tomorrow().unwrap())).unwrap(),
            state: BillState::Whole,
            used: Some(usd(used)),
            on_demand: Some(usd(on_demand)),
            unused: Some(usd(unused)),
        }
    }

    #[test]
    fn a_month_is_the_sum_of_its_commitments() {
        let months = [
            month("sp-1", "2026-09", (90, 10, 150)),
            month("sp-1", "2026-10", (60, 40, 100)),
            month("ri-1", "2026-10", (100, 0, 150)),
        ];
        let coverage = [CoveredUsage {
            currency: Currency::USD,
            month: "2026-10".into(),
            covered: Some(usd(250)),
            uncovered: Some(usd(250)),
        }];
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        let shown = Commitments::of(&months, &[], &coverage, (Currency::USD, now));
        let last = shown.last.unwrap();
        assert_eq!((last.month.as_str(), last.commitments), ("2026-10", 2));
        assert_eq!((last.paid, last.unused), (Some(usd(200)), Some(usd(40))));
        assert_eq!((last.used_percent, last.below_on_demand_percent), (Some(80.0), Some(20.0)));
        assert_eq!(last.compute_coverage_percent, Some(50.0));
        assert_eq!((shown.months.len(), shown.items.len()), (2, 3));
        assert_eq!(shown.months[1].compute_coverage_percent, None);
    }

    #[test]
    fn a_part_that_the_bill_does_not_tell_leaves_the_sum_unknown() {
        let mut silent = month("sp-2", "2026-10", (1, 1, 1));
        silent.unused = None;
        let months = [month("sp-1", "2026-10", (60, 40, 100)), silent];
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        let shown = Commitments::of(&months, &[], &[], (Currency::USD, now));
        let last = shown.last.unwrap();
        assert_eq!((last.paid, last.unused, last.used_percent), (None, None, None));
    }
}
