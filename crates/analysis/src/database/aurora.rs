//! The two price models of Aurora: I/O charged, or included in dearer instances and storage.

use rust_decimal::Decimal;

use trimtab_model::charge::ResourceCharge;
use trimtab_model::price::Price;
use trimtab_model::recommendation::{Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_cluster::DbCluster;

use crate::pricing::{Tariff, usage_name};
use crate::saving::{Commitment, Meter};
use crate::verdict::{exempt, pass};

/// `StorageType` of I/O-Optimized.
pub const IO_OPTIMIZED: &str = "aurora-iopt1";

/// `StorageType` of Standard.
pub const STANDARD: &str = "aurora";

/// An hour on I/O-Optimized for one on Standard, and a GiB for a GiB.
///
/// Source: AWS price list of Aurora, us-east-1: db.r6g.large 0.26 and 0.338 USD, storage 0.10
/// and 0.225 USD; the announcement of May 2023 gives the same proportions for every region.
const HOUR_FACTOR: &str = "1.3";
const STORAGE_FACTOR: &str = "2.25";
const SOURCE: &str = "Aurora I/O-Optimized in proportion to Standard (AWS price list, us-east-1)";

/// Picks hours, storage and I/O of a cluster: all that the price model touches.
pub const PRICE_MODEL: Meter = Meter {
    charges: |charge| is_hour(charge) || is_storage(charge) || is_io(charge),
    commitment: Commitment::Possible,
};

fn named(charge: &ResourceCharge, test: impl Fn(&str) -> bool) -> bool {
    charge.usage_type.as_deref().is_some_and(|usage| test(usage_name(usage)))
}

/// Picks instance-hours and capacity unit-hours, in either model.
pub fn is_hour(charge: &ResourceCharge) -> bool {
    named(charge, |name| {
        name.starts_with("InstanceUsage") || name.starts_with("Aurora:ServerlessV2")
    })
}

/// Picks storage, in either model.
pub fn is_storage(charge: &ResourceCharge) -> bool {
    named(charge, |name| matches!(name, "Aurora:StorageUsage" | "Aurora:IO-OptimizedStorageUsage"))
}

/// Picks I/O, which only Standard charges.
pub fn is_io(charge: &ResourceCharge) -> bool {
    named(charge, |name| name == "Aurora:StorageIOUsage")
}

/// A part of the bill that the model prices differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Hours.
    Hours,
    /// Storage.
    Storage,
}

/// The model that a price is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// I/O charged.
    Standard,
    /// I/O included.
    IoOptimized,
}

/// Returns the price of a part in the other model: for storage the bill's own rate where some
/// cluster has it, else in the published proportion, which is an estimate.
///
/// # Errors
/// Returns `Unknown` if only the proportion is known and the policy allows no estimates.
pub fn price_in(
    tariff: &Tariff<'_>,
    model: Model,
    part: Part,
    now: &Price,
) -> Result<Price, Unknown> {
    let own = match (model, part) {
        (Model::Standard, Part::Storage) => tariff.meter_price("aurora/storage_standard").ok(),
        (Model::IoOptimized, Part::Storage) => {
            tariff.meter_price("aurora/storage_io_optimized").ok()
        }
        (_, Part::Hours) => None,
    };
    if let Some(own) = own {
        return Ok(own);
    }
    let factor: Decimal = match part {
        Part::Hours => HOUR_FACTOR,
        Part::Storage => STORAGE_FACTOR,
    }
    .parse()
    .expect("a decimal constant of this file");
    let factor = match model {
        Model::IoOptimized => factor,
        Model::Standard => Decimal::ONE.checked_div(factor).unwrap_or(Decimal::ONE),
    };
    tariff.derived("aurora/io_optimized", now, factor, SOURCE)
}

/// Returns the verdict on a cluster whose price model cannot be changed now.
pub fn unchangeable(cluster: &Resource<DbCluster>) -> Option<Verdict> {
    let kind = &cluster.kind;
    if kind.status != "available" {
        return Some(pass(
            "not-available",
            format!("The cluster is {}.", kind.status),
            format!("클러스터 상태가 {}입니다.", kind.status),
        ));
    }
    (kind.engine_mode.as_deref() == Some("serverless")).then(|| {
        exempt(
            "serverless-v1",
            "Serverless v1 knows one price model only.",
            "Serverless v1에는 요금 모델이 하나뿐입니다.",
        )
    })
}
