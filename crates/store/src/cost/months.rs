//! Which billing months the bills cover as a whole, and what each meter cost in one of them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::commitment::BillState;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Text;

use super::charges::QUANTITY_ROWS;
use super::groups::{CostFilter, Source, Sums, condition, currency, measures};
use super::reach::{JOINT, Reach, Reaching, month, reaching};
use super::rows::{Rows, text_at};
use crate::billing::{decimal, moment, tags};
use crate::lake::{Lake, LakeError, Measure, Question};

/// The tag that names a resource for people.
const NAME: &str = "Name";
/// What meters are kept apart by.
const METER: &[&str] = &[
    "SubAccountId",
    "BillingAccountId",
    "ServiceName",
    "ChargeCategory",
    "x_UsageType",
    "PricingUnit",
    "ResourceId",
    "ResourceName",
    "Tags",
    "BillingCurrency",
];

/// What the usage of some days is kept apart by.
const USAGE: &[&str] = &[
    "SubAccountId",
    "BillingAccountId",
    "ServiceName",
    "ChargeCategory",
    "x_UsageType",
    "PricingUnit",
    "BillingCurrency",
];

/// What one meter cost in one billing month, or on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledMeter {
    /// `SubAccountId`, or the billing account where a charge has none.
    pub account: Option<String>,
    /// `ServiceName`.
    pub service: Option<String>,
    /// `ChargeCategory`.
    pub category: ChargeCategory,
    /// AWS's usage type.
    pub usage_type: Option<String>,
    /// `PricingUnit`.
    pub unit: Option<String>,
    /// `ResourceId`, as the bill writes it.
    pub resource: Option<String>,
    /// `ResourceName`, else the tag `Name`.
    pub name: Option<String>,
    /// The currency.
    pub currency: Currency,
    /// Sum of `PricingQuantity`; absent where a charge has none.
    pub quantity: Option<Decimal>,
    /// Sum of `BilledCost`.
    pub billed: Money,
    /// Sum of `EffectiveCost`; absent where a charge has none.
    pub effective: Option<Money>,
}

/// Returns the billing months that the lake has usage of, by their first day, and whether its bills
/// cover all of each.
///
/// A month is whole when every bill of it was read to its end, and the bills by day span it without
/// a gap. One whose charges span the month is whole if it was read after the month was over.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn bill_months(lake: &Lake) -> Result<BTreeMap<Date, BillState>, LakeError> {
    Ok(states(&reaching(lake)?))
}

fn states(bills: &[Reaching]) -> BTreeMap<Date, BillState> {
    let mut months: BTreeMap<(i32, i32), Vec<&Reaching>> = BTreeMap::new();
    for one in bills {
        if let Some(span) = month(&one.0.group) {
            months.entry(span).or_default().push(one);
        }
    }
    let days: Vec<(i64, i64)> = bills
        .iter()
        .filter_map(|(_, reach)| match reach {
            Reach::Days(from, until) => Some((*from, *until)),
            Reach::Month(..) | Reach::Open(..) => None,
        })
        .collect();
    let state = |(first, next): (i32, i32), bills: &[&Reaching]| {
        let (first, next) = (i64::from(first) * moment::DAY, i64::from(next) * moment::DAY);
        let is_whole = bills.iter().all(|(bill, reach)| {
            bill.complete
                && match reach {
                    Reach::Days(..) => covers(&days, first, next),
                    Reach::Month(..) => true,
                    Reach::Open(..) => false,
                }
        });
        if is_whole { BillState::Whole } else { BillState::Part }
    };
    months
        .into_iter()
        .filter_map(|(span, bills)| {
            let first = moment::day_text(span.0).parse().ok()?;
            Some((first, state(span, &bills)))
        })
        .collect()
}

/// Returns whether spans reach from `first` to `next` with no more between them than two bills of
/// one stretch may have.
fn covers(spans: &[(i64, i64)], first: i64, next: i64) -> bool {
    let mut spans: Vec<&(i64, i64)> = spans.iter().filter(|(_, until)| *until > first).collect();
    spans.sort_unstable();
    let Some((from, _)) = spans.first() else { return false };
    if *from > first {
        return false;
    }
    let mut reached = first;
    for (from, until) in spans {
        if *from > reached + JOINT {
            break;
        }
        reached = reached.max(*until);
    }
    reached >= next
}

/// Returns what each meter cost in the billing month that begins with `month`, by the charges that
/// start before `until`.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn billed_meters(
    lake: &Lake,
    month: Date,
    until: Option<Date>,
) -> Result<Vec<BilledMeter>, LakeError> {
    let filter = CostFilter {
        month: Some(format!("{:04}-{:02}", month.year(), month.month())),
        until,
        ..CostFilter::default()
    };
    meters(lake, METER, &filter)
}

/// Returns what each usage type of a service in an account cost on the days of a filter, without telling resources
/// apart.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn billed_usage(lake: &Lake, filter: &CostFilter) -> Result<Vec<BilledMeter>, LakeError> {
    meters(lake, USAGE, filter)
}

