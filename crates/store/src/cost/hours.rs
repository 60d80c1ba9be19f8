//! Cost by hour, of charges that are written by the hour.

use std::collections::BTreeMap;

use datafusion::logical_expr::{Expr, ident};
use datafusion::scalar::ScalarValue;
use jiff::Timestamp;

use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Text;

use super::groups::{CostFilter, Source, Sums, condition, currency, measures};
use super::rows::{Rows, text_at};
use crate::billing::moment;
use crate::lake::{Lake, LakeError, Question};

/// What charges are kept apart by.
const KEYS: &[&str] = &["ChargePeriodStart", "ChargePeriodEnd", "BillingCurrency"];
/// Microseconds of an hour.
const HOUR: i64 = 3_600 * moment::SECOND;

/// What was charged in one hour, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourCost {
    /// When the hour begins.
    pub start: Timestamp,
    /// Sum of `BilledCost`.
    pub billed: Money,
    /// Sum of `EffectiveCost`; absent where a charge has none.
    pub effective: Option<Money>,
}

/// Charges of a stretch of time by hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HourlyCost {
    /// The hours that have charges, in order.
    pub hours: Vec<HourCost>,
    /// How many charges of the stretch are for longer than an hour, and in none of them.
    pub longer: u64,
}

/// Returns what was charged by hour from one moment to another. Days of `filter` are not looked at.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn hourly_cost(
    lake: &Lake,
    (from, until): (Timestamp, Timestamp),
    filter: &CostFilter,
) -> Result<HourlyCost, LakeError> {
    let at = |moment: Timestamp| {
        let micros = Some(moment.as_microsecond());
        Expr::Literal(ScalarValue::TimestampMicrosecond(micros, Some("UTC".into())), None)
    };
    let within =
        ident("ChargePeriodStart").gt_eq(at(from)).and(ident("ChargePeriodStart").lt(at(until)));
    let filter = CostFilter { from: None, until: None, month: None, ..filter.clone() };
    let condition = match condition(&filter)? {
        Some(more) => within.and(more),
        None => within,
    };
    let question = Question {
        keys: KEYS.to_vec(),
        tags: Vec::new(),
        measures: measures(Source::Rows),
        condition: Some(condition),
    };
    let batch = lake.ask_charges(&question)?;
    let rows = Rows::new(&batch);
    let currencies = rows.text("BillingCurrency")?;
    let mut sums: BTreeMap<(i64, Currency), Sums> = BTreeMap::new();
    let mut longer = Sums::default();
    for row in 0..rows.count() {
        let Some(start) = rows.moment("ChargePeriodStart", row)? else { continue };
        let end = rows.moment("ChargePeriodEnd", row)?;
        if end.is_none_or(|end| end - start > HOUR) {
            longer.add(&rows, row)?;
            continue;
        }
        let key = (start - start.rem_euclid(HOUR), currency(text_at(&currencies, row))?);
        sums.entry(key).or_default().add(&rows, row)?;
    }
    let hours = sums.into_iter().map(hour).collect::<Result<_, _>>()?;
    Ok(HourlyCost { hours, longer: longer.rows })
}

fn hour(((start, currency), sums): ((i64, Currency), Sums)) -> Result<HourCost, LakeError> {
    let [(billed, _), (effective, complete), ..] = sums.costs(currency)?;
    let start = Timestamp::from_microsecond(start).map_err(|_| {
        LakeError::Unexpected(Text::new("an hour that no calendar has", "달력에 없는 시각"))
    })?;
    Ok(HourCost {
        start,
        billed: billed.unwrap_or(Money::zero(currency)),
        effective: effective.filter(|_| complete),
    })
}
