//! Finds st1 volumes that sc1 carries.
//!
//! **Why it costs.** st1 is made for streams and costs about three times what sc1 does, by the space.
//!
//! **What we do.** Change the type in place, online, to sc1, if the busiest five minutes of at
//! least 14 days, with headroom, stay below sc1's baseline of 12 MiB/s for each TiB. Every
//! request counts as a whole MiB, as sc1 counts it when access is at random.
//!
//! **What could go wrong.** sc1 bursts to 80 MiB/s for each TiB while st1 bursts to 250: a full scan or a restore
//! takes longer. A monthly scan may lie outside the window.
//!
//! **Where others err.** They look at bytes only; small requests at random use up a hard disk
//! long before bytes do.
//!
//! # 한국어
//!
//! sc1로 충분한 st1 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** st1은 대용량 스트림을 위한 유형으로, 저장 공간 단가가 sc1의 약 세 배입니다.
//!
//! **제안하는 조치.** 14일 이상 관측한 기간 중 가장 바쁜 5분에 여유를 더해도 sc1의 기준 처리량(TiB당
//! 12 MiB/s)보다 낮으면, 온라인 상태에서 유형을 sc1로 바꿉니다. 임의 접근일 때 sc1이 계산하는 방식대로 요청 하나를
//! 1 MiB로 계산합니다.
//!
//! **주의할 점.** 버스트 처리량이 st1은 TiB당 250 MiB/s, sc1은 80 MiB/s이므로 전체 스캔이나 복원이 더 오래
//! 걸립니다. 한 달에 한 번 실행되는 스캔은 관측 기간 밖에 있을 수 있습니다.
//!
//! **다른 도구와 다른 점.** 바이트만 보는 도구가 많지만, 하드 디스크는 작은 임의 요청 때문에 먼저 한계에
//! 이릅니다.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::saving::volume_change;
use crate::verdict::{Proposal, judge_each, pass, risk};
use crate::volume_use::{HEADROOM_PERCENT, MEBIBYTE, bytes, operations};

/// MiB/s that sc1 sustains for each TiB.
const BASELINE_PER_TIB: f64 = 12.0;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-st1-cold",
    title: StaticText { en: "st1 volume that sc1 carries", ko: "sc1로 충분한 st1 볼륨" },
    kind: ResourceKind::Volume,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::Metric("AWS/EBS", "VolumeReadOps", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeWriteOps", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeReadBytes", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeWriteBytes", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[HEADROOM_PERCENT, MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    if volume.kind.volume_type != "st1" || volume.kind.attachments.is_empty() {
        return Ok(pass(
            "not-attached-st1",
            "The volume is not an attached st1 volume.",
            "연결된 st1 볼륨이 아닙니다.",
        ));
    }
    let requests = operations(check, facts, volume)?;
    let moved = bytes(check, facts, volume)?;
    let busiest = requests.per_second.max(moved.per_second / MEBIBYTE);
    let headroom = 1.0 + check.threshold_f64(facts, HEADROOM_PERCENT.name).max(0.0) / 100.0;
    let baseline = BASELINE_PER_TIB * f64::from(volume.kind.size_gib) / 1024.0;
    if busiest * headroom >= baseline {
        return Ok(pass(
            "needed",
            format!(
                "The busiest five minutes need {busiest:.1} MiB/s; sc1 sustains {baseline:.1}."
            ),
            format!(
                "가장 바쁜 5분에 {busiest:.1} MiB/s가 필요하며, sc1의 기준 처리량은 {baseline:.1} MiB/s입니다."
            ),
        ));
    }
    let from = VolumeSettings::from(&volume.kind);
    let to = VolumeSettings { volume_type: "sc1".to_owned(), ..from.clone() };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let savings = volume_change(facts, volume, &from, &to)?;
    Ok(Proposal {
        action: Action::ModifyVolume { from, to, size_gib },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::EBSThroughputOverprovisioned],
        reason: Reason::new(
            "sc1-carries-it",
            format!("Its busiest five minutes need {busiest:.1} MiB/s, and sc1 sustains {baseline:.1}."),
            format!("가장 바쁜 5분에 필요한 처리량은 {busiest:.1} MiB/s이고 sc1의 기준 처리량은 {baseline:.1} MiB/s입니다."),
        ),
        savings,
        performance_risk: risk(volume.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(requests.days.min(moved.days) as u32),
            figures: vec![
                Figure::number("throughput_max", "Busiest five minutes, a MiB for each request", "가장 바쁜 5분(요청당 1 MiB로 계산)", busiest, "MiB/s")
                    .against(baseline),
            ],
            coverage: requests.coverage.into_iter().chain(moved.coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "scans".to_owned(),
                text: Text::new(
                    "Whether a scan or restore of the whole volume must end within a certain time.",
                    "볼륨 전체를 읽는 작업이나 복원을 정해진 시간 안에 끝내야 하는지 알 수 없습니다.",
                ),
            }],
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

    /// A volume of 10 TiB, for which sc1 sustains 120 MiB/s.
    fn st1(requests: f64, mib_s: f64) -> Scene {
        let half = |amount: f64| flat(amount / 2.0 * 300.0, 14);
        let bytes = mib_s * 1_048_576.0;
        scene()
            .volume(|volume| {
                volume.kind.volume_type = "st1".into();
                volume.kind.size_gib = 10_240;
                volume.kind.iops = None;
                volume.kind.attachments =
                    vec![VolumeAttachment { instance_id: "i-1".into(), device: None, state: None }];
            })
            .metric("vol-1", "AWS/EBS", "VolumeReadOps", Statistic::Sum, half(requests))
            .metric("vol-1", "AWS/EBS", "VolumeWriteOps", Statistic::Sum, half(requests))
            .metric("vol-1", "AWS/EBS", "VolumeReadBytes", Statistic::Sum, half(bytes))
            .metric("vol-1", "AWS/EBS", "VolumeWriteBytes", Statistic::Sum, half(bytes))
    }

    #[test]
    fn a_cold_volume_fires() {
        check(&CHECK, st1(10.0, 8.0), "recommend 307.20 / 307.20 / 307.20");
    }

    #[test]
    fn a_gp2_volume_passes() {
        check(&CHECK, scene().volume(|_| ()), "pass not-attached-st1");
    }

    #[test]
    fn a_volume_just_under_half_of_the_baseline_fires_and_at_half_of_it_passes() {
        check(&CHECK, st1(1.0, 60.0), "pass needed");
        check(&CHECK, st1(60.0, 1.0), "pass needed");
        check(&CHECK, st1(59.0, 59.0), "recommend 307.20 / 307.20 / 307.20");
    }

    #[test]
    fn a_volume_that_nobody_watched_is_unknown() {
        let mut scene = st1(1.0, 1.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
    }
}
