//! The file of refreshed prices: one per region below the data directory.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use csv::StringRecord;
use rust_decimal::Decimal;

use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::price::{DbPriceKey, Price, PriceBasis};
use trimtab_model::text::StaticText;

use crate::error::InputError;

use super::row::day;

/// The source that refreshed prices state.
pub(super) const SOURCE: &str = "aws-bulk";

const COLUMNS: [&str; 9] =
    ["kind", "product", "engine", "edition", "license", "unit", "usd", "source", "as_of"];
const HINT: StaticText = StaticText {
    en: "run `trimtab prices refresh` again, or delete the file",
    ko: "`trimtab prices refresh` 명령을 다시 실행하거나 파일을 지우세요",
};

/// What a refreshed price is the price of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Product {
    /// An EC2 type, On-Demand Linux, shared tenancy.
    Instance(InstanceType),
    /// An RDS class, Single-AZ.
    Database(DbPriceKey),
    /// A meter, by `service/meter`.
    Meter(String),
}

/// A price from the public price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RefreshedPrice {
    /// What it is the price of.
    pub(super) product: Product,
    /// The price, with the list's publication date.
    pub(super) price: Price,
}

/// Returns where the refreshed prices of `region` are kept.
pub(super) fn path(data_dir: &Path, region: &RegionId) -> PathBuf {
    data_dir.join("catalog").join(format!("prices-{region}.csv"))
}

/// Writes the prices of `region`: all of them or, on an error, none.
pub(super) fn save(
    data_dir: &Path,
    region: &RegionId,
    prices: &[RefreshedPrice],
) -> std::io::Result<PathBuf> {
    let path = path(data_dir, region);
    let directory = data_dir.join("catalog");
    std::fs::create_dir_all(&directory)?;
    let mut file = tempfile::NamedTempFile::new_in(&directory)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for refreshed in prices {
        let price = &refreshed.price;
        let (kind, product, engine, edition, license) = match &refreshed.product {
            Product::Instance(instance_type) => ("instance", instance_type.as_str(), "", "", ""),
            Product::Database(key) => (
                "database",
                key.db_instance_class.as_str(),
                key.engine.as_str(),
                key.edition.as_str(),
                key.license.as_str(),
            ),
            Product::Meter(meter) => ("meter", meter.as_str(), "", "", ""),
        };
        let usd = price.usd.to_string();
        let as_of = price.as_of.map(|date| date.to_string()).unwrap_or_default();
        let unit = price.unit.as_str();
        let source = price.source.as_str();
        writer
            .write_record([kind, product, engine, edition, license, unit, &usd, source, &as_of])?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(path)
}

/// Reads the refreshed prices of `region`; none where it was never refreshed.
pub(super) fn load(data_dir: &Path, region: &RegionId) -> Result<Vec<RefreshedPrice>, InputError> {
    let path = path(data_dir, region);
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => {
            return Err(InputError::unreadable(&path, &cause, HINT));
        }
    };
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers().map_err(|cause| InputError::unreadable(&path, &cause, HINT))?;
    if header != &StringRecord::from(COLUMNS.to_vec()) {
        let problem = ("has other columns than it should", "있어야 할 열과 다릅니다");
        return Err(InputError::new(&path, problem, HINT).at_row(1));
    }
    let mut prices = Vec::new();
    for (record, row) in reader.records().zip(2u64..) {
        let record =
            record.map_err(|cause| InputError::unreadable(&path, &cause, HINT).at_row(row))?;
        let price = parse(&record).map_err(|column| {
            let problem = ("has a value that cannot be read", "읽을 수 없는 값이 있습니다");
            InputError::new(&path, problem, HINT).at_row(row).in_column(column)
        })?;
        prices.push(price);
    }
    Ok(prices)
}

/// Parses a row, or names the column that is wrong.
fn parse(record: &StringRecord) -> Result<RefreshedPrice, &'static str> {
    let fields: [&str; 9] = record.iter().collect::<Vec<_>>().try_into().map_err(|_| "kind")?;
    let [kind, product, engine, edition, license, unit, usd, source, as_of] = fields;
    if product.is_empty() {
        return Err("product");
    }
    let product = match kind {
        "instance" => Product::Instance(product.into()),
        "database" => Product::Database(DbPriceKey {
            db_instance_class: product.into(),
            engine: engine.to_owned(),
            edition: edition.to_owned(),
            license: license.to_owned(),
        }),
        "meter" => Product::Meter(product.to_owned()),
        _ => return Err("kind"),
    };
    let usd = Decimal::from_str_exact(usd).map_err(|_| "usd")?;
    if usd <= Decimal::ZERO {
        return Err("usd");
    }
    let as_of = Some(day(as_of).ok_or("as_of")?);
    let price = Price {
        usd,
        unit: unit.to_owned(),
        basis: PriceBasis::List,
        source: source.to_owned(),
        as_of,
    };
    Ok(RefreshedPrice { product, price })
}
