//! Finds every price of one product in one region, for a person to read.

use std::path::Path;

use trimtab_model::id::RegionId;
use trimtab_model::price::{Price, PriceBasis};

use crate::error::InputError;

use super::refreshed::{self, Product, RefreshedPrice};
use super::row::{
    DbPriceEstimatedRow, DbPriceRow, InstancePriceEstimatedRow, InstancePriceRow, MeterRow, price,
    read,
};
use super::table::{
    DB_PRICES, DB_PRICES_ESTIMATED, INSTANCE_PRICES, INSTANCE_PRICES_ESTIMATED, METERS,
    METERS_ESTIMATED, Table,
};

/// A price with everything that the catalogue says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The product: a type, a class, or `service/meter`.
    pub product: String,
    /// What tells apart two prices of one product, such as `mysql` or `oracle se2 byol`; may
    /// be empty.
    pub variant: String,
    /// The price.
    pub price: Price,
    /// The date as the source gives it: a day, a month, a range; empty where it gives none.
    pub as_of: String,
    /// How the price was found or derived, where the catalogue says so; may be empty.
    pub note: String,
}

/// Returns the embedded prices of `product` in `region`: list prices first, then derived ones.
///
/// A product is an EC2 type (`m6i.large`), an RDS class (`db.r6g.large`), or a meter
/// (`ebs/volume_storage_gp3`). A part of a meter's name is enough: `ebs/gp3` finds every
/// `ebs` meter with `gp3` in it, and `ebs` finds them all.
pub fn lookup(product: &str, region: &RegionId) -> Vec<PriceRow> {
    let product = product.trim().to_ascii_lowercase();
    let region = region.as_str();
    let mut rows = Vec::new();
    if product.starts_with("db.") {
        database(&product, region, &mut rows);
    } else if product.contains('.') && !product.contains('/') {
        instance(&product, region, &mut rows);
    } else if !product.is_empty() {
        meter(&METERS, PriceBasis::List, &product, region, &mut rows);
        meter(&METERS_ESTIMATED, PriceBasis::Estimated, &product, region, &mut rows);
    }
    rows
}

/// Returns [`lookup`] with the refreshed prices of `data_dir` in place of older ones and of
/// estimates.
///
/// # Errors
///
/// A refreshed file that cannot be read, with its row and column.
pub fn lookup_with(
    data_dir: &Path,
    product: &str,
    region: &RegionId,
) -> Result<Vec<PriceRow>, InputError> {
    let mut rows = lookup(product, region);
    let product = product.trim().to_ascii_lowercase();
    for row in refreshed::load(data_dir, region)?.into_iter().map(refreshed_row) {
        if is_asked_for(&product, &row.product) {
            lay_over(&mut rows, row);
        }
    }
    Ok(rows)
}

fn refreshed_row(refreshed: RefreshedPrice) -> PriceRow {
    let (product, variant) = match refreshed.product {
        Product::Instance(instance_type) => (instance_type.as_str().to_owned(), "linux".to_owned()),
        Product::Database(key) => (
            key.db_instance_class.as_str().to_owned(),
            variant(&key.engine, &key.edition, &key.license),
        ),
        Product::Meter(meter) => (meter, String::new()),
    };
    let as_of = refreshed.price.as_of.map(|date| date.to_string()).unwrap_or_default();
    PriceRow { product, variant, price: refreshed.price, as_of, note: String::new() }
}

fn lay_over(rows: &mut Vec<PriceRow>, new: PriceRow) {
    let is_same = |row: &PriceRow| row.product == new.product && row.variant == new.variant;
    rows.retain(|row| !(is_same(row) && row.price.basis == PriceBasis::Estimated));
    match rows.iter_mut().find(|row| is_same(row)) {
        Some(row) if row.price.as_of <= new.price.as_of => *row = new,
        Some(_) => {}
        None => rows.push(new),
    }
}

/// Returns whether `name` is the product asked for, or a meter that has its part in it.
fn is_asked_for(product: &str, name: &str) -> bool {
    let Some((service, meter)) = name.split_once('/') else { return name == product };
    let (asked_service, part) = product.split_once('/').unwrap_or((product, ""));
    service == asked_service && meter.to_ascii_lowercase().contains(part)
}

fn instance(product: &str, region: &str, rows: &mut Vec<PriceRow>) {
    for record in INSTANCE_PRICES.rows_in(region) {
        let row: InstancePriceRow<'_> = read(&record);
        if row.instance_type == product {
            rows.push(PriceRow {
                product: product.to_owned(),
                variant: "linux".to_owned(),
                price: price(row.usd_hour, "hour", PriceBasis::List, row.source, row.as_of),
                as_of: row.as_of.to_owned(),
                note: String::new(),
            });
        }
    }
    for record in INSTANCE_PRICES_ESTIMATED.rows_in(region) {
        let row: InstancePriceEstimatedRow<'_> = read(&record);
        if row.instance_type == product {
            rows.push(PriceRow {
                product: product.to_owned(),
                variant: "linux".to_owned(),
                price: price(row.usd_hour, "hour", PriceBasis::Estimated, row.source, row.as_of),
                as_of: row.as_of.to_owned(),
                note: format!("peer level {}", row.peer_level),
            });
        }
    }
}

fn database(product: &str, region: &str, rows: &mut Vec<PriceRow>) {
    for record in DB_PRICES.rows_in(region) {
        let row: DbPriceRow<'_> = read(&record);
        if row.db_class == product {
            rows.push(PriceRow {
                product: product.to_owned(),
                variant: variant(row.engine, row.edition, row.license),
                price: price(row.usd_hour, "hour", PriceBasis::List, row.source, row.as_of),
                as_of: row.as_of.to_owned(),
                note: String::new(),
            });
        }
    }
    for record in DB_PRICES_ESTIMATED.rows_in(region) {
        let row: DbPriceEstimatedRow<'_> = read(&record);
        if row.db_class == product {
            rows.push(PriceRow {
                product: product.to_owned(),
                variant: row.engine.to_owned(),
                price: price(row.usd_hour, "hour", PriceBasis::Estimated, row.source, row.as_of),
                as_of: row.as_of.to_owned(),
                note: format!("from {}", row.from_class),
            });
        }
    }
}

fn variant(engine: &str, edition: &str, license: &str) -> String {
    let license = if license == "none" { "" } else { license };
    [engine, edition, license]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn meter(table: &Table, basis: PriceBasis, product: &str, region: &str, rows: &mut Vec<PriceRow>) {
    for record in table.rows_in(region) {
        let row: MeterRow<'_> = read(&record);
        let name = format!("{}/{}", row.service, row.meter);
        if is_asked_for(product, &name) {
            rows.push(PriceRow {
                product: name,
                variant: String::new(),
                price: price(row.usd, row.unit, basis, row.source, row.as_of),
                as_of: row.as_of.to_owned(),
                note: row.note.to_owned(),
            });
        }
    }
}
