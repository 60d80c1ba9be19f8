//! Finds EBS snapshots whose volume no longer exists.
//!
//! **Why it costs.** Snapshots are charged for the blocks they store until they are deleted.
//!
//! **What we do.** Delete it, after somebody has said that the data is not needed. A Recycle
//! Bin rule made beforehand keeps a way back. Snapshots that an AMI, AWS Backup or a
//! lifecycle policy made belong to those and are left alone.
//!
//! **What could go wrong.** It may be the last copy of the data. The default of 30 days is
//! more than twice the 14 days for which trimtab keeps the snapshots it asks for itself.
//!
//! **What it saves.** Snapshots of one volume share blocks, and the size AWS lists is that
//! of the volume, not of what is stored. So: what the bill says of the snapshot; else its
//! `FullSnapshotSizeInBytes`, divided by the number of snapshots left of that volume, which
//! together store at least the largest of them. Where other snapshots share the blocks,
//! *low* is zero. Without either figure we say *unknown*, with the most it could be.
//!
//! **Where others err.** Many print the size of the volume times the price, for each
//! snapshot of a chain again.
//!
//! # 한국어
//!
//! 원본 볼륨이 이미 삭제된 EBS 스냅샷을 찾습니다.
//!
//! **비용이 드는 이유.** 스냅샷은 삭제할 때까지 저장된 블록만큼 요금이 부과됩니다.
//!
//! **제안하는 조치.** 데이터가 필요 없다는 것을 담당자가 확인한 뒤에 삭제합니다. 미리 휴지통(Recycle
//! Bin) 규칙을 만들어 두면 되돌릴 길이 남습니다. AMI, AWS Backup, 수명 주기 정책이 만든 스냅샷은
//! 그쪽에서 관리하므로 건드리지 않습니다.
//!
//! **주의할 점.** 데이터의 마지막 사본일 수 있습니다. 기본값 30일은 trimtab이 조치하면서 만들게 하는
//! 스냅샷의 보관 기간인 14일의 두 배가 넘습니다.
//!
//! **절감액.** 한 볼륨의 스냅샷들은 블록을 공유하며, AWS가 목록에 보여 주는 크기는 실제 저장량이 아니라
//! 볼륨의 크기입니다. 그래서 청구서에 나온 스냅샷의 비용을 쓰고, 그것이 없으면
//! `FullSnapshotSizeInBytes`를 그 볼륨에 남은 스냅샷 수로 나눈 값을 씁니다. 스냅샷 전체의 저장량은
//! 적어도 그중 가장 큰 것만큼은 되기 때문입니다. 다른 스냅샷이 블록을 공유하면 하한(*low*)은 0입니다.
//! 두 수치가 모두 없으면 *판단 보류*로 두고, 가능한 최댓값을 함께 알립니다.
//!
//! **다른 도구와 다른 점.** 볼륨 크기에 단가를 곱한 금액을, 이어진 스냅샷마다 되풀이해서 보여 주는
//! 도구가 많습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::snapshot::Snapshot;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion, narrowed};
use crate::snapshot_owner::{COPY_OF_A_SNAPSHOT, is_of_image, owner};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Bytes in the GB of the price, which is a binary one.
const GIBIBYTE: u64 = 1 << 30;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-snapshot-source-deleted",
    title: StaticText {
        en: "EBS snapshot whose volume is gone",
        ko: "원본 볼륨이 삭제된 EBS 스냅샷",
    },
    kind: ResourceKind::Snapshot,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Snapshot),
        Need::Kind(ResourceKind::Volume),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_age_days",
        default: "30",
        unit: "days",
        text: StaticText {
            en: "Youngest snapshot that is reported.",
            ko: "보고 대상이 되는 스냅샷의 최소 나이입니다.",
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
    if let Some(owner) = owner(snapshot) {
        return Ok(exempt(
            "owned-by-service",
            format!("{owner} made this snapshot and decides about it."),
            format!("{owner}에서 만들고 관리하는 스냅샷입니다."),
        ));
    }
    // Whoever registers an image from a snapshot leaves no mark on it.
    if is_of_image(facts, snapshot) {
        return Ok(exempt(
            "image-uses-it",
            "A registered image uses this snapshot.",
            "등록된 이미지가 쓰고 있는 스냅샷입니다.",
        ));
    }
    let Some(volume_id) = &snapshot.kind.volume_id else {
        return Err(unknown(
            "source-unknown",
            "The volume it was taken of is not known.",
            "어떤 볼륨의 스냅샷인지 알 수 없습니다.",
            &["inventory:describe-snapshots"],
        ));
    };
    if volume_id.as_str() == COPY_OF_A_SNAPSHOT {
        return Ok(exempt(
            "copy",
            "It is a copy of another snapshot, so no volume of its own can be missing.",
            "다른 스냅샷의 복사본이라 원본 볼륨으로 판단할 수 없습니다.",
        ));
    }
    if facts.snapshot.volumes.iter().any(|volume| volume.id == *volume_id) {
        return Ok(pass("source-exists", "Its volume exists.", "원본 볼륨이 남아 있습니다."));
    }
    if !facts.snapshot.was_listed(ResourceKind::Volume, &snapshot.account, &snapshot.region) {
        return Err(unknown(
            "volumes-not-listed",
            "The volumes of this account and region were not read.",
            "이 계정과 리전의 볼륨 목록이 없습니다.",
            &["inventory:describe-volumes"],
        ));
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
            format!(
                "The snapshot is {} old; below {min_age_days} it may be a recovery point.",
                counted(age_days, "day")
            ),
            format!(
                "만든 지 {age_days}일 된 스냅샷입니다. {min_age_days}일이 되기 전에는 복구용일 수 있습니다."
            ),
        ));
    }
    let siblings = facts
        .snapshot
        .snapshots
        .iter()
        .filter(|other| other.kind.volume_id.as_ref() == Some(volume_id))
        .count()
        .max(1);
    let reference = snapshot.reference(ResourceKind::Snapshot);
    let names = std::slice::from_ref(&snapshot.id);
    let billed = !facts.charges.of_resource(&snapshot.id).is_empty();
    let list =
        if billed { Err(no_size(facts, snapshot)) } else { stored(facts, snapshot, siblings) };
    let savings = deletion(facts, &reference, names, EVERYTHING, list)?;
    let low = if siblings == 1 { Decimal::ONE } else { Decimal::ZERO };
    let savings = narrowed(savings, low, Decimal::ONE)?;
    let volume = volume_id.to_string();
    Ok(Proposal {
        action: Action::DeleteSnapshot { volume_size_gib: snapshot.kind.volume_size_gib },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::SourceDeleted],
        reason: Reason::new(
            "source-deleted",
            format!("Its volume {volume} is gone, and the snapshot is {} old.", counted(age_days, "day")),
            format!("원본 볼륨({volume})은 삭제되었고, 스냅샷은 {age_days}일 전에 만들어졌습니다."),
        ),
        savings,
        performance_risk: risk(snapshot.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "The data is lost, unless a Recycle Bin rule was made before.",
            "휴지통(Recycle Bin) 규칙을 미리 만들어 두지 않으면 데이터를 되살릴 수 없습니다.",
        )),
        evidence: Evidence {
            window_days: Some(age_days),
            figures: vec![
                Figure::number("age_days", "Age", "생성 후 경과", f64::from(age_days), "days").against(min_age_days),
                Figure::number("snapshots_of_volume", "Snapshots left of this volume", "같은 볼륨의 남은 스냅샷", siblings as f64, ""),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "last_copy".to_owned(),
                text: Text::new(
                    "Whether it is the last copy of data that must be kept.",
                    "보존해야 하는 데이터의 마지막 사본인지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Snapshots of one volume share blocks: what others still need stays charged.",
                "같은 볼륨의 스냅샷은 블록을 공유하므로, 다른 스냅샷이 쓰는 블록은 계속 과금됩니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the part of what the volume's snapshots store that this one stands for.
fn stored(
    facts: &Facts<'_>,
    snapshot: &Resource<Snapshot>,
    siblings: usize,
) -> Result<Vec<trimtab_model::recommendation::CostComponent>, Unknown> {
    let bytes = match snapshot.kind.full_snapshot_size_bytes {
        // The archive tier has another price, which the catalogue lacks.
        Some(bytes) if snapshot.kind.storage_tier.as_deref() != Some("archive") => bytes,
        _ => return Err(no_size(facts, snapshot)),
    };
    let quantity = Decimal::from(bytes) / Decimal::from(GIBIBYTE) / Decimal::from(siblings);
    let tariff = Tariff::of(facts, snapshot);
    Ok(vec![tariff.meter("snapshot storage", quantity, "ebs/snapshot_storage")?])
}

fn no_size(facts: &Facts<'_>, snapshot: &Resource<Snapshot>) -> Unknown {
    let most = snapshot.kind.volume_size_gib.and_then(|size| {
        let price = Tariff::of(facts, snapshot).meter_price("ebs/snapshot_storage").ok()?;
        Some((price.usd * Decimal::from(size)).round_dp(2))
    });
    let (en, ko) = match most {
        Some(most) => {
            (format!(" At most {most} USD a month."), format!(" 월 최대 {most} USD입니다."))
        }
        None => (String::new(), String::new()),
    };
    unknown(
        "stored-size-unknown",
        format!("The volume is gone, but how much the snapshot stores is not known.{en}"),
        format!("원본 볼륨은 삭제되었지만 스냅샷이 실제로 차지하는 용량을 알 수 없습니다.{ko}"),
        &["billing", "inventory:describe-snapshots"],
    )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn orphan(age_days: i64) -> Scene {
        scene().volume_snapshot(|snapshot| snapshot.kind.start_time = Some(days_ago(age_days)))
    }

    #[test]
    fn a_snapshot_without_its_volume_fires() {
        check(&CHECK, orphan(30), "recommend 2.00 / 2.00 / 2.00");
    }

    #[test]
    fn snapshots_that_share_blocks_are_not_counted_twice() {
        check(
            &CHECK,
            orphan(30).volume_snapshot(|other| other.id = "snap-2".into()),
            "recommend 0.00 / 1.00 / 1.00",
        );
    }

    #[test]
    fn the_bill_decides_where_it_names_the_snapshot() {
        let scene = orphan(30).bill("snap-1", "EBS:SnapshotUsage", "10", "0.72");
        check(&CHECK, scene, "recommend 0.73 / 0.73 / 0.73");
    }

    #[test]
    fn a_snapshot_whose_volume_exists_passes() {
        let scene = orphan(30).volume(|volume| volume.id = "vol-gone".into());
        check(&CHECK, scene, "pass source-exists");
    }

    #[test]
    fn a_snapshot_from_which_somebody_registered_an_image_is_exempt() {
        check(&CHECK, orphan(30).image(|_| ()), "exempt image-uses-it");
    }

    #[test]
    fn a_snapshot_of_29_days_is_just_under_the_threshold() {
        check(&CHECK, orphan(29), "pass too-young");
    }

    #[test]
    fn where_volumes_were_not_listed_the_verdict_is_unknown() {
        let mut scene = orphan(30);
        scene.snapshot.listed.clear();
        check(&CHECK, scene, "unknown volumes-not-listed");
    }

    #[test]
    fn a_snapshot_of_which_no_size_is_given_is_unknown() {
        let scene =
            scene().volume_snapshot(|snapshot| snapshot.kind.full_snapshot_size_bytes = None);
        check(&CHECK, scene, "unknown stored-size-unknown");
    }

    #[test]
    fn a_snapshot_of_an_image_or_a_copy_is_exempt() {
        let image = scene().volume_snapshot(|snapshot| {
            snapshot.kind.description = Some("Created by CreateImage(i-1) for ami-1".into());
        });
        check(&CHECK, image, "exempt owned-by-service");
        let copy = scene()
            .volume_snapshot(|snapshot| snapshot.kind.volume_id = Some("vol-ffffffff".into()));
        check(&CHECK, copy, "exempt copy");
    }
}
