//! Finds gp3 volumes that pay for throughput they do not use.
//!
//! **Why it costs.** gp3 includes 125 MiB/s; each MiB/s above is charged by the month, whether it
//! is used or not.
//!
//! **What we do.** Lower the throughput in place, online, to twice what the busiest five minutes
//! of at least 14 days moved, never below 125 MiB/s. Reads and writes are counted as if their
//! peaks came together.
//!
//! **What could go wrong.** Five-minute means hide bursts of seconds; that is what the headroom is
//! for. A backup or a restore once a month may lie outside the window. Raising it again is
//! online, but takes effect only when the volume has finished the change, and AWS allows four
//! changes a day.
//!
//! **Where others err.** Many report every gp3 volume with paid throughput, without looking at
//! the metrics. We also leave a volume alone that ran into its limit.
//!
//! # 한국어
//!
//! 쓰지 않는 처리량에 비용을 내고 있는 gp3 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** gp3에는 125 MiB/s가 포함되어 있고, 그 이상은 사용 여부와 관계없이 매월 과금됩니다.
//!
//! **제안하는 조치.** 온라인 상태에서 처리량을 낮춥니다. 14일 이상 관측한 기간 중 가장 바쁜 5분의 두 배를
//! 남기며, 125 MiB/s 미만으로는 낮추지 않습니다. 읽기와 쓰기의 최댓값이 동시에 발생한 것으로 계산합니다.
//!
//! **주의할 점.** 5분 평균에는 몇 초 동안의 급증이 드러나지 않으므로 여유를 둡니다. 한 달에 한 번 실행되는
//! 백업이나 복원은 관측 기간 밖에 있을 수 있습니다. 처리량은 온라인으로 다시 올릴 수 있지만, 변경이 끝난 뒤에야
//! 적용되며 하루에 네 번까지만 변경할 수 있습니다.
//!
//! **다른 도구와 다른 점.** 지표를 보지 않고 추가 처리량이 있는 모든 gp3 볼륨을 보고하는 도구가 많습니다.
//! trimtab은 한도에 도달한 적이 있는 볼륨도 제외합니다.

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
use crate::pricing::GP3_INCLUDED_THROUGHPUT;
use crate::saving::volume_change;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};
use crate::volume_use::{
    HEADROOM_PERCENT, MEBIBYTE, bytes, hit_its_limit, unseen_bursts, with_headroom,
};

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-gp3-throughput-unused",
    title: StaticText {
        en: "gp3 volume that pays for throughput it does not use",
        ko: "쓰지 않는 처리량에 비용을 내는 gp3 볼륨",
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::Metric("AWS/EBS", "VolumeReadBytes", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeWriteBytes", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/EBS", "VolumeThroughputExceededCheck", &[Statistic::Maximum]),
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
    let Some(throughput) = volume.kind.throughput_mib_s else {
        return Err(unknown(
            "throughput-unknown",
            "The provisioned throughput is not known.",
            "프로비저닝된 처리량 값이 없습니다.",
            &["inventory:describe-volumes"],
        ));
    };
    if throughput <= GP3_INCLUDED_THROUGHPUT {
        return Ok(pass(
            "included",
            "The volume has no throughput beyond what gp3 includes.",
            "gp3에 포함된 처리량 이상으로 설정되어 있지 않습니다.",
        ));
    }
    if hit_its_limit(facts, volume, "VolumeThroughputExceededCheck") {
        return Ok(pass(
            "limit-reached",
            "The volume asked for more throughput than it has.",
            "설정된 처리량 한도를 넘겨 요청한 적이 있는 볼륨입니다.",
        ));
    }
    let used = bytes(check, facts, volume)?;
    let used_mib_s = used.per_second / MEBIBYTE;
    let wanted = with_headroom(check, facts, used_mib_s, 5).max(GP3_INCLUDED_THROUGHPUT);
    if wanted >= throughput {
        return Ok(pass(
            "needed",
            format!("The busiest five minutes need {wanted} MiB/s with headroom."),
            format!("가장 바쁜 5분에 여유를 더하면 {wanted} MiB/s가 필요합니다."),
        ));
    }
    let now = VolumeSettings::from(&volume.kind);
    let after = VolumeSettings { throughput_mib_s: Some(wanted), ..now.clone() };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let savings = volume_change(facts, volume, &now, &after)?;
    Ok(Proposal {
        // IOPS stay out of the change, so that it combines with one of those.
        action: Action::ModifyVolume {
            from: VolumeSettings { iops: None, ..now },
            to: VolumeSettings { iops: None, ..after },
            size_gib,
        },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::EBSThroughputOverprovisioned],
        reason: Reason::new(
            "throughput-unused",
            format!("It has {throughput} MiB/s; its busiest five minutes moved {used_mib_s:.0} MiB/s."),
            format!("설정된 처리량은 {throughput} MiB/s이지만 가장 바쁜 5분의 평균은 {used_mib_s:.0} MiB/s입니다."),
        ),
        savings,
        performance_risk: risk(volume.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(used.days as u32),
            figures: vec![
                Figure::number("throughput_max", "Throughput in the busiest five minutes", "가장 바쁜 5분의 처리량", used_mib_s, "MiB/s")
                    .against(f64::from(throughput)),
                Figure::number("throughput_after", "Throughput afterwards", "변경 후 처리량", f64::from(wanted), "MiB/s"),
            ],
            coverage: used.coverage,
            signals_not_seen: vec![unseen_bursts("VolumeThroughputExceededCheck")],
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

    fn gp3(throughput: u32, used: f64) -> Scene {
        let half = || flat(used / 2.0 * 1_048_576.0 * 300.0, 14);
        scene()
            .volume(|volume| {
                volume.kind.volume_type = "gp3".into();
                volume.kind.iops = Some(3000);
                volume.kind.throughput_mib_s = Some(throughput);
                volume.kind.state = "in-use".into();
                volume.kind.attachments =
                    vec![VolumeAttachment { instance_id: "i-1".into(), device: None, state: None }];
            })
            .metric("vol-1", "AWS/EBS", "VolumeReadBytes", Statistic::Sum, half())
            .metric("vol-1", "AWS/EBS", "VolumeWriteBytes", Statistic::Sum, half())
    }

    #[test]
    fn a_volume_with_500_mib_of_which_it_uses_10_fires() {
        // 375 MiB/s at 0.04.
        check(&CHECK, gp3(500, 10.0), "recommend 15.00 / 15.00 / 15.00");
    }

    #[test]
    fn iops_are_left_out_of_the_command() {
        let scene = gp3(500, 10.0);
        let recommendation = recommended(&CHECK, &scene);
        let commands = recommendation.action.commands(&recommendation.resource);
        assert_eq!(
            commands.apply,
            [
                "aws ec2 modify-volume --volume-id vol-1 --volume-type gp3 --throughput 125 --region us-east-1"
            ]
        );
    }

    #[test]
    fn a_volume_with_the_included_throughput_passes() {
        check(&CHECK, gp3(125, 1.0), "pass included");
    }

    #[test]
    fn a_volume_that_uses_half_of_its_throughput_is_just_under_the_threshold() {
        check(&CHECK, gp3(500, 250.0), "pass needed");
        check(&CHECK, gp3(500, 247.0), "recommend 0.20 / 0.20 / 0.20");
    }

    #[test]
    fn a_volume_that_nobody_watched_is_unknown() {
        let mut scene = gp3(500, 10.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
    }
}
