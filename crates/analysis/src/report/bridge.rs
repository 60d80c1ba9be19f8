//! From last month's cost to this month's, by steps that add up.
//!
//! A meter that both months have is taken apart into use, price and exchange rate. What only one
//! of them has is new or gone. A resource with a change that was applied is a step of its own,
//! whatever it did: use and price of it are the change's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use trimtab_model::commitment::BillState;
use trimtab_model::document::{BridgeStep, ChartBlock, ChartData, Sentence, Value};
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::{ResourceId, SubAccountId};
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Text;

use super::facts::{ChangeOutcome, ReportFacts};
use super::ledger::{Ledger, month_before, month_name};

/// A step, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// More or less of the same.
    Usage,
    /// The same at another price.
    Price,
    /// Another rate between dollars and the bill's currency.
    Rate,
    /// Resources and meters that last month did not have.
    New,
    /// Resources and meters that this month does not have.
    Gone,
    /// Resources with an applied change.
    Optimisation,
    /// What is no use of anything: taxes, credits, fees.
    Other,
    /// What the bill's sum has and its meters do not explain.
    Unexplained,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Usage,
        Self::Price,
        Self::Rate,
        Self::New,
        Self::Gone,
        Self::Optimisation,
        Self::Other,
        Self::Unexplained,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Price => "price",
            Self::Rate => "exchange_rate",
            Self::New => "new",
            Self::Gone => "gone",
            Self::Optimisation => "optimisation",
            Self::Other => "other_charges",
            Self::Unexplained => "unexplained",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Usage => Text::new("Usage", "사용량"),
            Self::Price => Text::new("Price", "단가"),
            Self::Rate => Text::new("Exchange rate", "환율"),
            Self::New => Text::new("New", "신규"),
            Self::Gone => Text::new("Gone", "없어진 것"),
            Self::Optimisation => Text::new("Applied changes", "적용한 최적화"),
            Self::Other => Text::new("Tax, credits, fees", "세금·크레딧·수수료"),
            Self::Unexplained => Text::new("Not explained", "설명되지 않음"),
        }
    }
}

/// The way from one month's cost to the next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bridge {
    /// The earlier month.
    pub(super) from: Money,
    /// The later month.
    pub(super) to: Money,
    /// What lies between. Together with `from` they are `to`, exactly.
    pub(super) steps: BTreeMap<Step, Money>,
    /// Whether the months were split by the rate of the bill.
    pub(super) has_rate: bool,
}

/// Returns the way from the cost of the month before to that of `month` as a chart that adds up; absent
/// without a bill.
///
/// # Errors
/// Says what is missing.
pub fn cost_bridge(facts: &ReportFacts<'_>, month: Date) -> Option<Result<ChartBlock, Text>> {
    let ledger = Ledger::open_months(facts)?;
    let before = month_before(month)?;
    Some(Bridge::of(facts, ledger, month).map(|bridge| bridge.chart(before, month)))
}

/// A meter of one place or resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    account: Option<&'a SubAccountId>,
    service: &'a str,
    category: ChargeCategory,
    usage_type: Option<&'a str>,
    /// Quantities of two units are never added.
    unit: Option<&'a str>,
    resource: Option<&'a ResourceId>,
}

#[derive(Debug, Clone, Copy)]
struct Meter {
    quantity: Option<Decimal>,
    cost: Money,
}

