//! May the storage of a database be changed?

use trimtab_model::action::DbStorageSettings;
use trimtab_model::environment::Environment;
use trimtab_model::observed::{DbStoragePreflight, Obstacle};

use super::finding::{Findings, block, clear, found, known, unread, when};
use super::owner::managed;
use crate::db_gp3::DbGp3;

const DATABASES: &str = "rds:DescribeDBInstances";
const METRICS: &str = "cloudwatch:GetMetricData";
/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 5] = [
    ("Status", "상태"),
    ("Other pending changes", "대기 중인 다른 변경"),
    ("Size and kind of storage", "스토리지 크기와 유형"),
    ("What it is asked for", "사용량"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of other storage.
pub fn db_storage(
    facts: &DbStoragePreflight,
    from: &DbStorageSettings,
    to: &DbStorageSettings,
    environment: Environment,
) -> Findings {
    rows(facts, from, to, environment).concat()
}

/// Judges every row, in order.
pub(super) fn rows(
    facts: &DbStoragePreflight,
    from: &DbStorageSettings,
    to: &DbStorageSettings,
    environment: Environment,
) -> [Findings; 5] {
    let status = known(facts.status.as_ref(), "DBInstanceStatus", DATABASES, |status| {
        let obstacle = match status.as_str() {
            "available" => return clear(),
            "backing-up" | "maintenance" | "modifying" | "storage-optimization" | "upgrading" => {
                Obstacle::Wait
            }
            _ => Obstacle::Block,
        };
        found(
            obstacle,
            "database-not-available",
            format!("The database is in status {status}."),
            format!("데이터베이스 상태: {status}."),
        )
    });
    let pending = known(facts.pending.as_ref(), "PendingModifiedValues", DATABASES, |pending| {
        let names = pending.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        when(!pending.is_empty(), || {
            block(
                "other-changes-pending",
                format!("Other changes are pending and would be made along with it: {names}."),
                format!("대기 중인 다른 변경이 함께 적용됩니다: {names}."),
            )
        })
    });
    let owner = managed(facts.tags.as_ref(), DATABASES);
    [status, pending, shape(from, to, environment), asked(facts, to), owner]
}

/// Whether RDS makes such a change in place.
fn shape(from: &DbStorageSettings, to: &DbStorageSettings, environment: Environment) -> Findings {
    let (has, gets) = (from.allocated_storage_gib, to.allocated_storage_gib);
    let shrinks = when(gets < has, || {
        block(
            "storage-shrinks",
            format!("Storage cannot shrink in place, from {has} GiB to {gets} GiB."),
            format!("스토리지는 {has} GiB에서 {gets} GiB로 줄일 수 없습니다."),
        )
    });
    let is_careful = matches!(environment, Environment::Prod | Environment::Unknown);
    let is_magnetic = from.storage_type == "standard" || to.storage_type == "standard";
    let copies = when(is_magnetic && is_careful, || {
        block(
            "storage-copied",
            "Magnetic storage is copied as a whole, for hours or days, without backups meanwhile.",
            "마그네틱 스토리지는 전체를 복사하느라 몇 시간에서 며칠이 걸리며 그동안 백업이 중단됩니다.",
        )
    });
    [shrinks, copies].concat()
}

/// Whether what it is asked for fits: the default of gp3 can be less than gp2 gave.
fn asked(facts: &DbStoragePreflight, to: &DbStorageSettings) -> Findings {
    if to.storage_type != "gp3" {
        return clear();
    }
    let Some(engine) = &facts.engine else { return unread("Engine", DATABASES) };
    let gp3 = DbGp3::of(engine, to.allocated_storage_gib);
    let limits = [
        (facts.iops, to.iops.unwrap_or(gp3.iops), "IOPS"),
        (facts.mb_s, to.storage_throughput_mib_s.unwrap_or(gp3.mib_s), "MiB/s"),
    ];
    limits
        .into_iter()
        .flat_map(|(asked, most, unit)| {
            let Some(asked) = asked else { return unread(&format!("Storage {unit}"), METRICS) };
            when(asked > f64::from(most), || {
                block(
                    "storage-asked-more",
                    format!("It asks its storage for {asked:.0} {unit}, and would have {most}."),
                    format!(
                        "스토리지 사용량이 {asked:.0} {unit}이지만 변경하면 {most} {unit}입니다."
                    ),
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn storage(storage_type: &str, size: u32) -> DbStorageSettings {
        DbStorageSettings {
            storage_type: storage_type.to_owned(),
            allocated_storage_gib: size,
            iops: None,
            storage_throughput_mib_s: None,
        }
    }

    fn check(
        from: (&str, u32),
        to: (&str, u32),
        alter: impl FnOnce(&mut DbStoragePreflight),
        expected: &[&str],
    ) {
        let mut facts = DbStoragePreflight {
            engine: Some("mysql".to_owned()),
            status: Some("available".to_owned()),
            pending: Some(BTreeMap::new()),
            iops: Some(500.0),
            mb_s: Some(20.0),
            tags: Some(BTreeMap::new()),
        };
        alter(&mut facts);
        let (from, to) = (storage(from.0, from.1), storage(to.0, to.1));
        let found = db_storage(&facts, &from, &to, Environment::Prod);
        let codes: Vec<String> = found.into_iter().map(|(_, why)| why.code).collect();
        assert_eq!(codes, expected, "{from:?} {to:?}");
    }

    #[test]
    fn storage_keeps_its_size_and_what_it_gives() {
        let (gp2, gp3) = (("gp2", 100), ("gp3", 100));
        check(gp2, gp3, |_| {}, &[]);
        check(gp2, ("gp3", 90), |_| {}, &["storage-shrinks"]);
        check(("standard", 100), gp3, |_| {}, &["storage-copied"]);
        check(gp2, gp3, |one| one.mb_s = Some(126.0), &["storage-asked-more"]);
        check(("gp2", 400), ("gp3", 400), |one| one.mb_s = Some(400.0), &[]);
        check(("gp2", 400), ("gp3", 400), |one| one.mb_s = Some(501.0), &["storage-asked-more"]);
        check(gp2, gp3, |one| one.iops = None, &["unknown-storage-iops"]);
        check(gp2, gp3, |one| one.engine = None, &["unknown-engine"]);
        let optimizing = Some("storage-optimization".to_owned());
        check(gp2, gp3, |one| one.status = optimizing, &["database-not-available"]);
    }
}
