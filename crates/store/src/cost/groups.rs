//! Cost by any dimension: from the sums per day where they suffice, else from the rows.

use std::collections::BTreeMap;

use datafusion::logical_expr::{Expr, ident, lit};
use datafusion::scalar::ScalarValue;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Text;

use super::resource_id::BilledAs;
use super::rows::{Rows, text_at};
use crate::billing::{decimal, moment, tags};
use crate::lake::rollup::{self, COSTS, KEYS, ROWS};
use crate::lake::{Lake, LakeError, Measure, Question};

/// What cost is kept apart by. Currencies always stay apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GroupBy {
    /// Nothing but the currency.
    Currency,
    /// `ServiceName`.
    Service,
    /// `SubAccountId`, or the billing account where a charge has none.
    Account,
    /// `RegionId`.
    Region,
    /// `ResourceId`, as the bill writes it.
    Resource,
    /// The UTC day in which the charge starts.
    Day,
    /// The billing period, as `2026-10`.
    Month,
    /// `ChargeCategory`.
    Category,
    /// AWS's usage type.
    UsageType,
    /// `SkuId`.
    Sku,
    /// The value of a tag.
    Tag(String),
}

/// Which charges count. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CostFilter {
    /// First day, UTC.
    pub from: Option<Date>,
    /// First day that no longer counts, UTC.
    pub until: Option<Date>,
    /// Billing period, as `2026-10`.
    pub month: Option<String>,
    /// `ServiceName`.
    pub service: Option<String>,
    /// `SubAccountId`, or the billing account of charges without one.
    pub account: Option<String>,
    /// `RegionId`.
    pub region: Option<String>,
    /// `ResourceId`, as the bill writes it.
    pub resource: Option<String>,
    /// One of these `ResourceId`s; any where there are none.
    pub any_resource: Vec<String>,
    /// One resource, by every name that a bill may have for it.
    pub billed_as: Option<BilledAs>,
    /// `ChargeCategory`.
    pub category: Option<ChargeCategory>,
    /// Billing currency.
    pub currency: Option<Currency>,
}

/// The cost of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostGroup {
    /// One value per [`GroupBy`] that was asked for; absent where the charges have none.
    pub key: Vec<Option<String>>,
    /// The currency.
    pub currency: Currency,
    /// Sum of `BilledCost` over the rows that have one.
    pub billed: Money,
    /// Sum of `EffectiveCost` over the rows that have one; absent where none has.
    pub effective: Option<Money>,
    /// Whether every row has an `EffectiveCost`. If not, the sum is a part of the truth.
    pub effective_complete: bool,
    /// Sum of `ListCost`; absent where any row lacks it.
    pub list: Option<Money>,
    /// Sum of `ContractedCost`; absent where any row lacks it.
    pub contracted: Option<Money>,
    /// How many charges there are.
    pub rows: u64,
}

impl CostGroup {
    /// Returns the sum of `EffectiveCost`; none where a row lacks it.
    pub fn whole_effective(&self) -> Option<Money> {
        self.effective.filter(|_| self.effective_complete)
    }
}

/// Where an answer is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The charges themselves.
    Rows,
    /// The sums per day that ingest builds.
    Rollup,
}

/// Returns the cost by `by`, in order of keys, from the sums per day where they suffice.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn cost_groups(
    lake: &Lake,
    by: &[GroupBy],
    filter: &CostFilter,
) -> Result<Vec<CostGroup>, LakeError> {
    let fine = filter.resource.is_some()
        || !filter.any_resource.is_empty()
        || filter.billed_as.is_some()
        || by.iter().any(|by| columns(by).iter().any(|column| !KEYS.contains(column)));
    cost_groups_from(lake, by, filter, if fine { Source::Rows } else { Source::Rollup })
}

