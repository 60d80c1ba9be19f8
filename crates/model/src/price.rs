//! Prices and type facts, each with its source and date.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{DbInstanceClass, InstanceType, RegionId};

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PriceBasis {
    /// The customer's own bill: the effective rate after discounts.
    Bill,
    /// A public price list.
    List,
    /// Derived from the price of a similar type; always shown as such.
    Estimated,
}

/// A price in United States dollars per unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// United States dollars per unit.
    pub usd: Decimal,
    /// The unit, such as `hour`, `GB-month` or `IOPS-month`.
    pub unit: String,
    /// Where it comes from.
    pub basis: PriceBasis,
    /// The source's name.
    pub source: String,
    /// The day the source had it. Absent for sources that give a month or a range.
    pub as_of: Option<Date>,
}

/// The facts of one EC2 instance type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstanceTypeFacts {
    /// The type, such as `m6i.large`.
    pub instance_type: InstanceType,
    /// The family, such as `m6i`.
    pub family: String,
    /// The size, such as `large`.
    pub size: String,
    /// The letter of the series, such as `m`.
    pub series: String,
    /// The generation number.
    pub generation: u32,
    /// Letters and words behind the generation, such as `i`, `gd` or `i-flex`.
    pub attributes: String,
    /// Whether AWS lists it as current.
    pub current_generation: bool,
    /// Whether it is bare metal.
    pub bare_metal: bool,
    /// Whether it lives on CPU credits.
    pub burstable: bool,
    /// `nitro` or `xen`, where known.
    pub hypervisor: Option<String>,
    /// `x86_64`, `arm64`, …
    pub architecture: String,
    /// `Intel`, `AMD` or `AWS`, where known.
    pub cpu_vendor: Option<String>,
    /// Virtual CPUs.
    pub vcpu: u32,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Network bandwidth that can be sustained, in Gbit/s, where known.
    pub network_baseline_gbps: Option<f64>,
    /// EBS throughput that can be sustained, in MB/s, where known.
    pub ebs_baseline_mb_s: Option<f64>,
    /// EBS IOPS that can be sustained, where known.
    pub ebs_baseline_iops: Option<u32>,
    /// Instance store in GB, where there is one.
    pub instance_store_gb: Option<u32>,
    /// Graphics processors or other accelerators.
    pub accelerators: u32,
    /// CoreMark iterations a second on all vCPUs, where it was measured.
    pub coremark: Option<f64>,
}

/// The facts of one RDS instance class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbClassFacts {
    /// The class, such as `db.r6g.large`.
    pub db_instance_class: DbInstanceClass,
    /// The family, such as `r6g`.
    pub family: String,
    /// Virtual CPUs.
    pub vcpu: u32,
    /// Memory in GiB.
    pub memory_gib: Decimal,
    /// Whether the source lists it as current.
    pub current_generation: bool,
}

/// The product key of an RDS class price.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DbPriceKey {
    /// The class.
    pub db_instance_class: DbInstanceClass,
    /// The engine, such as `mysql`, `postgres` or `aurora-mysql`.
    pub engine: String,
    /// `Edition` of a commercial engine, such as `se2`; empty otherwise.
    pub edition: String,
    /// `none`, `li` (licence included) or `byol`.
    pub license: String,
}

/// The part of the catalogue that one region's decisions need.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RegionPrices {
    /// On-Demand Linux per hour.
    pub instance_hour: BTreeMap<InstanceType, Price>,
    /// On-Demand Linux per hour, derived; used only where the user allows estimates.
    pub instance_hour_estimated: BTreeMap<InstanceType, Price>,
    /// Types offered in the region. Absent when the catalogue does not know the region.
    pub offered: Option<std::collections::BTreeSet<InstanceType>>,
    /// RDS, Single-AZ, per hour.
    pub db_instance_hour: BTreeMap<DbPriceKey, Price>,
    /// RDS, Single-AZ, per hour, derived from a neighbour class; key without edition and licence.
    pub db_instance_hour_estimated: BTreeMap<DbPriceKey, Price>,
    /// Meters of other services, by `service/meter`, such as `ebs/volume_storage_gp3`.
    pub meters: BTreeMap<String, Price>,
    /// Meters of other services, derived; used only where the user allows estimates.
    #[serde(default)]
    pub meters_estimated: BTreeMap<String, Price>,
}

/// Type facts and, per region, prices.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PriceBook {
    /// EC2 types.
    pub instance_types: BTreeMap<InstanceType, InstanceTypeFacts>,
    /// RDS classes.
    pub db_classes: BTreeMap<DbInstanceClass, DbClassFacts>,
    /// Prices per region.
    pub regions: BTreeMap<RegionId, RegionPrices>,
}

impl PriceBook {
    /// Returns the On-Demand Linux price of `instance_type` in `region`, from a price list only.
    pub fn instance_hour(&self, region: &RegionId, instance_type: &InstanceType) -> Option<&Price> {
        self.regions.get(region)?.instance_hour.get(instance_type)
    }

    /// Returns the price of `service/meter` in `region`.
    pub fn meter(&self, region: &RegionId, meter: &str) -> Option<&Price> {
        self.regions.get(region)?.meters.get(meter)
    }
}
