//! Usage of some meters with and without a commitment, by billing month.

use std::collections::BTreeMap;

use datafusion::logical_expr::{ident, lit};
use jiff::Timestamp;

use trimtab_model::commitment::CoveredUsage;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::{Currency, Money};

use super::groups::{Source, Sums, currency, measures};
use super::months_until::months_until;
use super::rows::{Rows, text_at};
use crate::billing::moment;
use crate::lake::{Lake, LakeError, Question};

/// What usage is kept apart by.
const KEYS: &[&str] = &[
    "x_UsageType",
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "BillingPeriodStart",
    "BillingCurrency",
];

/// Returns the usage of `meters`, parts of AWS's usage types, in the billing period of `until` and in the `before`
/// periods ahead of it. Charges that start at `until` or later do not count.
///
/// Charges that take covered usage back, and fees, name a commitment and no use of it: they count as neither.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn covered_usage(
    lake: &Lake,
    meters: &[&str],
    until: Timestamp,
    before: u32,
) -> Result<Vec<CoveredUsage>, LakeError> {
    let condition = ident("ChargeCategory")
        .eq(lit(ChargeCategory::Usage.as_str()))
        .and(ident("x_UsageType").is_not_null())
        .and(months_until(until, before));
    let question = Question {
        keys: KEYS.to_vec(),
        tags: Vec::new(),
        measures: measures(Source::Rows),
        condition: Some(condition),
    };
    let batch = lake.ask_charges(&question)?;
    let rows = Rows::new(&batch);
    let [types, ids, words, currencies] =
        ["x_UsageType", "CommitmentDiscountId", "CommitmentDiscountStatus", "BillingCurrency"]
            .map(|name| rows.text(name));
    let (types, ids, words, currencies) = (types?, ids?, words?, currencies?);
    let mut months: BTreeMap<(String, Currency), [Sums; 2]> = BTreeMap::new();
    for row in 0..rows.count() {
        let usage_type = text_at(&types, row).unwrap_or_default();
        let Some(first_day) = rows.day("BillingPeriodStart", row)? else { continue };
        if !meters.iter().any(|meter| usage_type.contains(meter)) {
            continue;
        }
        let place = match (text_at(&words, row), text_at(&ids, row)) {
            (Some("Used"), _) => 0,
            (_, None) => 1,
            (_, Some(_)) => continue,
        };
        let key = (moment::month_text(first_day), currency(text_at(&currencies, row))?);
        if let Some(sums) = months.entry(key).or_default().get_mut(place) {
            sums.add(&rows, row)?;
        }
    }
    months.into_iter().map(finish).collect()
}

fn finish(
    ((month, currency), [covered, uncovered]): ((String, Currency), [Sums; 2]),
) -> Result<CoveredUsage, LakeError> {
    let list = |sums: Sums| {
        let [_, _, (list, complete), _] = sums.costs(currency)?;
        Ok::<_, LakeError>(complete.then(|| list.unwrap_or(Money::zero(currency))))
    };
    Ok(CoveredUsage { month, currency, covered: list(covered)?, uncovered: list(uncovered)? })
}
