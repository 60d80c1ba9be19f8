//! Finds io1 and io2 volumes with more IOPS than they use.
//!
//! **Why it costs.** Every provisioned IOPS of io1 and io2 is charged by the month, from the first,
//! at more than ten times what gp3 asks.
//!
//! **What we do.** Lower the IOPS in place, online, to twice what the busiest five minutes of at
//! least 14 days asked for. The type stays, and with it the durability and the latency it
//! promises; `ebs-volume-provisioned-iops` looks at gp3 instead.
//!
//! **What could go wrong.** Five-minute means hide bursts of seconds; that is what the headroom is
//! for. The throughput of io1 and io2 shrinks with the IOPS (0.25 MiB/s each), so the bytes
//! moved count too. A monthly job may lie outside the window.
//!
//! **Where others err.** They compare a mean over weeks with the provisioned figure, or look at
//! operations only and starve a volume that moves large blocks.
//!
//! # 한국어
//!
//! 실제 사용량보다 IOPS를 많이 설정한 io1/io2 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** io1/io2는 설정한 모든 IOPS가 첫 단위부터 매월 과금되며, 단가는 gp3의 열 배가 넘습니다.
//!
//! **제안하는 조치.** 온라인 상태에서 IOPS를 낮춥니다. 14일 이상 관측한 기간 중 가장 바쁜 5분의 두 배를
//! 남깁니다. 유형은 그대로이므로 내구성과 지연 시간도 유지됩니다. gp3로 옮기는 방안은
//! `ebs-volume-provisioned-iops`에서 다룹니다.
//!
//! **주의할 점.** 5분 평균에는 몇 초 동안의 급증이 드러나지 않으므로 여유를 둡니다. io1/io2의 처리량은 IOPS에
//! 비례하므로(IOPS당 0.25 MiB/s) 전송한 바이트도 함께 계산합니다. 한 달에 한 번 실행되는 작업은 관측 기간 밖에
//! 있을 수 있습니다.
//!
//! **다른 도구와 다른 점.** 몇 주의 평균과 설정값을 비교하거나, 작업 수만 보고 큰 블록을 다루는 볼륨의 처리량을
//! 부족하게 만드는 도구가 많습니다.

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
use crate::saving::volume_change;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};
use crate::volume_use::{
    HEADROOM_PERCENT, bytes, hit_its_limit, operations, unseen_bursts, with_headroom,
};

/// Bytes in a second that one IOPS of io1 or io2 carries: 0.25 MiB.
const BYTES_PER_IO: f64 = 262_144.0;

/// The fewest IOPS that io1 and io2 may have.
const MIN_IOPS: u32 = 100;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-iops-unused",
    title: StaticText {
        en: "io1 or io2 volume with more IOPS than it uses",
        ko: "사용량보다 IOPS를 많이 설정한 io1/io2 볼륨",
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::Metric("AWS/EBS", "VolumeReadOps", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeWriteOps", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeReadBytes", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeWriteBytes", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/EBS", "VolumeIOPSExceededCheck", &[Statistic::Maximum]),
        Need::OptionalBilling,
    ],
    thresholds: &[HEADROOM_PERCENT, MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    let volume_type = volume.kind.volume_type.as_str();
    if !matches!(volume_type, "io1" | "io2") || volume.kind.attachments.is_empty() {
        return Ok(pass(
            "not-attached-io",
            "The volume is not an attached io1 or io2 volume.",
            "연결된 io1/io2 볼륨이 아닙니다.",
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
    if hit_its_limit(facts, volume, "VolumeIOPSExceededCheck") {
        return Ok(pass(
            "limit-reached",
            "The volume asked for more IOPS than it has.",
            "설정된 IOPS 한도를 넘겨 요청한 적이 있는 볼륨입니다.",
        ));
    }
    let used = operations(check, facts, volume)?;
    let moved = bytes(check, facts, volume)?;
    let busiest = used.per_second.max(moved.per_second / BYTES_PER_IO);
    let wanted = with_headroom(check, facts, busiest, 100).max(MIN_IOPS);
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
        action: Action::ModifyVolume { from: now, to: after, size_gib },
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
            coverage: used.coverage.into_iter().chain(moved.coverage).collect(),
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
    use crate::scene::{Scene, check, flat, scene};

    fn io2(iops: u32, used: f64, mib_s: f64) -> Scene {
        let half = |amount: f64| flat(amount / 2.0 * 300.0, 14);
        let bytes = mib_s * 1_048_576.0;
        scene()
            .volume(|volume| {
                volume.kind.volume_type = "io2".into();
                volume.kind.iops = Some(iops);
                volume.kind.state = "in-use".into();
                volume.kind.attachments =
                    vec![VolumeAttachment { instance_id: "i-1".into(), device: None, state: None }];
            })
            .metric("vol-1", "AWS/EBS", "VolumeReadOps", Statistic::Sum, half(used))
            .metric("vol-1", "AWS/EBS", "VolumeWriteOps", Statistic::Sum, half(used))
            .metric("vol-1", "AWS/EBS", "VolumeReadBytes", Statistic::Sum, half(bytes))
            .metric("vol-1", "AWS/EBS", "VolumeWriteBytes", Statistic::Sum, half(bytes))
    }

    #[test]
    fn a_volume_with_10000_iops_of_which_it_uses_1000_fires() {
        // 8,000 IOPS at 0.065.
        check(&CHECK, io2(10_000, 1000.0, 1.0), "recommend 520.00 / 520.00 / 520.00");
    }

    #[test]
    fn a_volume_that_moves_large_blocks_keeps_what_carries_them() {
        // 500 MiB/s need 2,000 IOPS, and 4,000 with headroom.
        check(&CHECK, io2(10_000, 1000.0, 500.0), "recommend 390.00 / 390.00 / 390.00");
    }

    #[test]
    fn a_gp3_volume_passes() {
        let mut scene = io2(10_000, 1000.0, 1.0);
        scene.snapshot.volumes[0].kind.volume_type = "gp3".into();
        check(&CHECK, scene, "pass not-attached-io");
    }

    #[test]
    fn a_volume_that_uses_half_of_its_iops_is_just_under_the_threshold() {
        check(&CHECK, io2(10_000, 5000.0, 1.0), "pass needed");
        check(&CHECK, io2(10_000, 4950.0, 1.0), "recommend 6.50 / 6.50 / 6.50");
    }

    #[test]
    fn a_volume_that_nobody_watched_is_unknown() {
        let mut scene = io2(10_000, 1000.0, 1.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
    }
}
