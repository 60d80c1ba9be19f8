//! Finds snapshots of images that are gone.
//!
//! **Why it costs.** Deregistering an image leaves its snapshots behind, and they are charged until
//! somebody deletes them too.
//!
//! **What we do.** Delete the snapshot, after somebody has said that the data is not needed. Which
//! image it was made for stands in its description; that image must be absent from the
//! account's list, and no image that is there may use the snapshot.
//!
//! **What could go wrong.** It may be the last copy of a system that is to come back. A Recycle Bin
//! rule made beforehand keeps a way back.
//!
//! **What it saves.** What the bill says of the snapshot; else its `FullSnapshotSizeInBytes`, divided by
//! the number of snapshots left of that volume, because they share blocks; *low* is then zero.
//!
//! **Where others err.** They leave every snapshot of an image alone, or print the size of the
//! volume times the price.
//!
//! # 한국어
//!
//! 이미지는 없어지고 스냅샷만 남은 경우를 찾습니다.
//!
//! **비용이 드는 이유.** AMI를 등록 취소해도 스냅샷은 남으며, 직접 삭제할 때까지 과금됩니다.
//!
//! **제안하는 조치.** 데이터가 필요 없는지 확인한 뒤 스냅샷을 삭제합니다. 어떤 이미지를 위해 만들었는지는
//! 스냅샷 설명에 적혀 있습니다. 그 이미지가 계정의 목록에 없고, 남아 있는 다른 이미지도 이 스냅샷을 쓰지 않을 때만
//! 제안합니다.
//!
//! **주의할 점.** 다시 살려야 할 시스템의 마지막 사본일 수 있습니다. 휴지통(Recycle Bin) 규칙을 미리 만들어
//! 두면 되돌릴 수 있습니다.
//!
//! **절감액.** 청구서에 스냅샷 비용이 있으면 그 값을 씁니다. 없으면 `FullSnapshotSizeInBytes`를 같은 볼륨의 남은
//! 스냅샷 수로 나눕니다. 블록을 공유할 수 있으므로 이때 최소 절감액은 0입니다.
//!
//! **다른 도구와 다른 점.** AMI의 스냅샷은 모두 제외하거나, 볼륨 크기에 가격을 곱해 표시하는 도구가 많습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::snapshot::Snapshot;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::saving::{EVERYTHING, deletion, narrowed};
use crate::snapshot_owner::{image_named, scheduler, siblings, stored};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-snapshot-image-deregistered",
    title: StaticText {
        en: "EBS snapshot of an image that is gone",
        ko: "등록 취소된 이미지의 EBS 스냅샷",
    },
    kind: ResourceKind::Snapshot,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Snapshot),
        Need::Kind(ResourceKind::Image),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Snapshot, &facts.snapshot.snapshots, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    snapshot: &Resource<Snapshot>,
) -> Result<Verdict, Unknown> {
    let Some(image) = image_named(snapshot) else {
        return Ok(pass(
            "not-of-an-image",
            "It was not made for an image.",
            "이미지용으로 만든 스냅샷이 아닙니다.",
        ));
    };
    if let Some(scheduler) = scheduler(snapshot) {
        return Ok(exempt(
            "owned-by-service",
            format!("{scheduler} made this snapshot and decides about it."),
            format!("스냅샷을 만들고 관리하는 주체: {scheduler}."),
        ));
    }
    if !facts.snapshot.was_listed(ResourceKind::Image, &snapshot.account, &snapshot.region) {
        return Err(unknown(
            "images-not-listed",
            "The images of this account and region were not read.",
            "이 계정과 리전의 이미지 목록이 없습니다.",
            &["inventory:describe-images"],
        ));
    }
    let is_used = facts
        .snapshot
        .images
        .iter()
        .any(|one| one.id.as_str() == image || one.kind.snapshot_ids.contains(&snapshot.id));
    if is_used {
        return Ok(pass("image-exists", "Its image is registered.", "이미지가 등록되어 있습니다."));
    }
    if snapshot.kind.state.as_deref().is_some_and(|state| state != "completed") {
        return Ok(pass(
            "not-completed",
            "The snapshot is being made; its image may come.",
            "아직 만들어지는 중인 스냅샷이라 이미지가 등록될 수 있습니다.",
        ));
    }
    let siblings = siblings(facts, snapshot);
    let reference = snapshot.reference(ResourceKind::Snapshot);
    let names: &[ResourceId] = std::slice::from_ref(&snapshot.id);
    let savings =
        deletion(facts, &reference, names, EVERYTHING, stored(facts, snapshot, siblings))?;
    let low = if siblings == 1 { Decimal::ONE } else { Decimal::ZERO };
    let savings = narrowed(savings, low, Decimal::ONE)?;
    Ok(Proposal {
        action: Action::DeleteSnapshot { volume_size_gib: snapshot.kind.volume_size_gib },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::SourceDeleted],
        reason: Reason::new(
            "image-deregistered",
            format!("It was made for {image}, which is not registered any more."),
            format!("등록 취소된 이미지의 스냅샷입니다: {image}."),
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
            figures: vec![
                Figure::word("image", "Made for", "대상 이미지", image),
                Figure::number("snapshots_of_volume", "Snapshots left of this volume", "같은 볼륨의 남은 스냅샷", siblings as f64, ""),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "last_copy".to_owned(),
                text: Text::new(
                    "Whether it is the last copy of a system that must come back, or an image that lies in the Recycle Bin needs it.",
                    "다시 살려야 할 시스템의 마지막 사본인지, 휴지통에 있는 이미지가 이 스냅샷을 쓰는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn of_image(description: &str) -> Scene {
        scene().volume_snapshot(|snapshot| snapshot.kind.description = Some(description.into()))
    }

    #[test]
    fn a_snapshot_whose_image_is_gone_fires() {
        let scene = of_image("Created by CreateImage(i-1) for ami-0abc");
        check(&CHECK, scene, "recommend 2.00 / 2.00 / 2.00");
        let copied = "Copied for DestinationAmi ami-0abc from SourceAmi ami-9 for SourceSnapshot snap-9. Task created on 1.";
        check(&CHECK, of_image(copied), "recommend 2.00 / 2.00 / 2.00");
    }

    #[test]
    fn a_snapshot_that_a_lifecycle_policy_made_is_left_to_it() {
        let mut scene = of_image("Created by CreateImage(i-1) for ami-0abc");
        let tags = &mut scene.snapshot.snapshots[0].tags;
        tags.insert("aws:dlm:lifecycle-policy-id".into(), "policy-1".into());
        check(&CHECK, scene, "exempt owned-by-service");
    }

    #[test]
    fn a_snapshot_of_no_image_passes() {
        check(&CHECK, of_image("before the migration"), "pass not-of-an-image");
    }

    #[test]
    fn a_snapshot_that_another_image_uses_is_just_under_and_passes() {
        let scene = of_image("Created by CreateImage(i-1) for ami-0abc");
        check(&CHECK, scene.clone().image(|_| ()), "pass image-exists");
        let mut making = scene;
        making.snapshot.snapshots[0].kind.state = Some("pending".into());
        check(&CHECK, making, "pass not-completed");
    }

    #[test]
    fn where_images_were_not_listed_the_verdict_is_unknown() {
        let mut scene = of_image("Created by CreateImage(i-1) for ami-0abc");
        scene.snapshot.listed.clear();
        check(&CHECK, scene, "unknown images-not-listed");
    }
}