fn meters(
    lake: &Lake,
    keys: &[&'static str],
    filter: &CostFilter,
) -> Result<Vec<BilledMeter>, LakeError> {
    let quantity = "PricingQuantity";
    let mut measures = measures(Source::Rows);
    measures.push(Measure::Amount(quantity));
    measures.push(Measure::Count { of: quantity, named: QUANTITY_ROWS });
    let question =
        Question { keys: keys.to_vec(), tags: Vec::new(), measures, condition: condition(filter)? };
    let batch = lake.ask_charges(&question)?;
    let rows = Rows::new(&batch);
    let mut meters: BTreeMap<Key, Meter> = BTreeMap::new();
    let columns: Vec<_> = keys.iter().map(|name| rows.text(name)).collect::<Result<_, _>>()?;
    for row in 0..rows.count() {
        let text = |name: &str| {
            let index = keys.iter().position(|known| *known == name)?;
            text_at(columns.get(index)?, row)
        };
        let meter = meters.entry(Key::of(text)?).or_default();
        meter.add(&rows, row)?;
        if meter.name.is_none() {
            let tagged = || text("Tags").and_then(|json| tags::find(json, NAME));
            meter.name = text("ResourceName").map(str::to_owned).or_else(tagged);
        }
    }
    meters.into_iter().map(|(key, meter)| meter.finish(key)).collect()
}

/// In the order in which the rows come out.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    account: Option<String>,
    service: Option<String>,
    usage_type: Option<String>,
    resource: Option<String>,
    unit: Option<String>,
    category: ChargeCategory,
    currency: Currency,
}

impl Key {
    fn of<'a>(text: impl Fn(&str) -> Option<&'a str>) -> Result<Self, LakeError> {
        let owned = |name: &str| text(name).map(str::to_owned);
        let category = text("ChargeCategory").and_then(|word| word.parse().ok());
        Ok(Self {
            account: owned("SubAccountId").or_else(|| owned("BillingAccountId")),
            service: owned("ServiceName"),
            usage_type: owned("x_UsageType"),
            resource: owned("ResourceId"),
            unit: owned("PricingUnit"),
            category: category.ok_or_else(|| {
                LakeError::Unexpected(Text::new("a charge without a category", "분류가 없는 요금"))
            })?,
            currency: currency(text("BillingCurrency"))?,
        })
    }
}

struct Meter {
    sums: Sums,
    /// Absent as soon as one charge has no quantity.
    quantity: Option<Decimal>,
    name: Option<String>,
}

impl Default for Meter {
    fn default() -> Self {
        Self { sums: Sums::default(), quantity: Some(Decimal::ZERO), name: None }
    }
}

impl Meter {
    fn add(&mut self, rows: &Rows<'_>, row: usize) -> Result<(), LakeError> {
        let before = self.sums.rows;
        self.sums.add(rows, row)?;
        let is_known = rows.number(QUANTITY_ROWS, row)? == self.sums.rows - before;
        let more =
            rows.decimal("PricingQuantity", row)?.filter(|_| is_known).map(decimal::quantity);
        self.quantity = self.quantity.zip(more).and_then(|(so_far, more)| so_far.checked_add(more));
        Ok(())
    }

    fn finish(self, key: Key) -> Result<BilledMeter, LakeError> {
        let [(billed, _), (effective, is_complete), ..] = self.sums.costs(key.currency)?;
        Ok(BilledMeter {
            account: key.account,
            service: key.service,
            category: key.category,
            usage_type: key.usage_type,
            unit: key.unit,
            resource: key.resource,
            name: self.name,
            currency: key.currency,
            quantity: self.quantity,
            billed: billed.unwrap_or(Money::zero(key.currency)),
            effective: effective.filter(|_| is_complete),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::BillGroup;
    use crate::state::Bill;

    fn micros(day: &str) -> i64 {
        moment::parse(day).unwrap()
    }

    fn bill(period: &str, account: &str, reach: Reach) -> Reaching {
        let bill = Bill {
            group: BillGroup {
                billing_period: period.to_owned(),
                billing_account: account.to_owned(),
            },
            format: String::new(),
            complete: true,
            usage_from: None,
            usage_until: None,
            sums: BTreeMap::new(),
        };
        (bill, reach)
    }

    fn by_day(from: &str, until: &str) -> Reaching {
        bill(&from[..7], "1", Reach::Days(micros(from), micros(until)))
    }

    fn check(bills: &[Reaching], expected: &[&str]) {
        let found: Vec<String> = states(bills)
            .into_iter()
            .filter(|(_, state)| *state == BillState::Whole)
            .map(|(month, _)| month.to_string())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_month_is_whole_where_bills_by_day_span_it() {
        let september = by_day("2026-09-01", "2026-10-01");
        check(&[september.clone(), by_day("2026-10-01", "2026-10-31")], &["2026-09-01"]);
        check(&[by_day("2026-09-02", "2026-10-01")], &[]);
        // The month after a gap stands by itself.
        check(&[september, by_day("2026-11-01", "2026-12-01")], &["2026-09-01", "2026-11-01"]);
        // Two bills of one month, one after the other.
        let halves = [by_day("2026-09-01", "2026-09-16"), by_day("2026-09-16", "2026-10-01")];
        check(&halves, &["2026-09-01"]);
        let torn = [by_day("2026-09-01", "2026-09-10"), by_day("2026-09-16", "2026-10-01")];
        check(&torn, &[]);
    }

    #[test]
    fn a_month_that_was_open_or_not_read_to_its_end_is_not_whole() {
        let (first, next) = (micros("2026-09-01"), micros("2026-10-01"));
        check(&[bill("2026-09", "1", Reach::Month(first, next))], &["2026-09-01"]);
        let whole = by_day("2026-09-01", "2026-10-01");
        check(&[whole.clone(), bill("2026-09", "2", Reach::Open(first, next))], &[]);
        let (mut broken, reach) = whole;
        broken.complete = false;
        check(&[(broken, reach)], &[]);
    }
}
