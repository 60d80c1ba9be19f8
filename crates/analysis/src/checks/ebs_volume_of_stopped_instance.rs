//! Finds volumes that pay for IOPS or throughput while their instance is stopped.
//!
//! **Why it costs.** A stopped instance reads and writes nothing, but the IOPS and the throughput
//! provisioned for its volumes are charged as before, often more than the space itself.
//!
//! **What we do.** Lower them in place to what is free or least: 3,000 IOPS and 125 MiB/s for gp3,
//! 100 IOPS for io1 and io2. Size, type and data stay. Raise them again before the next start.
//! Whether the instance and its volumes are still needed at all is asked by `ec2-instance-stopped`.
//!
//! **What could go wrong.** The full performance is back only when the volume has finished the
//! change, which may take hours for a large one: an instance that is started in a hurry is slow
//! at first. The default of 7 days spares what is only off over the weekend.
//!
//! **Where others err.** They report the whole price of the volume, as if it could go without
//! its data.
//!
//! # 한국어
//!
//! 인스턴스가 중지된 동안에도 IOPS나 처리량 비용이 드는 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** 중지된 인스턴스는 읽기와 쓰기를 하지 않지만, 볼륨에 설정한 IOPS와 처리량은 그대로
//! 과금됩니다. 저장 공간보다 비용이 더 큰 경우도 많습니다.
//!
//! **제안하는 조치.** 설정을 최소한으로 낮춥니다. gp3는 무료로 포함된 3,000 IOPS와 125 MiB/s, io1/io2는
//! 100 IOPS입니다. 크기와 유형, 데이터는 그대로입니다. 다시 시작하기 전에 값을 되돌리세요. 인스턴스와 볼륨이
//! 계속 필요한지는 `ec2-instance-stopped`에서 다룹니다.
//!
//! **주의할 점.** 변경이 끝난 뒤에야 원래 성능이 나오며, 큰 볼륨은 몇 시간이 걸릴 수 있습니다. 급히 시작하면
//! 처음에는 느립니다. 기본값 7일은 주말에만 꺼 두는 인스턴스를 제외하기 위한 것입니다.
//!
//! **다른 도구와 다른 점.** 데이터를 버릴 수 있다고 보고 볼륨 가격 전체를 절감액으로 표시하는 도구가 많습니다.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::{GP3_INCLUDED_IOPS, GP3_INCLUDED_THROUGHPUT};
use crate::saving::volume_change;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The fewest IOPS that io1 and io2 may have.
const MIN_PROVISIONED_IOPS: u32 = 100;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-of-stopped-instance",
    title: StaticText {
        en: "Volume with paid performance on a stopped instance",
        ko: "중지된 인스턴스에 연결된, 성능 비용이 드는 볼륨",
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::Kind(ResourceKind::Instance),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_stopped_days",
        default: "7",
        unit: "days",
        text: StaticText {
            en: "Report volumes whose instances have been stopped for at least so many days.",
            ko: "인스턴스가 이 일수 이상 중지되어 있는 볼륨을 보고합니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    let now = VolumeSettings::from(&volume.kind);
    let Some(after) = least(&now)? else {
        return Ok(pass(
            "nothing-paid",
            "The volume pays for no IOPS and no throughput.",
            "IOPS나 처리량에 별도 비용이 들지 않는 볼륨입니다.",
        ));
    };
    let Some(stopped_days) = stopped_days(facts, volume)? else {
        return Ok(pass(
            "not-stopped",
            "It is not the volume of a stopped instance.",
            "중지된 인스턴스에 연결된 볼륨이 아닙니다.",
        ));
    };
    let min_days = check.threshold_f64(facts, "min_stopped_days");
    if f64::from(stopped_days) < min_days {
        return Ok(pass(
            "stopped-recently",
            format!("Its instance was stopped {stopped_days} days ago."),
            format!("인스턴스가 중지된 지 {stopped_days}일입니다."),
        ));
    }
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let savings = volume_change(facts, volume, &now, &after)?;
    Ok(Proposal {
        action: Action::ModifyVolume { from: now, to: after, size_gib },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::Stopped],
        reason: Reason::new(
            "stopped",
            format!("Its instance has been stopped for {stopped_days} days, and its IOPS or throughput are charged."),
            format!("인스턴스가 {stopped_days}일째 중지되어 있지만 IOPS나 처리량이 과금되고 있습니다."),
        ),
        savings,
        performance_risk: risk(volume.environment, 0),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(stopped_days),
            figures: vec![
                Figure::number("stopped_days", "Stopped for", "중지 기간", f64::from(stopped_days), "days")
                    .against(min_days),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "next_start".to_owned(),
                text: Text::new(
                    "When the instance is to be started again.",
                    "인스턴스를 언제 다시 시작할지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Put the settings back, and wait for the change to complete, before the instance is started for work.",
                "인스턴스를 업무용으로 다시 시작하기 전에 설정을 되돌리고 변경이 끝날 때까지 기다리세요.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the same volume with the least performance; absent where nothing is paid for it.
fn least(now: &VolumeSettings) -> Result<Option<VolumeSettings>, Unknown> {
    let iops_unknown = || {
        unknown(
            "iops-unknown",
            "The provisioned IOPS are not known.",
            "프로비저닝된 IOPS 값이 없습니다.",
            &["inventory:describe-volumes"],
        )
    };
    let after = match now.volume_type.as_str() {
        "gp3" => VolumeSettings {
            iops: Some(now.iops.ok_or_else(iops_unknown)?.min(GP3_INCLUDED_IOPS)),
            throughput_mib_s: now.throughput_mib_s.map(|most| most.min(GP3_INCLUDED_THROUGHPUT)),
            ..now.clone()
        },
        "io1" | "io2" => VolumeSettings {
            iops: Some(now.iops.ok_or_else(iops_unknown)?.min(MIN_PROVISIONED_IOPS)),
            ..now.clone()
        },
        _ => return Ok(None),
    };
    Ok((after != *now).then_some(after))
}

/// Returns for how long every instance that holds the volume has been stopped; absent where
/// one runs or none holds it.
fn stopped_days(facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Option<u32>, Unknown> {
    let mut least: Option<u32> = None;
    for held in &volume.kind.attachments {
        let instance =
            facts.snapshot.instances.iter().find(|instance| {
                instance.id == held.instance_id && instance.account == volume.account
            });
        let Some(instance) = instance else {
            return Err(unknown(
                "instance-unknown",
                format!("The instance {} that holds the volume was not read.", held.instance_id),
                format!("볼륨이 연결된 인스턴스의 정보가 없습니다: {}.", held.instance_id),
                &["inventory:describe-instances"],
            ));
        };
        if instance.kind.state != InstanceState::Stopped {
            return Ok(None);
        }
        let Some(stopped_at) = instance.kind.stopped_at else {
            return Err(unknown(
                "stop-time-unknown",
                "When the instance was stopped is not known.",
                "인스턴스가 언제 중지되었는지 알 수 없습니다.",
                &["inventory:describe-instances"],
            ));
        };
        let days = days_between(stopped_at, facts.now);
        least = Some(least.map_or(days, |least| least.min(days)));
    }
    Ok(least)
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::instance::InstanceState;
    use trimtab_model::resource::volume::VolumeAttachment;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn stopped(volume_type: &str, iops: u32, days: i64) -> Scene {
        scene()
            .volume(|volume| {
                volume.kind.volume_type = volume_type.into();
                volume.kind.iops = Some(iops);
                volume.kind.attachments =
                    vec![VolumeAttachment { instance_id: "i-1".into(), device: None, state: None }];
            })
            .instance(|instance| {
                instance.kind.state = InstanceState::Stopped;
                instance.kind.stopped_at = Some(days_ago(days));
            })
    }

    #[test]
    fn paid_iops_of_a_stopped_instance_fires() {
        // 3,900 IOPS at 0.065.
        check(&CHECK, stopped("io1", 4000, 7), "recommend 253.50 / 253.50 / 253.50");
        check(&CHECK, stopped("gp3", 4000, 7), "recommend 5.00 / 5.00 / 5.00");
    }

    #[test]
    fn a_volume_that_pays_for_space_only_passes() {
        check(&CHECK, stopped("gp2", 300, 7), "pass nothing-paid");
        check(&CHECK, stopped("gp3", 3000, 7), "pass nothing-paid");
    }

    #[test]
    fn an_instance_stopped_for_6_days_is_just_under_the_threshold() {
        check(&CHECK, stopped("io1", 4000, 6), "pass stopped-recently");
    }

    #[test]
    fn a_volume_of_a_running_instance_passes() {
        let mut scene = stopped("io1", 4000, 7);
        scene.snapshot.instances[0].kind.state = InstanceState::Running;
        check(&CHECK, scene, "pass not-stopped");
    }

    #[test]
    fn a_stop_without_a_date_is_unknown() {
        let mut scene = stopped("io1", 4000, 7);
        scene.snapshot.instances[0].kind.stopped_at = None;
        check(&CHECK, scene, "unknown stop-time-unknown");
    }
}
