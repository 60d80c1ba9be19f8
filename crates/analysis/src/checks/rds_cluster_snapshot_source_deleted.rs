//! Finds manual snapshots of DB clusters (Aurora, DocumentDB, Neptune) that no longer exist.
//!
//! **Why it costs.** A manual snapshot is kept until somebody deletes it. AWS gives as much backup
//! storage free as the databases of the region have; a deleted one no longer counts towards it, and
//! its snapshots are charged by the GB-month.
//!
//! **What we do.** Delete the snapshot, after a person agreed. The saving is what the bill charges
//! for it. Without a bill we say *unknown*: snapshots are incremental, so the allocated size says
//! nothing about what one of them costs.
//!
//! **What could go wrong.** It may be the last copy of the data, and the deletion is final. Where
//! a law wants it kept, export it to S3 instead.
//!
//! **Where others err.** They report every snapshot of a certain age, and multiply the allocated
//! size by a price.
//!
//! # 한국어
//!
//! 더 이상 존재하지 않는 DB 클러스터(Aurora, DocumentDB, Neptune)의 수동 스냅샷을 찾습니다.
//!
//! **비용이 드는 이유.** 수동 스냅샷은 누군가 삭제할 때까지 남습니다. AWS는 리전 내 데이터베이스 크기만큼 백업을 무료로 제공하는데,
//! 삭제된 데이터베이스는 그 한도에서 빠지므로 남은 스냅샷에 GB당 요금이 부과됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 스냅샷을 삭제합니다. 절감액은 청구서에 나온 이 스냅샷의 비용입니다. 청구서가 없으면 알 수 없다고
//! 답합니다. 스냅샷은 증분 방식이라 할당 크기로는 비용을 알 수 없기 때문입니다.
//!
//! **주의할 점.** 데이터의 마지막 사본일 수 있으며 삭제하면 되돌릴 수 없습니다. 법규상 보관해야 한다면 S3로 내보내세요.
//!
//! **다른 도구와 다른 점.** 다른 도구는 일정 기간이 지난 스냅샷을 모두 보고하고, 할당 크기에 가격을 곱합니다.

use trimtab_model::action::Removal;
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::db_cluster_snapshot::DbClusterSnapshot;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::StaticText;

use crate::check::{Check, Facts, Need};
use crate::database::orphan::{self, MIN_AGE_DAYS, ManualSnapshot, source};
use crate::verdict::judge_each;

/// The check.
pub static CHECK: Check = Check {
    id: "rds-cluster-snapshot-source-deleted",
    title: StaticText {
        en: "Manual snapshot of a DB cluster that is gone",
        ko: "원본이 없어진 DB 클러스터의 수동 스냅샷",
    },
    kind: ResourceKind::DbClusterSnapshot,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::DbClusterSnapshot),
        Need::Kind(ResourceKind::DbCluster),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_AGE_DAYS],
    judge: |check, facts| {
        let snapshots = &facts.snapshot.db_cluster_snapshots;
        judge_each(check, facts, ResourceKind::DbClusterSnapshot, snapshots, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    snapshot: &Resource<DbClusterSnapshot>,
) -> Result<Verdict, Unknown> {
    let kind = &snapshot.kind;
    let arn = kind.db_cluster_snapshot_arn.as_deref().map(ResourceId::new);
    let manual = ManualSnapshot {
        reference: snapshot.reference(ResourceKind::DbClusterSnapshot),
        names: std::iter::once(snapshot.id.clone()).chain(arn).collect(),
        snapshot_type: kind.snapshot_type.as_deref(),
        status: kind.status.as_deref(),
        taken: kind.snapshot_create_time,
        source: kind.db_cluster_identifier.as_ref(),
        source_resource_id: kind.db_cluster_resource_id.as_deref(),
        removal: Removal::DbClusterSnapshot,
    };
    let databases = &facts.snapshot.db_clusters;
    let source = source(facts, &manual, ResourceKind::DbCluster, databases, |database| {
        database.db_cluster_resource_id.as_deref()
    });
    orphan::judge(check, facts, &manual, source)
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn snapshot(age_days: i64) -> Scene {
        scene()
            .db_cluster_snapshot(|one| one.kind.snapshot_create_time = Some(days_ago(age_days)))
            .bill("before-launch", "RDS:ChargedBackupUsage", "40", "3.80")
    }

    #[test]
    fn a_snapshot_of_a_deleted_cluster_fires() {
        check(&CHECK, snapshot(90), "recommend 3.85 / 3.85 / 3.85");
    }

    #[test]
    fn a_snapshot_passes_while_its_source_exists() {
        let scene = snapshot(90)
            .db_cluster(|one| one.kind.db_cluster_resource_id = Some("cluster-OLD".into()));
        check(&CHECK, scene, "pass source-exists");
    }

    #[test]
    fn a_snapshot_just_under_the_age_passes() {
        check(&CHECK, snapshot(34), "pass too-young");
        check(&CHECK, snapshot(35), "recommend 3.85 / 3.85 / 3.85");
    }

    #[test]
    fn without_a_bill_or_a_listing_it_is_unknown() {
        check(&CHECK, scene().db_cluster_snapshot(|_| ()), "unknown snapshot-size-unknown");
        let mut scene = snapshot(90);
        scene.snapshot.listed.remove(&ResourceKind::DbCluster);
        check(&CHECK, scene, "unknown source-not-listed");
    }

    #[test]
    fn a_new_cluster_of_the_same_name_is_not_the_source() {
        let scene = snapshot(90).db_cluster(|one| one.id = "old".into());
        check(&CHECK, scene, "recommend 3.85 / 3.85 / 3.85");
    }
}
