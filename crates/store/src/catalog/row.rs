//! The rows of the embedded tables, in the order of their columns.

use csv::StringRecord;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

use trimtab_model::price::{Price, PriceBasis};

/// A row of `instance_types`: the columns that decisions use stand first.
#[derive(Deserialize)]
pub(super) struct InstanceTypeRow<'a> {
    pub(super) instance_type: &'a str,
    pub(super) family: &'a str,
    pub(super) size: &'a str,
    pub(super) series: &'a str,
    pub(super) generation: u32,
    pub(super) attributes: &'a str,
    pub(super) current_generation: bool,
    pub(super) bare_metal: bool,
    pub(super) burstable: bool,
    pub(super) hypervisor: Option<&'a str>,
    pub(super) architecture: &'a str,
    pub(super) cpu_vendor: Option<&'a str>,
    pub(super) vcpu: u32,
    pub(super) memory_mib: u64,
    pub(super) network_baseline_gbps: Option<f64>,
    pub(super) ebs_baseline_mb_s: Option<f64>,
    pub(super) ebs_baseline_iops: Option<u32>,
    pub(super) instance_store_gb: Option<u32>,
    pub(super) accelerators: u32,
}

/// A row of `instance_offerings`.
#[derive(Deserialize)]
pub(super) struct OfferingRow<'a> {
    pub(super) instance_type: &'a str,
    pub(super) regions: &'a str,
}

/// A row of `instance_prices`, and of `spot_average`.
#[derive(Deserialize)]
pub(super) struct InstancePriceRow<'a> {
    pub(super) _region: &'a str,
    pub(super) instance_type: &'a str,
    pub(super) usd_hour: &'a str,
    pub(super) source: &'a str,
    pub(super) as_of: &'a str,
}

/// A row of `instance_prices_estimated`.
#[derive(Deserialize)]
pub(super) struct InstancePriceEstimatedRow<'a> {
    pub(super) _region: &'a str,
    pub(super) instance_type: &'a str,
    pub(super) usd_hour: &'a str,
    pub(super) peer_level: u32,
    pub(super) source: &'a str,
    pub(super) as_of: &'a str,
}

/// A row of `spot_advisor`.
#[derive(Deserialize)]
pub(super) struct SpotAdvisorRow<'a> {
    pub(super) _region: &'a str,
    pub(super) instance_type: &'a str,
    pub(super) savings_pct: i32,
    pub(super) interruption_band: u32,
    pub(super) usd_hour: Option<&'a str>,
    pub(super) source: &'a str,
    pub(super) as_of: &'a str,
}

/// A row of `db_classes`.
#[derive(Deserialize)]
pub(super) struct DbClassRow<'a> {
    pub(super) db_class: &'a str,
    pub(super) family: &'a str,
    pub(super) vcpu: u32,
    pub(super) memory_gib: &'a str,
    pub(super) _network: &'a str,
    pub(super) current_generation: bool,
}

/// A row of `db_prices`.
#[derive(Deserialize)]
pub(super) struct DbPriceRow<'a> {
    pub(super) _region: &'a str,
    pub(super) db_class: &'a str,
    pub(super) engine: &'a str,
    pub(super) edition: &'a str,
    pub(super) license: &'a str,
    pub(super) usd_hour: &'a str,
    pub(super) source: &'a str,
    pub(super) as_of: &'a str,
}

/// A row of `db_prices_estimated`.
#[derive(Deserialize)]
pub(super) struct DbPriceEstimatedRow<'a> {
    pub(super) _region: &'a str,
    pub(super) db_class: &'a str,
    pub(super) engine: &'a str,
    pub(super) usd_hour: &'a str,
    pub(super) from_class: &'a str,
    pub(super) source: &'a str,
    pub(super) as_of: &'a str,
}

/// A row of `commitments`.
#[derive(Deserialize)]
pub(super) struct CommitmentRow<'a> {
    pub(super) _region: &'a str,
    pub(super) service: &'a str,
    pub(super) instance: &'a str,
    pub(super) engine: &'a str,
    pub(super) plan: &'a str,
    pub(super) term_years: u32,
    pub(super) payment: &'a str,
    pub(super) usd_hour: &'a str,
    pub(super) usd_hour_ondemand: Option<&'a str>,
    pub(super) source: &'a str,
    pub(super) as_of: &'a str,
}

/// A row of `meters` and of `meters_estimated`.
#[derive(Deserialize)]
pub(super) struct MeterRow<'a> {
    pub(super) _region: &'a str,
    pub(super) service: &'a str,
    pub(super) meter: &'a str,
    pub(super) unit: &'a str,
    pub(super) usd: &'a str,
    pub(super) source: &'a str,
    pub(super) as_of: &'a str,
    pub(super) note: &'a str,
}

/// Reads an embedded row by the position of its columns.
pub(super) fn read<'a, T: Deserialize<'a>>(record: &'a StringRecord) -> T {
    record.deserialize(None).expect("a test reads every embedded row")
}

/// Reads an exact number of an embedded row.
pub(super) fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("a test reads every embedded row")
}

/// Makes a price of an embedded row's fields.
pub(super) fn price(usd: &str, unit: &str, basis: PriceBasis, source: &str, as_of: &str) -> Price {
    Price {
        usd: decimal(usd),
        unit: unit.to_owned(),
        basis,
        source: source.to_owned(),
        as_of: day(as_of),
    }
}

/// Returns the day, or nothing where the source gives a month, a range or no date.
pub(super) fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}
