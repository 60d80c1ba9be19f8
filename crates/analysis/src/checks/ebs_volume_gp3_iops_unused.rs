//! Finds gp3 volumes that pay for IOPS they do not use.
//!
//! **Why it costs.** gp3 includes 3,000 IOPS; each one above is charged by the month, whether it
//! is used or not.
//!
//! **What we do.** Lower the IOPS in place, online, to twice what the busiest five minutes of at
//! least 14 days asked for, never below 3,000 and never below what the volume's throughput needs
//! (one IOPS carries 0.25 MiB/s). Reads and writes are counted as if their peaks came together.
//!
//! **What could go wrong.** Five-minute means hide bursts of seconds; that is what the headroom
//! is for. A monthly job may lie outside the window. Raising the IOPS again is online, but
//! takes effect only when the volume has finished the change, and AWS allows four changes a day.
//!
//! **Where others err.** Many report every gp3 volume with paid IOPS, without looking at the
//! metrics, or compare the mean of weeks. We also leave a volume alone that ran into its limit.
//!
//! # 한국어
//!
//! 쓰지 않는 IOPS에 비용을 내고 있는 gp3 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** gp3에는 3,000 IOPS가 포함되어 있고, 그 이상은 사용 여부와 관계없이 매월
//! 과금됩니다.
//!
//! **제안하는 조치.** 온라인 상태에서 IOPS를 낮춥니다. 14일 이상 관측한 기간 중 가장 바쁜 5분의 두 배를
//! 남기며, 3,000 미만이나 볼륨 처리량에 필요한 값(IOPS당 0.25 MiB/s) 미만으로는 낮추지 않습니다. 읽기와
//! 쓰기의 최댓값이 동시에 발생한 것으로 계산합니다.
//!
//! **주의할 점.** 5분 평균에는 몇 초 동안의 급증이 드러나지 않으므로 여유를 둡니다. 한 달에 한 번 실행되는
//! 작업은 관측 기간 밖에 있을 수 있습니다. IOPS는 온라인으로 다시 올릴 수 있지만, 변경이 끝난 뒤에야 적용되며
//! 하루에 네 번까지만 변경할 수 있습니다.
//!
//! **다른 도구와 다른 점.** 지표를 보지 않고 추가 IOPS가 있는 모든 gp3 볼륨을 보고하거나, 몇 주의 평균과
//! 비교하는 도구가 많습니다. trimtab은 한도에 도달한 적이 있는 볼륨도 제외합니다.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::{GP3_INCLUDED_IOPS, GP3_INCLUDED_THROUGHPUT};
use crate::saving::volume_change;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};
use crate::volume_use::{
    HEADROOM_PERCENT, hit_its_limit, operations, unseen_bursts, with_headroom,
};

