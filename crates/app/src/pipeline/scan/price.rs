//! What CloudWatch charges for metrics and Cost Explorer for requests, by the catalogue.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::api_use::{ApiPrice, PaidUse};
use trimtab_model::id::RegionId;
use trimtab_model::money::Money;
use trimtab_model::price::Price;
use trimtab_store::catalog;

use crate::config::Settings;
use crate::failure::Failure;

/// The region whose price stands for all: the catalogue has no other.
const REGION: &str = "us-east-1";
/// The meter of metrics that are asked for.
const METER: &str = "cloudwatch/getmetricdata";
/// What its price is for.
const UNIT: &str = "1000 metrics";

/// What CloudWatch charges for metrics that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricPrice {
    /// The list price of a thousand.
    pub per_thousand: Money,
    /// The region whose price it is; others are taken to cost the same.
    pub region: RegionId,
}

impl MetricPrice {
    /// Returns what `metrics` cost; absent beyond what an amount can hold.
    pub fn of(&self, metrics: u64) -> Option<Money> {
        let thousands = Decimal::from(metrics).checked_div(Decimal::ONE_THOUSAND)?;
        self.per_thousand.times(thousands).ok()
    }

    /// Returns how many metrics `budget` dollars pay for.
    pub(in crate::pipeline) fn affordable(&self, budget: Decimal) -> u64 {
        budget
            .checked_mul(Decimal::ONE_THOUSAND)
            .and_then(|budget| budget.checked_div(self.per_thousand.amount))
            .and_then(|metrics| metrics.floor().to_u64())
            .unwrap_or(u64::MAX)
    }
}

/// The meter of requests to Cost Explorer.
const REQUEST_METER: &str = "cost_explorer/api_request";
/// What its price is for.
const REQUEST_UNIT: &str = "request";

/// What Cost Explorer charges for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestPrice(pub Money);

impl RequestPrice {
    /// Returns what `requests` cost; absent beyond what an amount can hold.
    pub fn of(self, requests: u64) -> Option<Money> {
        self.0.times(Decimal::from(requests)).ok()
    }

    /// Returns how many requests `budget` dollars pay for.
    pub(in crate::pipeline) fn affordable(self, budget: Decimal) -> u64 {
        budget
            .checked_div(self.0.amount)
            .and_then(|requests| requests.floor().to_u64())
            .unwrap_or(u64::MAX)
    }
}

/// Returns the price of a request to Cost Explorer; absent where the catalogue has none.
///
/// # Errors
/// Fails if a refreshed file cannot be read.
pub(in crate::pipeline) fn request_price(
    settings: &Settings,
) -> Result<Option<RequestPrice>, Failure> {
    let price = meter(settings, REQUEST_METER, REQUEST_UNIT)?;
    Ok(price.map(|(price, _)| RequestPrice(price)))
}

/// Returns the price of metrics, refreshed prices included; absent where there is none.
///
/// # Errors
/// Fails if a refreshed file cannot be read.
pub(in crate::pipeline) fn metric_price(
    settings: &Settings,
) -> Result<Option<MetricPrice>, Failure> {
    let price = meter(settings, METER, UNIT)?;
    Ok(price.map(|(per_thousand, region)| MetricPrice { per_thousand, region }))
}

fn meter(
    settings: &Settings,
    meter: &str,
    unit: &str,
) -> Result<Option<(Money, RegionId)>, Failure> {
    let price = listed(settings, meter, unit)?;
    Ok(price.map(|price| (Money::usd(price.usd), RegionId::new(REGION))))
}

fn listed(settings: &Settings, meter: &str, unit: &str) -> Result<Option<Price>, Failure> {
    let region = RegionId::new(REGION);
    let book = catalog::price_book_with(&settings.data_dir, &BTreeSet::from([region.clone()]))
        .map_err(|cause| Failure::from(&cause))?;
    Ok(book.meter(&region, meter).filter(|price| price.unit == unit).cloned())
}

/// Returns what metrics that were asked for cost, and by which price.
///
/// # Errors
/// Fails if a refreshed file cannot be read.
pub(in crate::pipeline) fn paid_metrics(
    settings: &Settings,
    metrics: u64,
) -> Result<PaidUse, Failure> {
    let cost = metric_price(settings)?.and_then(|price| price.of(metrics));
    let price = listed(settings, METER, UNIT)?;
    Ok(paid((METER, "metric"), metrics, cost, price))
}

/// Returns what requests to Cost Explorer cost, and by which price.
///
/// # Errors
/// Fails if a refreshed file cannot be read.
pub(in crate::pipeline) fn paid_requests(
    settings: &Settings,
    requests: u64,
) -> Result<PaidUse, Failure> {
    let cost = request_price(settings)?.and_then(|price| price.of(requests));
    let price = listed(settings, REQUEST_METER, REQUEST_UNIT)?;
    Ok(paid((REQUEST_METER, REQUEST_UNIT), requests, cost, price))
}

fn paid(
    (meter, unit): (&str, &str),
    quantity: u64,
    cost: Option<Money>,
    price: Option<Price>,
) -> PaidUse {
    PaidUse {
        meter: meter.to_owned(),
        quantity,
        unit: unit.to_owned(),
        cost,
        price: price.map(api_price),
    }
}

fn api_price(price: Price) -> ApiPrice {
    ApiPrice {
        price: Money::usd(price.usd),
        per: price.unit,
        region: REGION.to_owned(),
        source: price.source,
        as_of: price.as_of,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price() -> MetricPrice {
        let per_thousand = Money::usd(Decimal::new(1, 2));
        MetricPrice { per_thousand, region: RegionId::new(REGION) }
    }

    #[test]
    fn a_metric_costs_a_thousandth_of_the_price() {
        assert_eq!(price().of(37), Some(Money::usd(Decimal::new(37, 5))));
    }

    #[test]
    fn a_budget_pays_for_whole_requests() {
        let price = RequestPrice(Money::usd(Decimal::new(1, 2)));
        assert_eq!(price.affordable(Decimal::new(25, 3)), 2);
        assert_eq!(price.affordable(Decimal::ZERO), 0);
        assert_eq!(price.of(3), Some(Money::usd(Decimal::new(3, 2))));
    }

    #[test]
    fn a_budget_pays_for_whole_metrics_and_for_no_more() {
        assert_eq!(price().affordable(Decimal::ZERO), 0);
        assert_eq!(price().affordable(Decimal::new(37, 5)), 37);
        assert_eq!(price().affordable(Decimal::new(379, 6)), 37);
    }
}
