//! The charges reduced to what each commitment did in each billing period.

use std::collections::BTreeMap;

use datafusion::logical_expr::ident;
use jiff::Timestamp;

use trimtab_model::commitment::{BillState, CommitmentMonth};
use trimtab_model::money::{Currency, Money};
use trimtab_model::period::Period;

use super::charges::period;
use super::groups::{Source, Sums, currency, measures};
use super::months_until::months_until;
use super::reach::{Reach, Reaching, reaching};
use super::rows::{Rows, text_at};
use crate::billing::moment;
use crate::lake::{Lake, LakeError, Question};

/// What the charges of commitments are kept apart by.
const KEYS: &[&str] = &[
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "x_LineItemType",
    "BillingPeriodStart",
    "BillingAccountId",
    "BillingCurrency",
];

/// The line items of a Cost and Usage Report whose effective cost is the unused part.
const FEES: &[&str] = &["RIFee", "SavingsPlanRecurringFee"];

/// Returns what each commitment did in the billing period of `until` and in the `before`
/// periods ahead of it, in order of commitment and period.
///
/// Charges that start at `until` or later do not count.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn commitments(
    lake: &Lake,
    until: Timestamp,
    before: u32,
) -> Result<Vec<CommitmentMonth>, LakeError> {
    let bills = reaching(lake)?;
    let condition = ident("CommitmentDiscountId").is_not_null().and(months_until(until, before));
    let until = until.as_microsecond();
    let question = Question {
        keys: KEYS.to_vec(),
        tags: Vec::new(),
        measures: measures(Source::Rows),
        condition: Some(condition),
    };
    let mut months: BTreeMap<Key, Month> = BTreeMap::new();
    add(&mut months, &Rows::new(&lake.ask_charges(&question)?))?;
    months.into_iter().map(|(key, month)| month.finish(key, &bills, until)).collect()
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    id: String,
    first_day: i32,
    account: String,
    currency: Currency,
}

fn add(months: &mut BTreeMap<Key, Month>, rows: &Rows<'_>) -> Result<(), LakeError> {
    let [ids, words, lines, accounts, currencies] = [
        "CommitmentDiscountId",
        "CommitmentDiscountStatus",
        "x_LineItemType",
        "BillingAccountId",
        "BillingCurrency",
    ]
    .map(|name| rows.text(name));
    let (ids, words, lines, accounts, currencies) = (ids?, words?, lines?, accounts?, currencies?);
    for row in 0..rows.count() {
        let (Some(id), Some(first_day)) =
            (text_at(&ids, row), rows.day("BillingPeriodStart", row)?)
        else {
            continue;
        };
        let key = Key {
            id: id.to_owned(),
            first_day: moment::month_start(first_day),
            account: text_at(&accounts, row).unwrap_or_default().to_owned(),
            currency: currency(text_at(&currencies, row))?,
        };
        let month = months.entry(key).or_default();
        let line = text_at(&lines, row);
        month.is_report |= line.is_some();
        match (text_at(&words, row), line) {
            (Some("Used"), _) => month.used.add(rows, row)?,
            (Some("Unused"), _) => month.unused.add(rows, row)?,
            (_, Some(line)) if FEES.contains(&line) => month.unused.add(rows, row)?,
            // Purchases, and what takes covered usage back.
            _ => {}
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Month {
    used: Sums,
    unused: Sums,
    /// Whether the rows are line items of a Cost and Usage Report.
    is_report: bool,
}

impl Month {
    fn finish(
        self,
        key: Key,
        bills: &[Reaching],
        until: i64,
    ) -> Result<CommitmentMonth, LakeError> {
        let zero = Money::zero(key.currency);
        let whole = |(sum, complete): (Option<Money>, bool)| complete.then(|| sum.unwrap_or(zero));
        let [_, used, list, _] = self.used.costs(key.currency)?;
        let [_, unused, ..] = self.unused.costs(key.currency)?;
        // FOCUS has a row for what is unused, or nothing is. A report has a fee in every
        // month, and its unused part in columns of that row.
        let is_told = if self.is_report {
            self.unused.rows > 0
        } else {
            self.used.rows + self.unused.rows > 0
        };
        let (period, state) = covered(&key, bills, until)?;
        Ok(CommitmentMonth {
            commitment_discount_id: key.id,
            period,
            state,
            used: whole(used),
            on_demand: whole(list),
            unused: whole(unused).filter(|_| is_told),
        })
    }
}

/// Returns the part of a billing period that its bill covers, and whether that is all.
fn covered(key: &Key, bills: &[Reaching], until: i64) -> Result<(Period, BillState), LakeError> {
    // A month has at most 31 days, so the next one starts within 32.
    let next = moment::month_start(key.first_day + 31);
    let (first, last) = (i64::from(key.first_day) * moment::DAY, i64::from(next) * moment::DAY);
    let name = moment::month_text(key.first_day);
    let bill = bills.iter().find(|(bill, _)| {
        bill.group.billing_period == name && bill.group.billing_account == key.account
    });
    let usage = bill.and_then(|(bill, reach)| match reach {
        Reach::Days(from, until) | Reach::Month(from, until) => {
            Some((*from, *until, bill.complete))
        }
        Reach::Open(..) => None,
    });
    let Some((from, usage_until, complete)) = usage else {
        return Ok((period(first, first)?, BillState::Part));
    };
    let start = from.max(first);
    let end = usage_until.min(last).min(until).max(start);
    let is_whole = complete && start == first && end == last;
    Ok((period(start, end)?, if is_whole { BillState::Whole } else { BillState::Part }))
}
