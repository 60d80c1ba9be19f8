//! The charges reduced to what analysis needs: one row per resource and meter.

use std::collections::BTreeMap;

use datafusion::logical_expr::{Expr, ident, lit};
use datafusion::scalar::ScalarValue;
use jiff::Timestamp;

use trimtab_model::charge::{Charges, Cost, ResourceCharge};
use trimtab_model::explain::Explain;
use trimtab_model::id::SubAccountId;
use trimtab_model::money::{Currency, Money};
use trimtab_model::period::Period;
use trimtab_model::text::Text;

use super::groups::{Source, Sums, currency, measures};
use super::meters::Meters;
use super::reach::{Window, month, reaching, window};
use super::resource_id::inventory_id;
use super::rows::{Rows, text_at};
use crate::billing::{BillGroup, decimal};
use crate::error::words;
use crate::lake::{Lake, LakeError, Measure, Question};

/// How many rows of a group have a quantity.
pub(super) const QUANTITY_ROWS: &str = "x_QuantityRows";
/// What a resource's charges are kept apart by.
const METER: &[&str] = &[
    "ResourceId",
    "SubAccountId",
    "BillingAccountId",
    "RegionId",
    "ServiceName",
    "ChargeCategory",
    "x_UsageType",
    "SkuId",
    "PricingCategory",
    "CommitmentDiscountStatus",
    "PricingUnit",
    "BillingCurrency",
];

/// Returns the charges of the covered part of the last `days` days up to `until`, or up
/// to where the bill ends if that is earlier.
///
/// Of bills whose charges span whole months it is the last month that was over when it was
/// read. Such a bill does not count where it lies beside bills by day, or where its month was
/// open: see [`super::left_out`].
///
/// A charge counts when it starts within the window. Sums of effective cost hold the rows
/// that have one, so they are a lower bound where some have none; a meter of which no row
/// or only some rows have one is left out of [`Charges::resources`], for its cost is unknown.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn charges(lake: &Lake, until: Timestamp, days: u32) -> Result<Charges, LakeError> {
    let Window { span, left_out } = window(&reaching(lake)?, until, days);
    let Some((start, end)) = span else {
        return Ok(Charges::default());
    };
    let mut measures = measures(Source::Rows);
    let quantity = "PricingQuantity";
    measures.push(Measure::Amount(quantity));
    measures.push(Measure::Count { of: quantity, named: QUANTITY_ROWS });
    let at = |micros: i64| {
        Expr::Literal(ScalarValue::TimestampMicrosecond(Some(micros), Some("UTC".into())), None)
    };
    let inside =
        ident("ChargePeriodStart").gt_eq(at(start)).and(ident("ChargePeriodStart").lt(at(end)));
    let counts = left_out.iter().filter_map(not_of).fold(inside, Expr::and);
    let question =
        Question { keys: METER.to_vec(), tags: Vec::new(), measures, condition: Some(counts) };
    let mut reduction = Reduction::default();
    reduction.add(&Rows::new(&lake.ask_charges(&question)?))?;
    reduction.finish(period(start, end)?)
}

/// Returns the period between two moments in microseconds.
pub(super) fn period(start: i64, end: i64) -> Result<Period, LakeError> {
    let moment = |micros| {
        Timestamp::from_microsecond(micros).map_err(|cause| LakeError::Unexpected(words(&cause)))
    };
    Period::new(moment(start)?, moment(end)?).map_err(|cause| LakeError::Unexpected(cause.text()))
}

/// Returns what holds of the charges of every other bill.
fn not_of(group: &BillGroup) -> Option<Expr> {
    let (first, next) = month(group)?;
    let day = |day: i32| Expr::Literal(ScalarValue::Date32(Some(day)), None);
    let account = || ident("BillingAccountId");
    // A bill of no account has rows of none.
    let is_other = if group.billing_account.is_empty() {
        account().is_not_null().and(account().not_eq(lit("")))
    } else {
        account().is_null().or(account().not_eq(lit(group.billing_account.as_str())))
    };
    let period = || ident("BillingPeriodStart");
    Some(is_other.or(period().lt(day(first))).or(period().gt_eq(day(next))))
}

