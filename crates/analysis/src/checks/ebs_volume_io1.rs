//! Finds io1 volumes that io2 serves for less.
//!
//! **Why it costs.** io1 asks the same for every IOPS. io2 asks less above 32,000 IOPS, and keeps
//! data more safely at the same price of space.
//!
//! **What we do.** Change the type in place, online, to io2 with the same size and IOPS.
//! Volumes within the reach of gp3 are the business of `ebs-volume-provisioned-iops`.
//!
//! **What could go wrong.** Very little: io2 promises more durability and no less performance.
//! More than 32,000 IOPS need an instance of the Nitro kind, as they do with io1. A volume with
//! Multi-Attach cannot change its type and is left alone.
//!
//! **Where others err.** They propose io2 for every io1 volume, although up to 32,000 IOPS the
//! two cost the same, and print a saving that nobody sees on the bill.
//!
//! # 한국어
//!
//! io2로 바꾸면 비용이 줄어드는 io1 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** io1은 모든 IOPS의 단가가 같습니다. io2는 32,000 IOPS를 넘는 부분의 단가가 더 낮고,
//! 저장 공간 가격은 같으면서 내구성은 더 높습니다.
//!
//! **제안하는 조치.** 온라인 상태에서 크기와 IOPS는 그대로 두고 유형만 io2로 바꿉니다. gp3로 충분한 볼륨은
//! `ebs-volume-provisioned-iops`에서 다룹니다.
//!
//! **주의할 점.** 위험은 거의 없습니다. io2의 내구성은 더 높고 성능은 같거나 더 좋습니다. 32,000 IOPS를
//! 넘으려면 io1과 마찬가지로 Nitro 인스턴스가 필요합니다. Multi-Attach 볼륨은 유형을 바꿀 수 없어 제외합니다.
//!
//! **다른 도구와 다른 점.** 32,000 IOPS까지는 두 유형의 가격이 같은데도 모든 io1 볼륨에 io2를 권하고,
//! 청구서에 나타나지 않을 절감액을 표시하는 도구가 많습니다.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::check::{Check, Facts, Need};
use crate::saving::volume_change;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-io1",
    title: StaticText {
        en: "io1 volume that io2 serves for less", ko: "io2가 더 저렴한 io1 볼륨"
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::Volume), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_iops",
        default: "32000",
        unit: "IOPS",
        text: StaticText {
            en: "Look at volumes with more IOPS than this; up to here io1 and io2 cost the same.",
            ko: "이보다 IOPS가 많은 볼륨을 봅니다. 이 값까지는 io1과 io2의 가격이 같습니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    if volume.kind.volume_type != "io1" {
        return Ok(pass("not-io1", "The volume is not of type io1.", "io1 유형이 아닙니다."));
    }
    if volume.kind.multi_attach_enabled == Some(true) || volume.kind.attachments.len() > 1 {
        return Ok(exempt(
            "multi-attach",
            "The type of a volume with Multi-Attach cannot be changed.",
            "Multi-Attach 볼륨은 유형을 바꿀 수 없습니다.",
        ));
    }
    let Some(iops) = volume.kind.iops else {
        return Err(unknown(
            "iops-unknown",
            "The provisioned IOPS are not known.",
            "프로비저닝된 IOPS 값이 없습니다.",
            &["inventory:describe-volumes"],
        ));
    };
    let min_iops = check.threshold(facts, "min_iops");
    if rust_decimal::Decimal::from(iops) <= min_iops {
        return Ok(pass(
            "same-price",
            format!("Up to {min_iops} IOPS, io1 and io2 cost the same."),
            format!("{min_iops} IOPS까지는 io1과 io2의 가격이 같습니다."),
        ));
    }
    let from = VolumeSettings::from(&volume.kind);
    let to = VolumeSettings { volume_type: "io2".to_owned(), ..from.clone() };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let savings = volume_change(facts, volume, &from, &to)?;
    Ok(Proposal {
        action: Action::ModifyVolume { from, to, size_gib },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationStorageTypeAvailable],
        reason: Reason::new(
            "io2-is-cheaper",
            format!("io2 serves the same {iops} IOPS for less."),
            format!("io2는 같은 {iops} IOPS를 더 저렴하게 제공합니다."),
        ),
        savings,
        performance_risk: risk(volume.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![Figure::number(
                "iops",
                "Provisioned IOPS",
                "프로비저닝 IOPS",
                f64::from(iops),
                "IOPS",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn io1(iops: u32) -> Scene {
        scene().volume(|volume| {
            volume.kind.volume_type = "io1".into();
            volume.kind.iops = Some(iops);
        })
    }

    #[test]
    fn an_io1_volume_of_40000_iops_fires() {
        // 8,000 IOPS at 0.065 less 0.0455.
        check(&CHECK, io1(40_000), "recommend 156.00 / 156.00 / 156.00");
    }

    #[test]
    fn a_gp2_volume_passes() {
        check(&CHECK, scene().volume(|_| ()), "pass not-io1");
    }

    #[test]
    fn a_volume_of_32000_iops_is_just_under_the_threshold() {
        check(&CHECK, io1(32_000), "pass same-price");
    }

    #[test]
    fn a_region_without_the_price_is_unknown() {
        let scene = io1(40_000).without_price("ebs/io2_iops_32000_64000");
        check(&CHECK, scene, "unknown price-missing");
    }
}
