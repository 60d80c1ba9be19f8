//! Finds EC2 instances that have been stopped for long.
//!
//! **Why it costs.** A stopped instance is not charged; its volumes are, in full.
//!
//! **What we do.** Take a snapshot of every volume and an image of the instance, then
//! terminate it. The saving is what the volumes cost; *low* takes off the snapshots at the
//! full size of the volumes, kept for ever.
//!
//! **What could go wrong.** Terminating is final: a new instance from the image has another
//! id, other addresses and no instance-store data. A seasonal server may rest longer than
//! 30 days, which is Trusted Advisor's default too; raise `min_stopped_days` for those.
//!
//! **Where others err.** They count from the launch, or print the price of the instance,
//! which a stopped one does not cost. We read the time of the stop from the state's
//! reason; where AWS does not give it, we say *unknown*.
//!
//! # 한국어
//!
//! 오랫동안 중지되어 있는 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 중지된 인스턴스에는 요금이 없지만, 볼륨에는 요금이 그대로 부과됩니다.
//!
//! **제안하는 조치.** 모든 볼륨의 스냅샷과 인스턴스의 이미지를 만든 다음 인스턴스를 종료합니다.
//! 절감액은 볼륨의 비용입니다. 하한(*low*)은 볼륨 크기 전체의 스냅샷을 계속 보관한다고 가정하고 그
//! 비용을 뺍니다.
//!
//! **주의할 점.** 종료는 되돌릴 수 없습니다. 이미지로 새로 만든 인스턴스는 ID와 주소가 다르고 인스턴스
//! 스토어의 데이터도 없습니다. 계절에 따라 쓰는 서버는 기본값 30일보다 오래 쉴 수 있습니다. 이 값은
//! Trusted Advisor의 기본값과 같으며, 그런 서버가 있으면 `min_stopped_days` 값을 늘리세요.
//!
//! **다른 도구와 다른 점.** 시작한 날부터 세거나, 중지된 동안에는 들지 않는 인스턴스 요금을 절감액으로
//! 표시하는 도구가 있습니다. trimtab은 상태 변경 사유에서 중지 시각을 읽고, AWS가 알려 주지 않으면
//! *판단 보류*로 둡니다.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::ownership::{Manager, manager};
use crate::pricing::Tariff;
use crate::recovery::less_kept_snapshots;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-stopped",
    title: StaticText {
        en: "EC2 instance stopped for long",
        ko: "오래 중지되어 있는 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::Kind(ResourceKind::Volume),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_stopped_days",
        default: "30",
        unit: "days",
        text: StaticText {
            en: "Report instances that have been stopped for more days than this.",
            ko: "이 일수를 넘겨 중지되어 있는 인스턴스를 보고합니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    if instance.kind.state != InstanceState::Stopped {
        return Ok(pass(
            "not-stopped",
            "The instance is not stopped.",
            "중지된 인스턴스가 아닙니다.",
        ));
    }
    if instance.kind.auto_scaling_group_name.is_some() {
        return Ok(Verdict::Exempt(Manager::AutoScaling.reason()));
    }
    if let Some(manager) = manager(&instance.tags).filter(|manager| manager.replaces()) {
        return Ok(Verdict::Exempt(manager.reason()));
    }
    let Some(stopped_at) = instance.kind.stopped_at else {
        return Err(unknown(
            "stop-time-unknown",
            "When the instance was stopped is not known: its StateTransitionReason has no date.",
            "언제 중지되었는지 알 수 없습니다(StateTransitionReason에 시각이 없음).",
            &["inventory:describe-instances"],
        ));
    };
    let stopped_days = days_between(stopped_at, facts.now);
    let min_days = check.threshold_f64(facts, "min_stopped_days");
    if f64::from(stopped_days) <= min_days {
        return Ok(pass(
            "stopped-recently",
            format!(
                "The instance has been stopped for {}, not more than {min_days}.",
                counted(stopped_days, "day")
            ),
            format!("중지된 지 {stopped_days}일로 {min_days}일을 넘지 않았습니다."),
        ));
    }
    let volumes = attached_volumes(facts, instance)?;
    if volumes.is_empty() {
        return Ok(pass(
            "no-volumes",
            "The instance has no volumes, so it costs nothing while it is stopped.",
            "연결된 볼륨이 없어 중지 상태에서는 비용이 들지 않습니다.",
        ));
    }
    let size_gib: u64 = volumes.iter().map(|volume| u64::from(volume.kind.size_gib)).sum();
    let volume_ids: Vec<_> = volumes.iter().map(|volume| volume.id.clone()).collect();
    let reference = instance.reference(ResourceKind::Instance);
    let tariff = Tariff::of(facts, instance);
    let list = cost_of(&tariff, &volumes);
    let savings = deletion(facts, &reference, &volume_ids, EVERYTHING, list)?;
    let count = volumes.len();
    let mut evidence = Evidence {
        window_days: Some(stopped_days),
        figures: vec![
            Figure::number(
                "stopped_days",
                "Stopped for",
                "중지 기간",
                f64::from(stopped_days),
                "days",
            )
            .against(min_days),
            Figure::number(
                "volumes_gib",
                "Attached volumes",
                "연결된 볼륨",
                size_gib as f64,
                "GiB",
            ),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "purpose".to_owned(),
            text: Text::new(
                "Whether it is started for a season or an emergency.",
                "특정 시즌이나 비상시에만 시작하는 서버인지 알 수 없습니다.",
            ),
        }],
        ..Evidence::default()
    };
    let savings = less_kept_snapshots(savings, &tariff, size_gib, &mut evidence)?;
    Ok(Proposal {
        action: Action::TerminateInstance {
            instance_type: instance.kind.instance_type.clone(),
            volume_ids,
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Stopped],
        reason: Reason::new(
            "stopped",
            format!("Stopped for {}, with {} of {size_gib} GiB in all.", counted(stopped_days, "day"), counted(count, "volume")),
            format!("{stopped_days}일 동안 중지되어 있으며 볼륨 {count}개(총 {size_gib} GiB)가 과금되고 있습니다."),
        ),
        savings,
        performance_risk: risk(instance.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new instance from the image has another id and other addresses; instance-store data is lost.",
            "이미지로 다시 만든 인스턴스는 ID와 IP가 바뀌며, 인스턴스 스토어 데이터는 사라집니다.",
        )),
        evidence,
    }
    .into_verdict(check, reference))
}

