//! What one resource cost, day by day.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::PROVISIONAL_DAYS;
use trimtab_model::document::Days;
use trimtab_model::money::{Money, MoneyError};
use trimtab_store::cost::BilledAs;

use super::amount::{Amount, amount, amount_or_none};
use super::daily::{Basis, Daily, before, resource_daily};
use crate::shared::Shared;

/// Days that are looked at.
const DAYS: i32 = 60;
/// Days of the sum that is shown first.
const LATEST: i32 = 30;

/// What a resource cost in the last 60 days of the bills.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceCost {
    /// Which cost it is.
    pub(crate) basis: Basis,
    /// The first day, UTC.
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    /// The last day, which counts too.
    #[schema(value_type = String, format = Date)]
    pub(crate) until: Date,
    /// The sum of all days that bills cover.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) total: Option<Money>,
    /// The sum of the last 30 days; null where bills do not cover all of them.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) last_30_days: Option<Money>,
    /// Days that no bill covers: what they cost is not known.
    pub(crate) missing_days: u64,
    /// Groups of charges whose cost of this basis is not known, and which are in no sum.
    pub(crate) unknown: u64,
    /// Currencies of other charges of it, which are in no sum here.
    pub(crate) other_currencies: Vec<String>,
    /// From this day on AWS may still change what the bill says.
    #[schema(value_type = String, format = Date)]
    pub(crate) provisional_from: Date,
    /// Every day.
    pub(crate) days: Vec<DayCost>,
    /// What it was paid for, the largest first.
    pub(crate) usage_types: Vec<UsageCost>,
    /// By day and usage type, for the chart.
    #[serde(skip)]
    pub(crate) daily: Daily,
}

/// The cost of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayCost {
    /// The day, UTC.
    #[schema(value_type = String, format = Date)]
    pub(crate) date: Date,
    /// The cost; null where no bill covers the day, and where none of its charges has this cost.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) cost: Option<Money>,
}

/// The cost of one usage type.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageCost {
    /// AWS's usage type; null for charges without one.
    pub(crate) usage_type: Option<String>,
    /// The cost.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) cost: Money,
}

/// Returns what a resource cost; none without a bill, and where the bills do not name it: that is not zero.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn resource_cost(
    shared: &Shared,
    of: BilledAs,
) -> Result<Option<ResourceCost>, Failure> {
    let daily = resource_daily(shared, Basis::Effective, (of, DAYS))?;
    let Some(daily) = daily.filter(|daily| !daily.is_empty()) else { return Ok(None) };
    ResourceCost::of(daily).map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

impl ResourceCost {
    fn of(daily: Daily) -> Result<Option<Self>, MoneyError> {
        let (Some(begin), Some(until)) = (daily.first(), daily.last()) else { return Ok(None) };
        let from = before(until, DAYS - 1).max(begin);
        let day = |date| {
            // Where none of its charges has this cost, the day did not cost nothing.
            let is_known = daily.unknown(date, date) == 0 || daily.of_day(date)?.is_some();
            let cost = if is_known { daily.sum(date, date)? } else { None };
            Ok(DayCost { date, cost })
        };
        let first = before(until, LATEST - 1);
        let has_any = daily.unknown(from, until) == 0 || !daily.by_key(from, until)?.is_empty();
        let is_whole = has_any && daily.covers(first, until);
        let latest = daily.sum(first, until)?.filter(|_| is_whole);
        let usage = |(usage_type, cost)| UsageCost { usage_type, cost };
        Ok(Some(Self {
            basis: daily.basis,
            from,
            until,
            total: daily.sum(from, until)?.filter(|_| has_any),
            last_30_days: latest,
            missing_days: daily.missing(from, until),
            unknown: daily.unknown(from, until),
            other_currencies: daily.others.iter().map(|one| one.code().to_owned()).collect(),
            provisional_from: before(until, PROVISIONAL_DAYS - 1),
            days: Days { first: from, last: until }.iter().map(day).collect::<Result<_, _>>()?,
            usage_types: daily.by_key(from, until)?.into_iter().map(usage).collect(),
            daily,
        }))
    }
}
