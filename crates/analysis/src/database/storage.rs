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
    let paid = match storage_type {
        "io1" | "io2" => iops.ok_or_else(storage_unknown)?,
        "gp3" => {
            let (included, _) = gp3_included(&db.engine, size_gib);
            iops.unwrap_or(included).saturating_sub(included)
        }
        _ => 0,
    };
    if paid > 0 {
        let meter = match storage_type {
            "gp3" => "rds/gp3_iops_single_az".to_owned(),
            _ => format!("rds/iops_{storage_type}_single_az"),
        };
        let name = format!("{storage_type} IOPS");
        formula.push(tariff.meter(&name, Decimal::from(paid) * copies, &meter)?);
    }
    Ok(formula)
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