/// Finds the volumes of the instance in the inventory.
fn attached_volumes<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
) -> Result<Vec<&'a Resource<Volume>>, Unknown> {
    let all: Vec<_> = facts
        .snapshot
        .volumes
        .iter()
        .filter(|volume| volume.account == instance.account && volume.region == instance.region)
        .filter(|volume| {
            instance.kind.volume_ids.contains(&volume.id)
                || volume.kind.attachments.iter().any(|held| held.instance_id == instance.id)
        })
        .collect();
    let complete =
        instance.kind.volume_ids.iter().all(|id| all.iter().any(|volume| volume.id == *id));
    if !complete {
        return Err(unknown(
            "volumes-unknown",
            "The volumes of the instance were not read.",
            "인스턴스에 연결된 볼륨 정보가 없습니다.",
            &["inventory:describe-volumes"],
        ));
    }
    Ok(all)
}

fn cost_of(
    tariff: &Tariff<'_>,
    volumes: &[&Resource<Volume>],
) -> Result<Vec<CostComponent>, Unknown> {
    let mut formula = Vec::new();
    for volume in volumes {
        let settings = VolumeSettings {
            volume_type: volume.kind.volume_type.clone(),
            iops: volume.kind.iops,
            throughput_mib_s: volume.kind.throughput_mib_s,
        };
        formula.extend(tariff.volume(&settings, volume.kind.size_gib)?);
    }
    Ok(formula)
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::instance::InstanceState;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn stopped(days: i64) -> Scene {
        scene().volume(|volume| volume.kind.state = "in-use".into()).instance(|instance| {
            instance.kind.state = InstanceState::Stopped;
            instance.kind.stopped_at = Some(days_ago(days));
            instance.kind.volume_ids = vec!["vol-1".into()];
        })
    }

    #[test]
    fn an_instance_stopped_for_31_days_fires() {
        check(&CHECK, stopped(31), "recommend 5.00 / 10.00 / 10.00");
    }

    #[test]
    fn a_running_instance_passes() {
        check(&CHECK, scene().instance(|_| ()), "pass not-stopped");
    }

    #[test]
    fn an_instance_stopped_for_30_days_is_just_under_the_threshold() {
        check(&CHECK, stopped(30), "pass stopped-recently");
    }

    #[test]
    fn an_instance_without_a_stop_time_is_unknown() {
        let scene = scene().instance(|instance| instance.kind.state = InstanceState::Stopped);
        check(&CHECK, scene, "unknown stop-time-unknown");
    }

    #[test]
    fn an_instance_whose_volumes_were_not_read_is_unknown() {
        let mut scene = stopped(31);
        scene.snapshot.volumes.clear();
        check(&CHECK, scene, "unknown volumes-unknown");
    }

    #[test]
    fn an_instance_without_volumes_passes() {
        let mut scene = stopped(31);
        scene.snapshot.instances[0].kind.volume_ids.clear();
        scene.snapshot.volumes.clear();
        check(&CHECK, scene, "pass no-volumes");
    }
}