/// Returns the cost by `by` from a source of choice.
///
/// # Errors
/// Fails when the lake cannot be read, or the sums per day cannot answer.
pub fn cost_groups_from(
    lake: &Lake,
    by: &[GroupBy],
    filter: &CostFilter,
    source: Source,
) -> Result<Vec<CostGroup>, LakeError> {
    let mut keys: Vec<&'static str> =
        by.iter().flat_map(|by| columns(by).iter().copied()).collect();
    keys.push("BillingCurrency");
    keys.sort_unstable();
    keys.dedup();
    let tags = by.iter().filter_map(|by| match by {
        GroupBy::Tag(key) => Some(key.clone()),
        _ => None,
    });
    let question = Question {
        keys,
        tags: tags.collect(),
        measures: measures(source),
        condition: condition(filter)?,
    };
    let batch = match source {
        Source::Rows => lake.ask_charges(&question)?,
        Source::Rollup => lake.ask_rollup(&question)?,
    };
    let mut groups: BTreeMap<(Vec<Option<String>>, Currency), Sums> = BTreeMap::new();
    let rows = Rows::new(&batch);
    let readers = by.iter().map(|by| KeyReader::new(by, &rows)).collect::<Result<Vec<_>, _>>()?;
    let currencies = rows.text("BillingCurrency")?;
    for row in 0..rows.count() {
        let key = readers.iter().map(|reader| reader.at(&rows, row)).collect::<Result<_, _>>()?;
        let currency = currency(text_at(&currencies, row))?;
        groups.entry((key, currency)).or_default().add(&rows, row)?;
    }
    groups.into_iter().map(|((key, currency), sums)| sums.into_group(key, currency)).collect()
}

/// Parses a currency that the lake has checked when it was written.
pub(super) fn currency(code: Option<&str>) -> Result<Currency, LakeError> {
    code.and_then(|code| code.parse().ok()).ok_or_else(|| {
        LakeError::Unexpected(Text::new("a charge without a currency", "통화가 없는 요금"))
    })
}

/// The sums of the four costs, and how many rows have each, for either source.
pub(super) fn measures(source: Source) -> Vec<Measure> {
    match source {
        Source::Rows => rollup::measures(),
        Source::Rollup => {
            let costs = COSTS.iter();
            let costs =
                costs.flat_map(|(cost, rows)| [Measure::Amount(cost), Measure::Total(rows)]);
            costs.chain([Measure::Total(ROWS)]).collect()
        }
    }
}

/// The sums of a group while its parts come in.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// Sum and number of rows per cost, in the order of [`COSTS`].
    costs: [(i128, u64); 4],
    /// All rows.
    pub(super) rows: u64,
}

impl Sums {
    pub(super) fn add(&mut self, rows: &Rows<'_>, row: usize) -> Result<(), LakeError> {
        for ((cost, counted), sum) in COSTS.iter().zip(&mut self.costs) {
            let part = rows.decimal(cost, row)?.unwrap_or_default();
            sum.0 = sum.0.checked_add(part).ok_or_else(too_large)?;
            sum.1 += rows.number(counted, row)?;
        }
        self.rows += rows.number(ROWS, row)?;
        Ok(())
    }

    /// Billed, effective, list and contracted; each with whether every row has it, and
    /// absent where none has.
    pub(super) fn costs(
        &self,
        currency: Currency,
    ) -> Result<[(Option<Money>, bool); 4], LakeError> {
        let mut costs = [(None, false); 4];
        for (cost, (sum, rows)) in costs.iter_mut().zip(self.costs) {
            let known = (rows > 0).then(|| decimal::money(sum, currency)).transpose()?;
            *cost = (known, rows == self.rows);
        }
        Ok(costs)
    }

    fn into_group(
        self,
        key: Vec<Option<String>>,
        currency: Currency,
    ) -> Result<CostGroup, LakeError> {
        let [billed, effective, list, contracted] = self.costs(currency)?;
        Ok(CostGroup {
            key,
            currency,
            billed: billed.0.unwrap_or(Money::zero(currency)),
            effective: effective.0,
            effective_complete: effective.1,
            list: list.0.filter(|_| list.1),
            contracted: contracted.0.filter(|_| contracted.1),
            rows: self.rows,
        })
    }
}

fn too_large() -> LakeError {
    LakeError::Unexpected(Text::new(
        "charges whose sum is too large for a bill",
        "합계가 청구 금액으로는 너무 큰 요금",
    ))
}

