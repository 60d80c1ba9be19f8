//! Finds EBS volumes that are attached to nothing.
//!
//! **Why it costs.** A volume is charged for its size, and for its IOPS and throughput
//! where they are provisioned, whether anything reads it or not.
//!
//! **What we do.** Take a snapshot, wait until it is complete, delete the volume. The
//! snapshot is charged for the blocks that hold data, at about half the price of gp3 or
//! less; *low* counts it at the full size of the volume, kept for ever.
//!
//! **What could go wrong.** Somebody detached the volume yesterday and wants it back: the
//! undo makes a new volume, with a new id, from the snapshot. AWS does not list when a
//! volume was detached, so the age counts from its creation; the default of 14 days only
//! spares what a test or an incident left for a moment. Raise it to 32 days, which is what
//! Compute Optimizer waits before it acts, where volumes rest between monthly runs.
//!
//! **Where others err.** Some flag a volume on the day it is detached, and most print the
//! full price as the saving although they advise to keep a snapshot.
//!
//! # 한국어
//!
//! 어디에도 연결되지 않은 EBS 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** 볼륨은 읽든 읽지 않든 크기만큼 요금이 부과되고, IOPS와 처리량을
//! 프로비저닝했다면 그 요금도 부과됩니다.
//!
//! **제안하는 조치.** 스냅샷을 만들고, 완료될 때까지 기다린 다음 볼륨을 삭제합니다. 스냅샷은 데이터가
//! 있는 블록만큼만 과금되며 단가는 gp3의 절반 정도이거나 그보다 낮습니다. 하한(*low*)은 볼륨 크기
//! 전체의 스냅샷을 계속 보관한다고 가정합니다.
//!
//! **주의할 점.** 누군가 어제 분리해 둔 볼륨을 다시 찾을 수 있습니다. 되돌릴 때는 스냅샷에서 새 ID의 새
//! 볼륨을 만듭니다. AWS는 볼륨이 언제 분리되었는지 알려 주지 않으므로 나이는 생성일부터 셉니다. 기본값
//! 14일은 시험이나 장애 대응 중에 잠시 남겨 둔 볼륨을 거르는 정도입니다. 매달 도는 작업 사이에 볼륨이
//! 쉬는 환경이라면, Compute Optimizer가 조치 전에 기다리는 기간인 32일로 늘리세요.
//!
//! **다른 도구와 다른 점.** 분리된 그날 바로 볼륨을 지적하는 도구가 있고, 대부분은 스냅샷을 남기라고
//! 권하면서도 볼륨 요금 전액을 절감액으로 표시합니다.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::Tariff;
use crate::recovery::less_kept_snapshots;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-unattached",
    title: StaticText {
        en: "EBS volume attached to nothing",
        ko: "어디에도 연결되지 않은 EBS 볼륨",
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Delete,
    needs: &[Need::Kind(ResourceKind::Volume), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_age_days",
        default: "14",
        unit: "days",
        text: StaticText {
            en: "Youngest volume that is reported, counted from its creation.",
            ko: "보고 대상이 되는 볼륨의 최소 나이(생성일 기준)입니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    if volume.kind.state != "available" || !volume.kind.attachments.is_empty() {
        return Ok(pass("attached", "The volume is in use.", "사용 중인 볼륨입니다."));
    }
    let Some(created) = volume.kind.create_time else {
        return Err(unknown(
            "age-unknown",
            "The creation time of the volume is not known.",
            "볼륨의 생성 시각을 알 수 없습니다.",
            &["inventory:describe-volumes"],
        ));
    };
    let age_days = days_between(created, facts.now);
    let min_age_days = check.threshold_f64(facts, "min_age_days");
    if f64::from(age_days) < min_age_days {
        return Ok(pass(
            "too-young",
            format!(
                "The volume is {} old; below {min_age_days} it may still be needed.",
                counted(age_days, "day")
            ),
            format!(
                "생성된 지 {age_days}일 된 볼륨입니다. {min_age_days}일이 되기 전에는 아직 쓰일 수 있습니다."
            ),
        ));
    }
    let settings = VolumeSettings {
        volume_type: volume.kind.volume_type.clone(),
        iops: volume.kind.iops,
        throughput_mib_s: volume.kind.throughput_mib_s,
    };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let tariff = Tariff::of(facts, volume);
    let list = tariff.volume(&settings, size_gib);
    let savings = deletion(facts, &reference, std::slice::from_ref(&volume.id), EVERYTHING, list)?;

    let mut evidence = Evidence {
        window_days: Some(age_days),
        figures: vec![
            Figure::number("age_days", "Age", "생성 후 경과", f64::from(age_days), "days")
                .against(min_age_days),
            Figure::number("size_gib", "Size", "크기", f64::from(size_gib), "GiB"),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "detach_time".to_owned(),
            text: Text::new(
                "When the volume was detached is not listed; the age counts from its creation.",
                "볼륨이 분리된 시각은 조회되지 않아 생성일을 기준으로 계산했습니다.",
            ),
        }],
        ..Evidence::default()
    };
    let savings = less_kept_snapshots(savings, &tariff, size_gib.into(), &mut evidence)?;
    Ok(Proposal {
        action: Action::DeleteVolume {
            settings,
            size_gib,
            availability_zone: volume.kind.availability_zone.clone(),
        },
        finding: Finding::Unattached,
        reason_codes: vec![ReasonCode::Unattached],
        reason: Reason::new(
            "unattached",
            format!("The volume of {size_gib} GiB is attached to nothing and {} old.", counted(age_days, "day")),
            format!("{size_gib} GiB 볼륨이 어디에도 연결되어 있지 않으며, 생성된 지 {age_days}일 되었습니다."),
        ),
        savings,
        performance_risk: risk(volume.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A volume made from the snapshot has the same data and a new id, and reads slowly at first.",
            "스냅샷에서 만든 볼륨은 데이터는 같지만 ID가 바뀌고, 처음 읽을 때 느립니다.",
        )),
        evidence,
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, recommended, scene};

    fn unattached(age_days: i64) -> Scene {
        scene().volume(|volume| volume.kind.create_time = Some(days_ago(age_days)))
    }

    #[test]
    fn an_old_unattached_volume_fires() {
        check(&CHECK, unattached(14), "recommend 5.00 / 10.00 / 10.00");
    }

    #[test]
    fn an_attached_volume_passes() {
        check(
            &CHECK,
            scene().volume(|volume| volume.kind.state = "in-use".into()),
            "pass attached",
        );
    }

    #[test]
    fn a_volume_of_13_days_is_just_under_the_threshold() {
        check(&CHECK, unattached(13), "pass too-young");
    }

    #[test]
    fn a_volume_without_creation_time_is_unknown() {
        check(
            &CHECK,
            scene().volume(|volume| volume.kind.create_time = None),
            "unknown age-unknown",
        );
    }

    #[test]
    fn a_region_without_price_is_unknown_unless_the_bill_has_the_volume() {
        let unpriced = unattached(30).without_price("ebs/volume_storage_gp2");
        check(&CHECK, unpriced.clone(), "unknown price-missing");
        check(
            &CHECK,
            unpriced.bill("vol-1", "EBS:VolumeUsage.gp2", "100", "9.60"),
            "recommend 4.66 / 9.73 / 9.73",
        );
    }

    #[test]
    fn f12_an_unpriced_snapshot_makes_the_worst_case_zero() {
        let scene = unattached(30).without_price("ebs/snapshot_storage");
        check(&CHECK, scene, "recommend 0.00 / 10.00 / 10.00");
    }

    #[test]
    fn an_estimated_price_needs_permission() {
        let scene = unattached(30).estimated_price("ebs/volume_storage_gp2");
        check(&CHECK, scene.clone(), "unknown price-only-estimated");
        let notes = recommended(&CHECK, &scene.allowing_estimates()).evidence.notes;
        assert!(notes.iter().any(|note| note.en.contains("derived")), "{notes:?}");
    }

    #[test]
    fn the_owner_may_keep_it() {
        let scene = scene().volume(|volume| {
            volume.tags.insert("trimtab:ignore".into(), "until:2026-12-31".into());
        });
        check(&CHECK, scene, "exempt ignored");
    }

    #[test]
    fn a_volume_of_a_stack_says_that_the_template_must_change() {
        let scene = scene().volume(|volume| {
            volume.tags.insert("aws:cloudformation:stack-name".into(), "game".into());
        });
        let notes = recommended(&CHECK, &scene).evidence.notes;
        assert!(notes.iter().any(|note| note.en.contains("CloudFormation")), "{notes:?}");
    }
}
