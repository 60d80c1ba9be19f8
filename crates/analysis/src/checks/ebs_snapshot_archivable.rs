//! Finds snapshots that are kept for long and cost less in the archive.
//!
//! **Why it costs.** The archive tier asks about a quarter of the standard tier's price for a GiB.
//!
//! **What we do.** Move the snapshot to the archive tier. Archiving turns a snapshot into a full one: what it
//! shares with others stays charged, and the archive holds all of its blocks again. So we only
//! propose it for a snapshot that is the last of its volume, where both tiers hold the same
//! `FullSnapshotSizeInBytes`, and that no volume was made from which has snapshots of its own.
//!
//! **What could go wrong.** An archived snapshot cannot be used until it is restored, which takes up to
//! 72 hours and is charged by the GiB; leaving before 90 days is charged as if it had stayed. Keep
//! what an emergency needs at once in the standard tier. Snapshots that an image, AWS
//! Backup or a lifecycle policy made belong to those.
//!
//! **Where others err.** They multiply the size of the volume by the difference of the prices,
//! for every snapshot of a chain, where archiving would raise the cost.
//!
//! # 한국어
//!
//! 오래 보관하고 있어 아카이브에 두는 편이 저렴한 스냅샷을 찾습니다.
//!
//! **비용이 드는 이유.** 아카이브 계층의 GiB당 가격은 표준 계층의 약 4분의 1입니다.
//!
//! **제안하는 조치.** 스냅샷을 아카이브 계층으로 옮깁니다. 아카이브하면 전체 스냅샷으로 바뀌므로 다른 스냅샷과
//! 공유하던 블록은 표준 계층에서 계속 과금되고, 아카이브에는 모든 블록이 다시 저장됩니다. 따라서 해당 볼륨의
//! 마지막 스냅샷이라 두 계층의 크기(`FullSnapshotSizeInBytes`)가 같고, 이 스냅샷으로 만든 볼륨에 다른 스냅샷이
//! 없을 때만 제안합니다.
//!
//! **주의할 점.** 아카이브한 스냅샷은 복원하기 전에는 쓸 수 없습니다. 복원에는 최대 72시간이 걸리고 GiB당
//! 요금이 붙으며, 90일이 되기 전에 꺼내면 남은 기간만큼 과금됩니다. 비상시에 바로 필요한 스냅샷은 표준 계층에
//! 두세요. AMI, AWS Backup, 수명 주기 정책이 만든 스냅샷은 제외합니다.
//!
//! **다른 도구와 다른 점.** 증분 스냅샷까지 모두 볼륨 크기에 가격 차이를 곱하는 도구가 많지만, 그런 스냅샷을
//! 아카이브하면 오히려 비용이 늘 수 있습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::snapshot::Snapshot;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, estimate_of};
use crate::snapshot_owner::{COPY_OF_A_SNAPSHOT, owner};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Bytes in the GB of the price, which is a binary one.
const GIBIBYTE: u64 = 1 << 30;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-snapshot-archivable",
    title: StaticText {
        en: "EBS snapshot that costs less in the archive",
        ko: "아카이브에 두는 편이 저렴한 EBS 스냅샷",
    },
    kind: ResourceKind::Snapshot,
    action_type: ActionType::SetRetention,
    needs: &[
        Need::Kind(ResourceKind::Snapshot),
        Need::Kind(ResourceKind::Volume),
        Need::Kind(ResourceKind::Image),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_age_days",
        default: "90",
        unit: "days",
        text: StaticText {
            en: "Youngest snapshot that is reported: the archive charges for 90 days at least, so a snapshot should have shown that it stays.",
            ko: "보고 대상이 되는 스냅샷의 최소 나이입니다. 아카이브는 최소 90일분을 과금하므로 그만큼 보관된 스냅샷만 봅니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Snapshot, &facts.snapshot.snapshots, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    snapshot: &Resource<Snapshot>,
) -> Result<Verdict, Unknown> {
    if snapshot.kind.storage_tier.as_deref() == Some("archive") {
        return Ok(pass("archived", "It is in the archive.", "이미 아카이브에 있습니다."));
    }
    if let Some(verdict) = owned(facts, snapshot) {
        return Ok(verdict);
    }
    let Some(started) = snapshot.kind.start_time else {
        return Err(unknown(
            "age-unknown",
            "The age of the snapshot is not known.",
            "스냅샷의 생성 시각을 알 수 없습니다.",
            &["inventory:describe-snapshots"],
        ));
    };
    let age_days = days_between(started, facts.now);
    let min_age_days = check.threshold_f64(facts, "min_age_days");
    if f64::from(age_days) < min_age_days {
        return Ok(pass(
            "too-young",
            format!("The snapshot is {age_days} days old."),
            format!("만든 지 {age_days}일 된 스냅샷입니다."),
        ));
    }
    for (kind, source) in [
        (ResourceKind::Volume, "inventory:describe-volumes"),
        (ResourceKind::Image, "inventory:describe-images"),
    ] {
        if !facts.snapshot.was_listed(kind, &snapshot.account, &snapshot.region) {
            return Err(unknown(
                "users-not-listed",
                "The volumes or images that may use the snapshot were not read.",
                "스냅샷을 쓰고 있을 수 있는 볼륨이나 이미지 목록이 없습니다.",
                &[source],
            ));
        }
    }
    if shares_blocks(facts, snapshot) {
        return Ok(pass(
            "shares-blocks",
            "Other snapshots share its blocks: archiving it would store them twice.",
            "다른 스냅샷과 블록을 공유하고 있어, 아카이브하면 같은 블록이 두 번 저장됩니다.",
        ));
    }
    let Some(bytes) = snapshot.kind.full_snapshot_size_bytes else {
        return Err(unknown(
            "stored-size-unknown",
            "How much the snapshot stores is not known.",
            "스냅샷이 실제로 차지하는 용량을 알 수 없습니다.",
            &["inventory:describe-snapshots"],
        ));
    };
    let size = Decimal::from(bytes) / Decimal::from(GIBIBYTE);
    let reference = snapshot.reference(ResourceKind::Snapshot);
    let tariff = Tariff::of(facts, snapshot);
    let savings = estimate_of(
        facts,
        &reference,
        std::slice::from_ref(&snapshot.id),
        EVERYTHING,
        vec![tariff.meter("snapshot storage", size, "ebs/snapshot_storage")?],
        vec![tariff.meter("archived snapshot storage", size, "ebs/snapshot_archive_storage")?],
    )?;
    Ok(Proposal {
        action: Action::ArchiveSnapshot { volume_size_gib: snapshot.kind.volume_size_gib },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::RarelyUsed],
        reason: Reason::new(
            "archive-is-cheaper",
            format!("The last snapshot of its volume is {age_days} days old and costs less in the archive."),
            format!("볼륨의 마지막 스냅샷으로 {age_days}일 동안 보관되었으며, 아카이브에 두는 편이 저렴합니다."),
        ),
        savings,
        performance_risk: risk(snapshot.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "Restoring takes up to 72 hours and is charged by the GiB; before 90 days the rest of them is charged too.",
            "복원에는 최대 72시간이 걸리고 GiB당 요금이 붙으며, 90일 전에 꺼내면 남은 기간도 과금됩니다.",
        )),
        evidence: Evidence {
            window_days: Some(age_days),
            figures: vec![
                Figure::number("age_days", "Age", "생성 후 경과", f64::from(age_days), "days").against(min_age_days),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "recovery_time".to_owned(),
                text: Text::new(
                    "How fast the data must be back after a loss.",
                    "장애 후 데이터를 얼마나 빨리 복구해야 하는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the exemption of a snapshot that belongs to an image or a service.
fn owned(facts: &Facts<'_>, snapshot: &Resource<Snapshot>) -> Option<Verdict> {
    let of_image =
        facts.snapshot.images.iter().any(|image| image.kind.snapshot_ids.contains(&snapshot.id));
    let owner = if of_image { Some("AMI") } else { owner(snapshot) };
    owner.map(|owner| {
        exempt(
            "owned-by-service",
            format!("{owner} made this snapshot and decides about it."),
            format!("스냅샷을 만들고 관리하는 주체: {owner}."),
        )
    })
}

/// Returns whether other snapshots may refer to the same blocks.
fn shares_blocks(facts: &Facts<'_>, snapshot: &Resource<Snapshot>) -> bool {
    let Some(volume) = &snapshot.kind.volume_id else { return true };
    // A copy starts a chain of its own, of which nothing is listed.
    if volume.as_str() == COPY_OF_A_SNAPSHOT {
        return true;
    }
    let snapshots = &facts.snapshot.snapshots;
    let sibling = snapshots
        .iter()
        .any(|other| other.id != snapshot.id && other.kind.volume_id.as_ref() == Some(volume));
    let descendant = facts
        .snapshot
        .volumes
        .iter()
        .filter(|made| made.kind.snapshot_id.as_ref() == Some(&snapshot.id))
        .any(|made| snapshots.iter().any(|other| other.kind.volume_id.as_ref() == Some(&made.id)));
    sibling || descendant
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn lone(age_days: i64) -> Scene {
        scene().volume_snapshot(|snapshot| snapshot.kind.start_time = Some(days_ago(age_days)))
    }

    #[test]
    fn a_lone_old_snapshot_fires() {
        // 40 GiB at 0.05 less 0.0125.
        check(&CHECK, lone(90), "recommend 1.50 / 1.50 / 1.50");
    }

    #[test]
    fn a_snapshot_of_a_chain_passes() {
        let chain = lone(90).volume_snapshot(|other| other.id = "snap-2".into());
        check(&CHECK, chain, "pass shares-blocks");
        let grown = lone(90)
            .volume(|volume| {
                volume.id = "vol-2".into();
                volume.kind.snapshot_id = Some("snap-1".into());
            })
            .volume_snapshot(|other| {
                other.id = "snap-2".into();
                other.kind.volume_id = Some("vol-2".into());
            });
        check(&CHECK, grown, "pass shares-blocks");
    }

    #[test]
    fn a_snapshot_of_89_days_is_just_under_the_threshold() {
        check(&CHECK, lone(89), "pass too-young");
    }

    #[test]
    fn a_snapshot_of_which_no_size_is_given_is_unknown() {
        let scene =
            scene().volume_snapshot(|snapshot| snapshot.kind.full_snapshot_size_bytes = None);
        check(&CHECK, scene, "unknown stored-size-unknown");
    }

    #[test]
    fn a_snapshot_of_an_image_is_exempt() {
        check(&CHECK, lone(90).image(|_| ()), "exempt owned-by-service");
    }
}
