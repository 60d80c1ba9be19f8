//! One day by hour, where the bill has hours. The day may be one of UTC, as AWS's days are, or one of Korea.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_model::money::{Currency, Money};
use trimtab_store::cost::{CostFilter, HourCost, HourlyCost, hourly_cost};

use super::amount::{Amount, amount, amount_or_none};
use super::daily::{Basis, bill_currency};
use crate::query::Query;
use crate::scope::account_alone;
use crate::shared::Shared;

/// Where a day begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DayOf {
    /// At midnight UTC.
    Utc,
    /// At midnight in Korea, which is 15:00 UTC of the day before.
    Kst,
}

impl DayOf {
    fn of(word: Option<&str>) -> Result<Self, Failure> {
        match word {
            None | Some("utc") => Ok(Self::Utc),
            Some("kst") => Ok(Self::Kst),
            Some(word) => Err(Failure::usage(
                (
                    format!("there is no day of `{word}`"),
                    format!("그런 하루 기준이 없습니다: `{word}`"),
                ),
                ("day_of is utc or kst", "day_of에 쓸 수 있는 값: utc, kst"),
            )),
        }
    }

    /// Returns the word of an address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Utc => "utc",
            Self::Kst => "kst",
        }
    }

    /// Returns its time zone.
    pub(crate) fn zone(self) -> TimeZone {
        match self {
            Self::Utc => TimeZone::UTC,
            // Korea has no summer time.
            Self::Kst => TimeZone::fixed(Offset::constant(9)),
        }
    }
}

/// One day by hour.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Hours {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub(crate) day: Date,
    /// Where it begins.
    pub(crate) day_of: DayOf,
    /// Which cost it is.
    pub(crate) basis: Basis,
    /// The sum of the hours; null where the bill has none on this day.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) total: Option<Money>,
    /// The hours that have charges, in order.
    pub(crate) items: Vec<HourItem>,
    /// Charges of the day that are for longer than an hour, and in no sum here.
    pub(crate) longer: u64,
    /// Hours whose cost of this basis is not known, and which are in no sum.
    pub(crate) unknown: u64,
}

/// One hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct HourItem {
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// What it cost.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) cost: Money,
}

/// Returns the day that an address asks for by hour; none where it asks for none, and without a bill.
///
/// # Errors
/// Fails on a day that is none, and if the lake cannot be read.
pub(crate) fn hours(
    shared: &Shared,
    query: &Query,
    day: Option<Date>,
) -> Result<Option<Hours>, Failure> {
    let day_of = DayOf::of(query.get("day_of"))?;
    // What no row of a bill says by the hour: a list price may lack.
    let basis = match Basis::of(query.get("basis"))? {
        Basis::Billed => Basis::Billed,
        Basis::Effective | Basis::List => Basis::Effective,
    };
    let Some(day) = day else { return Ok(None) };
    let account = account_alone(query)?;
    let Some(currency) = bill_currency(shared)? else { return Ok(None) };
    let midnight = |date: Date| date.to_zoned_datetime(day_of.zone()).ok();
    let ends = midnight(day).zip(day.tomorrow().ok().and_then(midnight));
    let Some((from, until)) = ends else { return Ok(None) };
    let filter = CostFilter {
        service: query.get("service").map(str::to_owned),
        account,
        region: query.get("region").map(str::to_owned),
        resource: query.get("resource").map(str::to_owned),
        currency: Some(currency),
        ..CostFilter::default()
    };
    let stretch = (from.timestamp(), until.timestamp());
    let found = hourly_cost(shared.lake()?.as_ref(), stretch, &filter)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    Ok(Some(Hours::of(&found, (day, day_of), basis, currency)))
}

impl Hours {
    fn of(
        found: &HourlyCost,
        (day, day_of): (Date, DayOf),
        basis: Basis,
        currency: Currency,
    ) -> Self {
        let cost = |hour: &HourCost| match basis {
            Basis::Billed => Some(hour.billed),
            Basis::Effective | Basis::List => hour.effective,
        };
        let items: Vec<HourItem> = found
            .hours
            .iter()
            .filter_map(|hour| Some(HourItem { at: hour.start, cost: cost(hour)? }))
            .collect();
        let sum = items
            .iter()
            .try_fold(Money::zero(currency), |sum, item| sum.checked_add(item.cost).ok());
        Self {
            day,
            day_of,
            basis,
            total: sum.filter(|_| !items.is_empty()),
            unknown: (found.hours.len() - items.len()) as u64,
            items,
            longer: found.longer,
        }
    }
}
