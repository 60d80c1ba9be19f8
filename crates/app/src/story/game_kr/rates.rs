//! What things cost in the story: the catalogue's prices.

use rust_decimal::Decimal;

use trimtab_model::id::{DbInstanceClass, InstanceType, RegionId};
use trimtab_model::price::PriceBook;

use crate::story::error::StoryError;

/// The share that the Savings Plan takes off: the 1-year no-upfront Compute Savings Plan
/// of c types, 27.5 % (AWS price list of 2026-10-13, us-east-1).
pub(super) const SAVINGS_PLAN_DISCOUNT: Decimal = Decimal::from_parts(275, 0, 0, false, 3);

/// Looks prices up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates<'a> {
    prices: &'a PriceBook,
}

impl<'a> Rates<'a> {
    /// Looks prices up in `prices`.
    pub(super) fn new(prices: &'a PriceBook) -> Self {
        Self { prices }
    }

    /// Returns the On-Demand Linux price of an instance hour.
    pub(super) fn instance_hour(&self, region: &str, name: &str) -> Result<Decimal, StoryError> {
        self.prices
            .instance_hour(&RegionId::new(region), &InstanceType::new(name))
            .map(|price| price.usd)
            .ok_or_else(|| missing(name, region))
    }

    /// Returns the price of a MySQL Single-AZ hour.
    pub(super) fn db_hour(&self, region: &str, class: &str) -> Result<Decimal, StoryError> {
        let class_id = DbInstanceClass::new(class);
        self.prices
            .regions
            .get(&RegionId::new(region))
            .and_then(|prices| {
                prices
                    .db_instance_hour
                    .iter()
                    .find(|(key, _)| key.db_instance_class == class_id && key.engine == "mysql")
            })
            .map(|(_, price)| price.usd)
            .ok_or_else(|| missing(class, region))
    }

    /// Returns the price of a meter such as `ebs/volume_storage_gp3`.
    pub(super) fn meter(&self, region: &str, meter: &str) -> Result<Decimal, StoryError> {
        self.prices
            .meter(&RegionId::new(region), meter)
            .map(|price| price.usd)
            .ok_or_else(|| missing(meter, region))
    }
}

fn missing(what: &str, region: &str) -> StoryError {
    StoryError::MissingPrice { what: what.to_owned(), region: region.to_owned() }
}
