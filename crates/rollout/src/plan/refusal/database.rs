//! Databases whose class or storage is not changed.

use trimtab_model::action::{DatabaseSwitch, DbStorageSettings};
use trimtab_model::id::DbInstanceClass;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;

use super::{changed, refuse};

/// Below this size gp3 of RDS takes neither IOPS nor throughput; half of it for Oracle.
const GP3_FREE_FROM_GIB: u32 = 400;
const GP3_FREE_FROM_GIB_ORACLE: u32 = 200;

/// Returns why a database's class is not changed.
pub(super) fn of_class(
    database: &Resource<DbInstance>,
    from: &DbInstanceClass,
    snapshot: &Snapshot,
) -> Option<Reason> {
    if database.kind.db_instance_class != *from {
        return changed("DBInstanceClass", from, &database.kind.db_instance_class);
    }
    unready(database).or_else(|| of_member(database, snapshot))
}

/// Returns why no copy of a database takes its name over.
pub(super) fn of_switch(
    database: &Resource<DbInstance>,
    switch: &DatabaseSwitch,
) -> Option<Reason> {
    if database.kind.db_instance_class != switch.from_class {
        let is = &database.kind.db_instance_class;
        return changed("DBInstanceClass", &switch.from_class, is);
    }
    let is = database.kind.allocated_storage_gib;
    if let Some(is) = is.filter(|is| *is != switch.from_storage_gib) {
        return changed("AllocatedStorage", switch.from_storage_gib, is);
    }
    unready(database)
}

/// Returns why a database's storage is not changed.
pub(super) fn of_storage(
    database: &Resource<DbInstance>,
    from: &DbStorageSettings,
    to: &DbStorageSettings,
) -> Option<Reason> {
    let kind = &database.kind;
    if let Some(is) = kind.storage_type.as_deref().filter(|is| *is != from.storage_type) {
        return changed("StorageType", &from.storage_type, is);
    }
    let (was, is) = (from.allocated_storage_gib, kind.allocated_storage_gib);
    if let Some(is) = is.filter(|is| *is != was) {
        return changed("AllocatedStorage", was, is);
    }
    let then = to.allocated_storage_gib;
    if then < was {
        return refuse(
            "storage-shrinks",
            "The storage of a database does not shrink in place.",
            "DB 스토리지는 그 자리에서 줄일 수 없습니다.",
        );
    }
    if then > was && then.saturating_mul(10) < was.saturating_mul(11) {
        return refuse(
            "storage-grows-little",
            "RDS grows storage by 10 % or more, or not at all.",
            "RDS 스토리지는 10% 이상씩만 늘릴 수 있습니다.",
        );
    }
    if from.storage_type == "standard" {
        return refuse(
            "storage-copied",
            "Leaving magnetic storage copies all of it, for hours or days without another change or backup.",
            "마그네틱 스토리지를 벗어나려면 전체를 복사하며, 몇 시간에서 며칠 동안 다른 변경과 백업이 멈춥니다.",
        );
    }
    let is_oracle = kind.engine.starts_with("oracle");
    let free_from = if is_oracle { GP3_FREE_FROM_GIB_ORACLE } else { GP3_FREE_FROM_GIB };
    let is_set = to.iops.is_some() || to.storage_throughput_mib_s.is_some();
    if to.storage_type == "gp3" && then < free_from && is_set {
        return refuse(
            "storage-settings-refused",
            format!("Below {free_from} GiB RDS takes neither IOPS nor throughput for gp3."),
            format!("{free_from} GiB 미만의 gp3에는 IOPS와 처리량을 지정할 수 없습니다."),
        );
    }
    unready(database)
}

/// Returns why nothing of a database can be changed now.
fn unready(database: &Resource<DbInstance>) -> Option<Reason> {
    let kind = &database.kind;
    let status = kind.db_instance_status.as_str();
    if kind.has_pending_modifications {
        return refuse(
            "pending-modifications",
            "Other modifications are pending: ours would set them off too.",
            "보류 중인 다른 수정 사항이 있어, 지금 변경하면 함께 적용됩니다.",
        );
    }
    let is_ill = ["incompatible-", "inaccessible-", "insufficient-", "storage-full", "failed"]
        .iter()
        .any(|prefix| status.starts_with(prefix));
    if is_ill || matches!(status, "stopped" | "stopping" | "deleting") {
        return refuse(
            "database-not-available",
            format!("Its status is {status}: it cannot be modified."),
            format!("상태가 {status}라서 수정할 수 없습니다."),
        );
    }
    None
}

/// Returns why a member of a cluster is not changed: readers are, a writer is after a failover,
/// and whether it is one must be known.
fn of_member(database: &Resource<DbInstance>, snapshot: &Snapshot) -> Option<Reason> {
    let cluster = database.kind.db_cluster_identifier.as_ref()?;
    let members = snapshot
        .db_clusters
        .iter()
        .filter(|one| one.account == database.account && one.region == database.region)
        .find(|one| one.id == *cluster)
        .map(|one| &one.kind.db_cluster_members);
    let is_writer = members
        .into_iter()
        .flatten()
        .find(|member| member.db_instance_identifier == database.id)
        .and_then(|member| member.is_cluster_writer);
    match is_writer {
        Some(false) => None,
        Some(true) => refuse(
            "cluster-writer",
            format!(
                "It writes for cluster {cluster}: fail over to a reader of the new class first."
            ),
            format!("{cluster} 클러스터의 라이터입니다. 먼저 새 클래스의 리더로 장애 조치하세요."),
        ),
        None => refuse(
            "cluster-role-unknown",
            format!(
                "Whether it writes for cluster {cluster} is not in the inventory: scan DB clusters."
            ),
            format!(
                "{cluster} 클러스터의 라이터인지 인벤토리에 없습니다. DB 클러스터를 스캔하세요."
            ),
        ),
    }
}
