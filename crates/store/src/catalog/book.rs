//! The price book: what the decisions about some regions need.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::price::{DbPriceKey, Price, PriceBasis, PriceBook, RegionPrices};

use crate::error::InputError;

use super::facts::{db_classes, instance_types, offered};
use super::refreshed::{self, Product, RefreshedPrice};
use super::row::{
    DbPriceEstimatedRow, DbPriceRow, InstancePriceEstimatedRow, InstancePriceRow, MeterRow, price,
    read,
};
use super::table::{
    DB_PRICES, DB_PRICES_ESTIMATED, INSTANCE_PRICES, INSTANCE_PRICES_ESTIMATED, METERS,
    METERS_ESTIMATED, Table,
};

/// Returns type facts and the embedded prices of `regions`.
///
/// A region that the catalogue does not know has empty maps and `offered: None`.
pub fn price_book(regions: &BTreeSet<RegionId>) -> PriceBook {
    PriceBook {
        instance_types: instance_types().clone(),
        db_classes: db_classes().clone(),
        regions: regions.iter().map(|region| (region.clone(), region_prices(region))).collect(),
    }
}

/// Returns [`price_book`] with the refreshed prices of `data_dir` laid over it.
///
/// Of two prices for one product the newer counts; a refreshed price takes the place of
/// an estimate.
///
/// # Errors
///
/// A refreshed file that cannot be read, with its row and column.
pub fn price_book_with(
    data_dir: &Path,
    regions: &BTreeSet<RegionId>,
) -> Result<PriceBook, InputError> {
    let mut book = price_book(regions);
    for (region, prices) in &mut book.regions {
        for refreshed in refreshed::load(data_dir, region)? {
            lay_over(prices, refreshed);
        }
    }
    Ok(book)
}

fn region_prices(region: &RegionId) -> RegionPrices {
    RegionPrices {
        instance_hour: instance_prices(region),
        instance_hour_estimated: instance_prices_estimated(region),
        offered: offered(region),
        db_instance_hour: db_prices(region),
        db_instance_hour_estimated: db_prices_estimated(region),
        meters: meters(&METERS, region, PriceBasis::List),
        meters_estimated: meters(&METERS_ESTIMATED, region, PriceBasis::Estimated),
    }
}

fn instance_prices(region: &RegionId) -> BTreeMap<InstanceType, Price> {
    let mut prices = BTreeMap::new();
    for record in INSTANCE_PRICES.rows_in(region.as_str()) {
        let row: InstancePriceRow<'_> = read(&record);
        prices.insert(
            row.instance_type.into(),
            price(row.usd_hour, "hour", PriceBasis::List, row.source, row.as_of),
        );
    }
    prices
}

fn instance_prices_estimated(region: &RegionId) -> BTreeMap<InstanceType, Price> {
    let mut prices = BTreeMap::new();
    for record in INSTANCE_PRICES_ESTIMATED.rows_in(region.as_str()) {
        let row: InstancePriceEstimatedRow<'_> = read(&record);
        prices.insert(
            row.instance_type.into(),
            price(row.usd_hour, "hour", PriceBasis::Estimated, row.source, row.as_of),
        );
    }
    prices
}

fn db_prices(region: &RegionId) -> BTreeMap<DbPriceKey, Price> {
    let mut prices = BTreeMap::new();
    for record in DB_PRICES.rows_in(region.as_str()) {
        let row: DbPriceRow<'_> = read(&record);
        let key = DbPriceKey {
            db_instance_class: row.db_class.into(),
            engine: row.engine.to_owned(),
            edition: row.edition.to_owned(),
            license: row.license.to_owned(),
        };
        prices.insert(key, price(row.usd_hour, "hour", PriceBasis::List, row.source, row.as_of));
    }
    prices
}

fn db_prices_estimated(region: &RegionId) -> BTreeMap<DbPriceKey, Price> {
    let mut prices = BTreeMap::new();
    for record in DB_PRICES_ESTIMATED.rows_in(region.as_str()) {
        let row: DbPriceEstimatedRow<'_> = read(&record);
        // Only engines without edition and licence have estimates.
        let key = DbPriceKey {
            db_instance_class: row.db_class.into(),
            engine: row.engine.to_owned(),
            edition: String::new(),
            license: "none".to_owned(),
        };
        let price = price(row.usd_hour, "hour", PriceBasis::Estimated, row.source, row.as_of);
        prices.insert(key, price);
    }
    prices
}

fn meters(table: &Table, region: &RegionId, basis: PriceBasis) -> BTreeMap<String, Price> {
    let mut prices = BTreeMap::new();
    for record in table.rows_in(region.as_str()) {
        let row: MeterRow<'_> = read(&record);
        prices.insert(
            format!("{}/{}", row.service, row.meter),
            price(row.usd, row.unit, basis, row.source, row.as_of),
        );
    }
    prices
}

fn lay_over(prices: &mut RegionPrices, refreshed: RefreshedPrice) {
    match refreshed.product {
        Product::Instance(instance_type) => {
            prices.instance_hour_estimated.remove(&instance_type);
            if let Some(offered) = &mut prices.offered {
                offered.insert(instance_type.clone());
            }
            keep_newer(&mut prices.instance_hour, instance_type, refreshed.price);
        }
        Product::Database(key) => {
            prices.db_instance_hour_estimated.remove(&key);
            keep_newer(&mut prices.db_instance_hour, key, refreshed.price);
        }
        Product::Meter(meter) => {
            prices.meters_estimated.remove(&meter);
            keep_newer(&mut prices.meters, meter, refreshed.price);
        }
    }
}

fn keep_newer<K: Ord>(prices: &mut BTreeMap<K, Price>, key: K, price: Price) {
    // A price without a date counts as older than any that has one.
    if prices.get(&key).is_none_or(|known| known.as_of <= price.as_of) {
        prices.insert(key, price);
    }
}