/// IOPS that gp3 wants for each MiB/s: one IOPS carries 0.25 MiB/s.
const IOPS_PER_MIB_S: u32 = 4;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-gp3-iops-unused",
    title: StaticText {
        en: "gp3 volume that pays for IOPS it does not use",
        ko: "쓰지 않는 IOPS에 비용을 내는 gp3 볼륨",
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::Metric("AWS/EBS", "VolumeReadOps", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeWriteOps", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/EBS", "VolumeIOPSExceededCheck", &[Statistic::Maximum]),
        Need::OptionalBilling,
    ],
    thresholds: &[HEADROOM_PERCENT, MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    if volume.kind.volume_type != "gp3" || volume.kind.attachments.is_empty() {
        return Ok(pass(
            "not-attached-gp3",
            "The volume is not an attached gp3 volume.",
            "연결된 gp3 볼륨이 아닙니다.",
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
    if iops <= GP3_INCLUDED_IOPS {
        return Ok(pass(
            "included",
            "The volume has no IOPS beyond those that gp3 includes.",
            "gp3에 포함된 IOPS 이상으로 설정되어 있지 않습니다.",
        ));
    }
    if hit_its_limit(facts, volume, "VolumeIOPSExceededCheck") {
        return Ok(pass(
            "limit-reached",
            "The volume asked for more IOPS than it has.",
            "설정된 IOPS 한도를 넘겨 요청한 적이 있는 볼륨입니다.",
        ));
    }
    let used = operations(check, facts, volume)?;
    let carries = volume.kind.throughput_mib_s.unwrap_or(GP3_INCLUDED_THROUGHPUT) * IOPS_PER_MIB_S;
    let wanted =
        with_headroom(check, facts, used.per_second, 100).max(GP3_INCLUDED_IOPS).max(carries);
    if wanted >= iops {
        return Ok(pass(
            "needed",
            format!("The busiest five minutes need {wanted} IOPS with headroom."),
            format!("가장 바쁜 5분에 여유를 더하면 {wanted} IOPS가 필요합니다."),
        ));
    }
    let now = VolumeSettings::from(&volume.kind);
    let after = VolumeSettings { iops: Some(wanted), ..now.clone() };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let savings = volume_change(facts, volume, &now, &after)?;
    Ok(Proposal {
        // Throughput stays out of the change, so that it combines with one of that.
        action: Action::ModifyVolume {
            from: VolumeSettings { throughput_mib_s: None, ..now },
            to: VolumeSettings { throughput_mib_s: None, ..after },
            size_gib,
        },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::EBSIOPSOverprovisioned],
        reason: Reason::new(
            "iops-unused",
            format!(
                "It has {iops} IOPS; its busiest five minutes asked for {:.0}.",
                used.per_second
            ),
            format!(
                "설정된 IOPS는 {iops}이지만 가장 바쁜 5분의 평균은 {:.0}입니다.",
                used.per_second
            ),
        ),
        savings,
        performance_risk: risk(volume.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(used.days as u32),
            figures: vec![
                Figure::number(
                    "iops_max",
                    "IOPS in the busiest five minutes",
                    "가장 바쁜 5분의 IOPS",
                    used.per_second,
                    "IOPS",
                )
                .against(f64::from(iops)),
                Figure::number(
                    "iops_after",
                    "IOPS afterwards",
                    "변경 후 IOPS",
                    f64::from(wanted),
                    "IOPS",
                ),
            ],
            coverage: used.coverage,
            signals_not_seen: vec![unseen_bursts("VolumeIOPSExceededCheck")],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::volume::VolumeAttachment;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    fn gp3(iops: u32, used: f64) -> Scene {
        let half = || flat(used / 2.0 * 300.0, 14);
        scene()
            .volume(|volume| {
                volume.kind.volume_type = "gp3".into();
                volume.kind.iops = Some(iops);
                volume.kind.throughput_mib_s = Some(125);
                volume.kind.state = "in-use".into();
                volume.kind.attachments =
                    vec![VolumeAttachment { instance_id: "i-1".into(), device: None, state: None }];
            })
            .metric("vol-1", "AWS/EBS", "VolumeReadOps", Statistic::Sum, half())
            .metric("vol-1", "AWS/EBS", "VolumeWriteOps", Statistic::Sum, half())
    }

    #[test]
    fn a_volume_with_10000_iops_of_which_it_uses_1000_fires() {
        // 7,000 IOPS at 0.005.
        check(&CHECK, gp3(10_000, 1000.0), "recommend 35.00 / 35.00 / 35.00");
    }

    #[test]
    fn throughput_is_left_out_of_the_command() {
        let scene = gp3(10_000, 1000.0);
        let recommendation = recommended(&CHECK, &scene);
        let commands = recommendation.action.commands(&recommendation.resource);
        assert_eq!(
            commands.apply,
            [
                "aws ec2 modify-volume --volume-id vol-1 --volume-type gp3 --iops 3000 --region us-east-1"
            ]
        );
    }

    #[test]
    fn a_volume_with_the_included_iops_passes() {
        check(&CHECK, gp3(3000, 10.0), "pass included");
    }

    #[test]
    fn a_volume_that_uses_half_of_its_iops_is_just_under_the_threshold() {
        check(&CHECK, gp3(10_000, 5000.0), "pass needed");
        check(&CHECK, gp3(10_000, 4950.0), "recommend 0.50 / 0.50 / 0.50");
    }

    #[test]
    fn a_volume_that_met_its_limit_passes() {
        let scene = gp3(10_000, 1000.0).metric(
            "vol-1",
            "AWS/EBS",
            "VolumeIOPSExceededCheck",
            Statistic::Maximum,
            flat(1.0, 1),
        );
        check(&CHECK, scene, "pass limit-reached");
    }

    #[test]
    fn a_volume_that_nobody_watched_is_unknown() {
        let mut scene = gp3(10_000, 1000.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
    }
}