#[derive(Default)]
struct Reduction {
    totals: BTreeMap<Currency, Sums>,
    accounts: BTreeMap<(SubAccountId, Currency), Sums>,
    resources: Vec<ResourceCharge>,
    meters: Meters,
}

impl Reduction {
    fn add(&mut self, rows: &Rows<'_>) -> Result<(), LakeError> {
        let columns: Vec<_> = METER.iter().map(|name| rows.text(name)).collect::<Result<_, _>>()?;
        let column = |name: &str| {
            METER.iter().position(|known| *known == name).and_then(|index| columns.get(index))
        };
        for row in 0..rows.count() {
            let text = |name: &str| column(name).and_then(|column| text_at(column, row));
            let currency = currency(text("BillingCurrency"))?;
            self.totals.entry(currency).or_default().add(rows, row)?;
            let account = text("SubAccountId").or_else(|| text("BillingAccountId"));
            if let Some(account) = account {
                self.accounts.entry((account.into(), currency)).or_default().add(rows, row)?;
            }
            let mut own = Sums::default();
            own.add(rows, row)?;
            let counted = rows.number(QUANTITY_ROWS, row)?;
            let quantity = rows
                .decimal("PricingQuantity", row)?
                .filter(|_| counted == own.rows)
                .map(decimal::quantity);
            self.meters.add(text, currency, rows, row, quantity)?;
            let [_, (_, effective_complete), ..] = own.costs(currency)?;
            let Some(resource) = text("ResourceId").filter(|_| effective_complete) else {
                continue;
            };
            let category =
                text("ChargeCategory").and_then(|word| word.parse().ok()).ok_or_else(|| {
                    LakeError::Unexpected(Text::new(
                        "a charge without a category",
                        "분류가 없는 요금",
                    ))
                })?;
            self.resources.push(ResourceCharge {
                resource_id: inventory_id(resource).into(),
                account: text("SubAccountId").map(Into::into),
                region: text("RegionId").map(Into::into),
                service_name: text("ServiceName").unwrap_or_default().to_owned(),
                charge_category: category,
                usage_type: text("x_UsageType").map(str::to_owned),
                sku_id: text("SkuId").map(str::to_owned),
                pricing_category: text("PricingCategory").and_then(|word| word.parse().ok()),
                commitment_discount_status: text("CommitmentDiscountStatus")
                    .and_then(|word| word.parse().ok()),
                pricing_unit: text("PricingUnit").map(str::to_owned),
                pricing_quantity: quantity,
                cost: cost(&own, currency)?,
            });
        }
        Ok(())
    }

    fn finish(mut self, window: Period) -> Result<Charges, LakeError> {
        self.resources.sort_by(|one, other| {
            let key = |charge: &ResourceCharge| {
                (
                    charge.resource_id.clone(),
                    charge.usage_type.clone(),
                    charge.charge_category,
                    charge.pricing_category,
                    charge.commitment_discount_status,
                    charge.sku_id.clone(),
                    charge.pricing_unit.clone(),
                    charge.cost.effective.currency,
                    charge.account.clone(),
                )
            };
            key(one).cmp(&key(other))
        });
        Ok(Charges {
            window: Some(window),
            totals: self
                .totals
                .into_iter()
                .map(|(currency, sums)| Ok((currency, cost(&sums, currency)?)))
                .collect::<Result<_, LakeError>>()?,
            by_account: self
                .accounts
                .into_iter()
                .map(|((account, currency), sums)| {
                    Ok(((account, currency), cost(&sums, currency)?))
                })
                .collect::<Result<_, LakeError>>()?,
            resources: self.resources,
            meters: self.meters.finish()?,
            commitments: Vec::new(),
        })
    }
}

fn cost(sums: &Sums, currency: Currency) -> Result<Cost, LakeError> {
    let [billed, effective, list, contracted] = sums.costs(currency)?;
    Ok(Cost {
        billed: billed.0.unwrap_or(Money::zero(currency)),
        effective: effective.0.unwrap_or(Money::zero(currency)),
        list: list.0.filter(|_| list.1),
        contracted: contracted.0.filter(|_| contracted.1),
    })
}
