//! What capacity and requests of a table cost.

use rust_decimal::Decimal;

use trimtab_model::charge::ResourceCharge;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::resource::dynamo_table::{DynamoTable, Throughput};

use crate::pricing::{Tariff, usage_name};
use crate::saving::{Commitment, Meter};

/// The class whose storage is cheaper and whose throughput is dearer.
pub const INFREQUENT: &str = "STANDARD_INFREQUENT_ACCESS";

/// Picks the hours of provisioned capacity, which reserved capacity may cover.
pub const CAPACITY: Meter = Meter {
    charges: |charge| is_usage(charge, &["ReadCapacityUnit-Hrs", "WriteCapacityUnit-Hrs"]),
    commitment: Commitment::Possible,
};

/// Picks the requests of a table that is paid on demand.
pub const REQUESTS: Meter = Meter {
    charges: |charge| is_usage(charge, &["ReadRequestUnits", "WriteRequestUnits"]),
    commitment: Commitment::Impossible,
};

/// Picks the storage of a table.
pub fn is_storage(charge: &ResourceCharge) -> bool {
    is_usage(charge, &["TimedStorage-ByteHrs"])
}

/// Picks what is read and written, in either mode.
pub fn is_throughput(charge: &ResourceCharge) -> bool {
    (CAPACITY.charges)(charge) || (REQUESTS.charges)(charge)
}

fn is_usage(charge: &ResourceCharge, names: &[&str]) -> bool {
    charge.usage_type.as_deref().is_some_and(|usage| {
        let name = usage_name(usage);
        names.contains(&name.strip_prefix("IA-").unwrap_or(name))
    })
}

fn prefix(table: &DynamoTable) -> &'static str {
    if table.table_class.as_deref() == Some(INFREQUENT) { "ia_" } else { "" }
}

/// Returns a month of provisioned capacity.
///
/// # Errors
/// Returns `Unknown` if a unit has no price here.
pub fn capacity(
    tariff: &Tariff<'_>,
    table: &DynamoTable,
    throughput: Throughput,
) -> Result<Vec<CostComponent>, Unknown> {
    let (hours, class) = (Decimal::from(HOURS_PER_MONTH), prefix(table));
    let part = |name: &str, units: u64, meter: &str| {
        tariff.meter(name, Decimal::from(units) * hours, &format!("dynamodb/{class}{meter}"))
    };
    Ok(vec![
        part("read capacity", throughput.read_capacity_units, "rcu_hour")?,
        part("write capacity", throughput.write_capacity_units, "wcu_hour")?,
    ])
}

/// Returns a month of requests.
///
/// # Errors
/// Returns `Unknown` if a unit has no price here.
pub fn requests(
    tariff: &Tariff<'_>,
    table: &DynamoTable,
    read_units: Decimal,
    write_units: Decimal,
) -> Result<Vec<CostComponent>, Unknown> {
    let class = prefix(table);
    let part = |name: &str, units: Decimal, meter: &str| {
        tariff.meter(name, units, &format!("dynamodb/{class}{meter}"))
    };
    Ok(vec![
        part("read requests", read_units, "on_demand_rru")?,
        part("write requests", write_units, "on_demand_wru")?,
    ])
}

/// Adds up what is provisioned.
pub fn sum(all: impl IntoIterator<Item = Throughput>) -> Throughput {
    all.into_iter().fold(
        Throughput { read_capacity_units: 0, write_capacity_units: 0 },
        |sum, one| Throughput {
            read_capacity_units: sum.read_capacity_units.saturating_add(one.read_capacity_units),
            write_capacity_units: sum.write_capacity_units.saturating_add(one.write_capacity_units),
        },
    )
}
