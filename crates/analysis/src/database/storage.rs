//! What a DB instance's storage costs.

use rust_decimal::Decimal;

use trimtab_model::money::{Currency, exact_sum};
use trimtab_model::recommendation::{CostComponent, Estimate, Unknown};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::text::Text;

use crate::pricing::{Tariff, copies, usage_name};
use crate::saving::{Commitment, Meter, narrowed};
use crate::verdict::unknown;

/// Picks the storage of a DB instance with its IOPS and throughput, not its backups.
pub const DB_STORAGE: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_some_and(|usage| {
            usage_name(usage)
                .strip_prefix("RDS:")
                .is_some_and(|rest| !rest.contains("Backup") && !rest.contains("Snapshot"))
        })
    },
    commitment: Commitment::Impossible,
};

/// Picks what gp3 storage of a DB instance is charged above what it includes.
pub const GP3_EXTRA: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_some_and(|usage| {
            let usage = usage_name(usage);
            usage.starts_with("RDS:")
                && (usage.contains("GP3-PIOPS") || usage.contains("GP3-Throughput"))
        })
    },
    commitment: Commitment::Impossible,
};

/// Smallest size from which RDS lays storage out over four volumes, by engine.
///
/// Absent for SQL Server, whose storage is one volume. Source: Amazon RDS user guide,
/// "Amazon RDS DB instance storage".
pub fn striped_from_gib(engine: &str) -> Option<u32> {
    if engine.starts_with("sqlserver") {
        None
    } else if engine.starts_with("oracle") {
        Some(200)
    } else {
        Some(400)
    }
}

/// Returns IOPS and MiB/s that gp3 of a size includes.
pub fn gp3_included(engine: &str, size_gib: u32) -> (u32, u32) {
    match striped_from_gib(engine) {
        Some(from) if size_gib >= from => (12_000, 500),
        _ => (3_000, 125),
    }
}

/// Returns a month of storage of so many GiB and IOPS, twice where there is a standby.
///
/// # Errors
/// Returns `Unknown` if the type or one of its prices is not known.
pub fn storage(
    tariff: &Tariff<'_>,
    db: &DbInstance,
    storage_type: &str,
    size_gib: u32,
    iops: Option<u32>,
) -> Result<Vec<CostComponent>, Unknown> {
    let copies = copies(db);
    let mut formula = vec![tariff.meter(
        &format!("{storage_type} storage"),
        Decimal::from(size_gib) * copies,
        &format!("rds/storage_{storage_type}_single_az"),
    )?];
    match storage_type {
        "io1" | "io2" => {
            let paid = Decimal::from(iops.ok_or_else(storage_unknown)?) * copies;
            let meter = format!("rds/iops_{storage_type}_single_az");
            formula.push(tariff.meter(&format!("{storage_type} IOPS"), paid, &meter)?);
        }
        "gp3" => formula.extend(gp3_extra(tariff, db, size_gib, iops, None)?),
        _ => {}
    }
    Ok(formula)
}

/// Returns a month of what gp3 of a size has above what it includes: IOPS and MiB/s.
///
/// # Errors
/// Returns `Unknown` if one of them has no price.
pub fn gp3_extra(
    tariff: &Tariff<'_>,
    db: &DbInstance,
    size_gib: u32,
    iops: Option<u32>,
    mib_s: Option<u32>,
) -> Result<Vec<CostComponent>, Unknown> {
    let (included_iops, included_mib_s) = gp3_included(&db.engine, size_gib);
    let parts = [
        ("gp3 IOPS", "gp3_iops", iops, included_iops),
        ("gp3 MiB/s", "gp3_throughput", mib_s, included_mib_s),
    ];
    let above = parts.into_iter().filter_map(|(name, meter, has, included)| {
        let paid = has?.saturating_sub(included);
        (paid > 0).then_some((name, meter, Decimal::from(paid)))
    });
    above
        .map(|(name, meter, paid)| {
            // The price with a standby covers both copies.
            let both = format!("rds/{meter}_multi_az");
            if copies(db) > Decimal::ONE && tariff.meter_price(&both).is_ok() {
                return tariff.meter(name, paid, &both);
            }
            tariff.meter(name, paid * copies(db), &format!("rds/{meter}_single_az"))
        })
        .collect()
}

/// Returns a month of the storage as it is.
///
/// # Errors
/// As [`storage`], and if the listing does not say type and size.
pub fn storage_now(tariff: &Tariff<'_>, db: &DbInstance) -> Result<Vec<CostComponent>, Unknown> {
    let (storage_type, size) = known(db)?;
    storage(tariff, db, storage_type, size, db.iops)
}

/// Returns type and size of the storage.
///
/// # Errors
/// Returns `Unknown` if the listing does not say them.
pub fn known(db: &DbInstance) -> Result<(&str, u32), Unknown> {
    db.storage_type.as_deref().zip(db.allocated_storage_gib).ok_or_else(storage_unknown)
}

fn storage_unknown() -> Unknown {
    unknown(
        "storage-unknown",
        "The type, the size or the IOPS of the storage are not known.",
        "스토리지의 유형, 크기 또는 IOPS를 알 수 없습니다.",
        &["inventory:describe-db-instances"],
    )
}

/// Narrows the saving of a deletion by the final snapshot that is kept of `size_gib`.
///
/// # Errors
/// As [`less_kept`].
pub fn less_final_snapshot(
    savings: Estimate,
    tariff: &Tariff<'_>,
    size_gib: u32,
) -> Result<(Estimate, Text), Unknown> {
    let price = tariff.meter_price("rds/backup_over_free").ok();
    let kept = price.and_then(|price| price.usd.checked_mul(Decimal::from(size_gib)));
    less_kept(savings, kept)
}

/// Narrows the saving of a deletion by what the final snapshot costs a month, in dollars.
///
/// `low` counts a snapshot of full size kept for ever, or nothing saved where its cost is
/// not known; `likely` counts that it goes once nobody missed the database.
///
/// # Errors
/// Returns `Unknown` if an amount overflows.
pub fn less_kept(
    savings: Estimate,
    kept_usd: Option<Decimal>,
) -> Result<(Estimate, Text), Unknown> {
    let low = kept_usd
        .and_then(|kept| in_currency_of(&savings, kept))
        .filter(|_| savings.low.is_positive())
        .and_then(|kept| kept.checked_div(savings.low.amount))
        .map_or(Decimal::ZERO, |share| Decimal::ONE - share.min(Decimal::ONE));
    let note = Text::new(
        "A final snapshot is kept. Low counts it at full size for ever, and nothing where its cost is not known; likely counts that it is deleted once nobody missed the database.",
        "최종 스냅샷을 남깁니다. 최소 절감액은 스냅샷을 전체 크기로 계속 보관할 때의 값이며, 스냅샷 비용을 알 수 없으면 0입니다. 예상 절감액은 나중에 스냅샷까지 지울 때의 값입니다.",
    );
    Ok((narrowed(savings, low, Decimal::ONE)?, note))
}

/// Returns dollars in the currency of an estimate, by what the same thing costs in both; absent
/// where the list price is not known.
fn in_currency_of(savings: &Estimate, usd: Decimal) -> Option<Decimal> {
    if savings.cost_now.currency == Currency::USD {
        return Some(usd);
    }
    let list_now = savings
        .formula_now
        .iter()
        .try_fold(Decimal::ZERO, |sum, part| exact_sum(sum, part.amount().ok()?.amount))
        .filter(|list| *list > Decimal::ZERO)?;
    usd.checked_mul(savings.cost_now.amount)?.checked_div(list_now)
}