impl Bridge {
    /// Compares a month with the one before.
    ///
    /// # Errors
    /// Says what is missing.
    pub(super) fn of(
        facts: &ReportFacts<'_>,
        ledger: Ledger<'_>,
        month: Date,
    ) -> Result<Self, Text> {
        let not_there = |month: Date| {
            Text::new(
                format!("the bill does not cover all of {}", month_name(month).en),
                format!("{} 청구 데이터가 다 있지 않습니다", month_name(month).ko),
            )
        };
        let before = month_before(month).ok_or_else(|| not_there(month))?;
        let whole = |month: Date| {
            let (charge, amount) = ledger.month(month)?;
            (charge.state == BillState::Whole).then_some((charge, amount))
        };
        let (charge_from, from) = whole(before).ok_or_else(|| not_there(before))?;
        let (charge_to, to) = whole(month).ok_or_else(|| not_there(month))?;
        let too_large = || Text::new("an amount is too large", "금액이 너무 큽니다");
        let (meters_from, meters_to) = (
            meters(ledger, before).ok_or_else(too_large)?,
            meters(ledger, month).ok_or_else(too_large)?,
        );
        if meters_from.is_empty() || meters_to.is_empty() {
            return Err(Text::new(
                "the bill was read without its meters, so what made the difference is not known",
                "청구 데이터를 항목별로 읽지 않아 무엇이 달라졌는지 알 수 없습니다",
            ));
        }
        let rates = charge_from.rate.zip(charge_to.rate);
        let changed = changed_resources(facts, before, month);
        let parts = Parts { currency: from, rates, changed };
        let mut steps = parts.steps(&meters_from, &meters_to).ok_or_else(too_large)?;
        let rest = to
            .checked_sub(from)
            .and_then(|change| {
                steps.values().try_fold(change, |rest, step| rest.checked_sub(*step))
            })
            .map_err(|_| too_large())?;
        steps.insert(Step::Unexplained, rest);
        Ok(Self { from, to, steps, has_rate: rates.is_some() })
    }

    /// Makes the chart.
    pub(super) fn chart(&self, before: Date, month: Date) -> ChartBlock {
        let end = |name: &str, date: Date, amount: Money| BridgeStep {
            name: name.to_owned(),
            label: month_name(date),
            amount,
        };
        let steps = Step::ALL
            .iter()
            .filter_map(|step| {
                let amount = *self.steps.get(step)?;
                let is_shown = !amount.amount.is_zero();
                is_shown.then(|| BridgeStep {
                    name: step.name().to_owned(),
                    label: step.label(),
                    amount,
                })
            })
            .collect();
        ChartBlock {
            name: "bridge".into(),
            title: Text::new("From the month before to this one", "전달에서 이 달까지"),
            caption: Some(self.caption()),
            data: ChartData::Bridge {
                from: end("from", before, self.from),
                steps,
                to: end("to", month, self.to),
            },
        }
    }

    fn caption(&self) -> Sentence {
        let rate = if self.has_rate {
            Sentence::plain(
                "Price is at dollar prices; what the bill's own exchange rate did stands apart.",
                "단가는 달러 가격 기준이며, 청구서 환율이 바꾼 금액은 따로 적었습니다.",
                &[],
            )
        } else if self.from.currency == Currency::USD {
            Sentence::plain(
                "The bill is in dollars, so no exchange rate moves it.",
                "달러 청구서라서 환율에 따른 차이가 없습니다.",
                &[],
            )
        } else {
            Sentence::plain(
                "In the currency of the bill, {currency}; it names no exchange rate of its own.",
                "청구 통화({currency}) 기준입니다. 청구서에 자체 환율이 없습니다.",
                &[("currency", Value::Currency(self.from.currency))],
            )
        };
        let is_changed = self.steps.contains_key(&Step::Optimisation);
        if !is_changed {
            return rate;
        }
        rate.then(Sentence::plain(
            "Applied changes are the whole difference of the resources that were changed.",
            "적용한 최적화는 변경한 자원의 비용 차이 전부입니다.",
            &[],
        ))
    }
}

/// Adds up rows of one meter.
fn meters<'a>(ledger: Ledger<'a>, month: Date) -> Option<BTreeMap<Key<'a>, Meter>> {
    let mut meters: BTreeMap<Key<'a>, Meter> = BTreeMap::new();
    for (row, cost) in ledger.meters(month) {
        let key = Key {
            account: row.account.as_ref(),
            service: row.service.as_str(),
            category: row.category,
            usage_type: row.usage_type.as_deref(),
            unit: row.unit.as_deref(),
            resource: row.resource.as_ref(),
        };
        match meters.get_mut(&key) {
            None => {
                meters.insert(key, Meter { quantity: row.quantity, cost });
            }
            Some(meter) => {
                meter.cost = meter.cost.checked_add(cost).ok()?;
                let both = meter.quantity.zip(row.quantity);
                meter.quantity = both.and_then(|(left, right)| left.checked_add(right));
            }
        }
    }
    Some(meters)
}