fn columns(by: &GroupBy) -> &'static [&'static str] {
    match by {
        GroupBy::Currency => &["BillingCurrency"],
        GroupBy::Service => &["ServiceName"],
        GroupBy::Account => &["SubAccountId", "BillingAccountId"],
        GroupBy::Region => &["RegionId"],
        GroupBy::Resource => &["ResourceId"],
        GroupBy::Day => &["x_ChargeDay"],
        GroupBy::Month => &["BillingPeriodStart"],
        GroupBy::Category => &["ChargeCategory"],
        GroupBy::UsageType => &["x_UsageType"],
        GroupBy::Sku => &["SkuId"],
        GroupBy::Tag(_) => &["Tags"],
    }
}

/// Reads one part of a key from an answer.
struct KeyReader<'a> {
    by: &'a GroupBy,
    texts: Vec<arrow::array::ArrayRef>,
}

impl<'a> KeyReader<'a> {
    fn new(by: &'a GroupBy, rows: &Rows<'_>) -> Result<Self, LakeError> {
        let texts = match by {
            GroupBy::Day | GroupBy::Month => Vec::new(),
            _ => columns(by).iter().map(|name| rows.text(name)).collect::<Result<_, _>>()?,
        };
        Ok(Self { by, texts })
    }

    fn at(&self, rows: &Rows<'_>, row: usize) -> Result<Option<String>, LakeError> {
        let text = || self.texts.iter().find_map(|column| text_at(column, row));
        Ok(match self.by {
            GroupBy::Day => rows.day("x_ChargeDay", row)?.map(moment::day_text),
            GroupBy::Month => rows.day("BillingPeriodStart", row)?.map(moment::month_text),
            GroupBy::Tag(key) => text().and_then(|json| tags::reduced(json, key)),
            GroupBy::Currency
            | GroupBy::Service
            | GroupBy::Account
            | GroupBy::Region
            | GroupBy::Resource
            | GroupBy::Category
            | GroupBy::UsageType
            | GroupBy::Sku => text().map(str::to_owned),
        })
    }
}

/// Returns what must hold of a charge; nothing where every charge counts.
pub(super) fn condition(filter: &CostFilter) -> Result<Option<Expr>, LakeError> {
    let CostFilter { from, until, month, service, account, region, resource, .. } = filter;
    let CostFilter { any_resource, billed_as, category, currency, .. } = filter;
    let mut conditions: Vec<Expr> = Vec::new();
    let day = |date: &Date| {
        let days = moment::parse(&date.to_string()).map(moment::day_of);
        Expr::Literal(ScalarValue::Date32(days), None)
    };
    if let Some(from) = from {
        conditions.push(ident("x_ChargeDay").gt_eq(day(from)));
    }
    if let Some(until) = until {
        conditions.push(ident("x_ChargeDay").lt(day(until)));
    }
    if let Some(month) = month {
        let first = moment::parse(&format!("{month}-01")).map(moment::day_of).ok_or_else(|| {
            LakeError::Unexpected(Text::new(
                format!("`{month}` is not a month such as 2026-10"),
                format!("`{month}`: 2026-10과 같은 월이 아닙니다"),
            ))
        })?;
        // A month has at most 31 days, so the next one starts within 32.
        let next = moment::month_start(first + 31);
        let at = |day: i32| Expr::Literal(ScalarValue::Date32(Some(day)), None);
        conditions.push(ident("BillingPeriodStart").gt_eq(at(first)));
        conditions.push(ident("BillingPeriodStart").lt(at(next)));
    }
    let texts = [("ServiceName", service), ("RegionId", region), ("ResourceId", resource)];
    for (column, wanted) in texts {
        if let Some(wanted) = wanted {
            conditions.push(ident(column).eq(lit(wanted.as_str())));
        }
    }
    if !any_resource.is_empty() {
        let wanted = any_resource.iter().map(|name| lit(name.as_str())).collect();
        conditions.push(ident("ResourceId").in_list(wanted, false));
    }
    if let Some(account) = account {
        let of_billing = ident("SubAccountId")
            .is_null()
            .and(ident("BillingAccountId").eq(lit(account.as_str())));
        conditions.push(ident("SubAccountId").eq(lit(account.as_str())).or(of_billing));
    }
    conditions.extend(billed_as.as_ref().map(BilledAs::condition));
    if let Some(category) = category {
        conditions.push(ident("ChargeCategory").eq(lit(category.as_str())));
    }
    if let Some(currency) = currency {
        conditions.push(ident("BillingCurrency").eq(lit(currency.code())));
    }
    Ok(conditions.into_iter().reduce(Expr::and))
}