/// Returns the resources of which a change was applied within the two months and stayed.
fn changed_resources(facts: &ReportFacts<'_>, before: Date, month: Date) -> BTreeSet<ResourceId> {
    let within = before.first_of_month()..=month.last_of_month();
    let changes = facts.plans.iter().flat_map(|plan| &plan.changes);
    changes
        .filter(|change| match &change.outcome {
            ChangeOutcome::Applied { at } => {
                within.contains(&at.to_zoned_datetime(TimeZone::UTC).date())
            }
            ChangeOutcome::Waiting
            | ChangeOutcome::UnderWay { .. }
            | ChangeOutcome::TakenBack { .. }
            | ChangeOutcome::NeedsPerson { .. }
            | ChangeOutcome::Failed { .. } => false,
        })
        .map(|change| change.resource.id.clone())
        .collect()
}

/// What meters are taken apart by.
struct Parts {
    currency: Money,
    rates: Option<(Decimal, Decimal)>,
    changed: BTreeSet<ResourceId>,
}

impl Parts {
    fn steps(
        &self,
        from: &BTreeMap<Key<'_>, Meter>,
        to: &BTreeMap<Key<'_>, Meter>,
    ) -> Option<BTreeMap<Step, Money>> {
        let mut steps: BTreeMap<Step, Money> = BTreeMap::new();
        let zero = Money::zero(self.currency.currency);
        let mut add = |step: Step, amount: Money| -> Option<()> {
            let sum = steps.entry(step).or_insert(zero);
            *sum = sum.checked_add(amount).ok()?;
            Some(())
        };
        let keys: BTreeSet<&Key<'_>> = from.keys().chain(to.keys()).collect();
        for key in keys {
            let (old, new) = (from.get(key), to.get(key));
            let cost = |meter: Option<&Meter>| meter.map_or(zero, |meter| meter.cost);
            let change = cost(new).checked_sub(cost(old)).ok()?;
            let is_changed = key.resource.is_some_and(|resource| self.changed.contains(resource));
            match (old, new) {
                _ if key.category != ChargeCategory::Usage => add(Step::Other, change)?,
                _ if is_changed => add(Step::Optimisation, change)?,
                (None, _) => add(Step::New, change)?,
                (_, None) => add(Step::Gone, change)?,
                (Some(old), Some(new)) => {
                    for (step, amount) in self.apart(old, new, change)? {
                        add(step, amount)?;
                    }
                }
            }
        }
        Some(steps)
    }

    /// Takes the difference of one meter apart. Without quantities all of it is use.
    fn apart(&self, old: &Meter, new: &Meter, change: Money) -> Option<Vec<(Step, Money)>> {
        let quantities = old.quantity.zip(new.quantity);
        let Some((before, after)) = quantities.filter(|(before, _)| !before.is_zero()) else {
            return Some(vec![(Step::Usage, change)]);
        };
        // More of it, at the price that it had.
        let more = after.checked_div(before)?.checked_sub(Decimal::ONE)?;
        let usage = old.cost.times(more).ok()?;
        let rest = change.checked_sub(usage).ok()?;
        let Some((rate_before, rate_after)) = self.rates.filter(|(_, after)| !after.is_zero())
        else {
            return Some(vec![(Step::Usage, usage), (Step::Price, rest)]);
        };
        // What is paid now is the dollar price times the new rate.
        let share = rate_after.checked_sub(rate_before)?.checked_div(rate_after)?;
        let rate = new.cost.times(share).ok()?;
        let price = rest.checked_sub(rate).ok()?;
        Some(vec![(Step::Usage, usage), (Step::Price, price), (Step::Rate, rate)])
    }
}
