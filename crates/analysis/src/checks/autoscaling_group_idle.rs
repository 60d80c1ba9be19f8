//! Finds Auto Scaling groups whose instances do nothing.
//!
//! **Why it costs.** The group keeps its desired number of instances running, whatever they do.
//!
//! **What we do.** Set the minimum and the desired capacity to zero. The group, its launch template and its
//! policies stay; setting the old sizes brings instances back.
//!
//! **What could go wrong.** Instances are terminated, and what is only on their disks is lost. A standby
//! or a job that runs once a month looks idle. A scaling policy may raise the group
//! again. The thresholds are Compute Optimizer's: no instance above 5 % of CPU in any interval, and less than
//! 5 MB of network a day for each instance, for 14 days.
//!
//! **Where others err.** They look at each member alone and propose to stop it; the group then starts another.
//!
//! # 한국어
//!
//! 인스턴스가 아무 일도 하지 않는 Auto Scaling 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 그룹은 인스턴스가 무엇을 하든 원하는 용량만큼 계속 실행합니다.
//!
//! **제안하는 조치.** 최소 용량과 원하는 용량을 0으로 설정합니다. 그룹과 시작 템플릿, 정책은 그대로 남으며, 원래
//! 크기로 설정하면 인스턴스가 다시 시작됩니다.
//!
//! **주의할 점.** 인스턴스가 종료되므로 디스크에만 있는 데이터는 사라집니다. 대기용이거나 한 달에 한 번 쓰는
//! 그룹도 유휴로 보일 수 있고, 조정 정책이 그룹을 다시 늘릴 수도 있습니다. 기준은 Compute Optimizer와
//! 같습니다. 14일 동안 모든 구간에서 CPU가 5% 미만이고 인스턴스당 네트워크가 하루 5 MB 미만이어야 합니다.
//!
//! **다른 도구와 다른 점.** 인스턴스를 하나씩 보고 중지를 권하는 도구가 많지만, 그러면 그룹이 새 인스턴스를
//! 시작합니다.

use trimtab_model::action::{Action, GroupSizes};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::group_use::{cost, not_ours, sizes, watched};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation, busiest_day};
use crate::saving::{INSTANCE_HOURS, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Bytes in the megabyte of the network threshold.
const MEGABYTE: f64 = 1_000_000.0;

/// The check.
pub static CHECK: Check = Check {
    id: "autoscaling-group-idle",
    title: StaticText {
        en: "Auto Scaling group that does nothing",
        ko: "아무 일도 하지 않는 Auto Scaling 그룹",
    },
    kind: ResourceKind::AutoScalingGroup,
    action_type: ActionType::ScaleIn,
    needs: &[
        Need::Kind(ResourceKind::AutoScalingGroup),
        Need::Kind(ResourceKind::Instance),
        Need::Metric("AWS/EC2", "CPUUtilization", &[Statistic::Maximum]),
        Need::Metric("AWS/EC2", "NetworkIn", &[Statistic::Sum]),
        Need::Metric("AWS/EC2", "NetworkOut", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_cpu_percent",
            default: "5",
            unit: "%",
            text: StaticText {
                en: "The highest CPU use of any instance in any interval must stay below this.",
                ko: "모든 인스턴스의 모든 구간에서 최대 CPU 사용률이 이 값보다 낮아야 합니다.",
            },
        },
        Threshold {
            name: "max_network_mb_per_day",
            default: "5",
            unit: "MB/day",
            text: StaticText {
                en: "Bytes in and out on the busiest day, for each instance, must stay below this.",
                ko: "가장 바쁜 날의 인스턴스당 송수신 합계가 이 값보다 작아야 합니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let groups = &facts.snapshot.auto_scaling_groups;
        judge_each(check, facts, ResourceKind::AutoScalingGroup, groups, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    group: &Resource<AutoScalingGroup>,
) -> Result<Verdict, Unknown> {
    let from = sizes(&group.kind);
    if from.desired_capacity == 0 {
        return Ok(pass("empty", "The group has no instances.", "인스턴스가 없는 그룹입니다."));
    }
    if let Some(verdict) = not_ours(group) {
        return Ok(verdict);
    }
    let cpu = watched(check, facts, group, "CPUUtilization", &[Statistic::Maximum])?;
    let peak = cpu.iter().map(|seen| seen.profile.max).fold(0.0, f64::max);
    let max_cpu = check.threshold_f64(facts, "max_cpu_percent");
    if peak >= max_cpu {
        return Ok(pass(
            "cpu-in-use",
            format!("CPU reached {peak:.1} %."),
            format!("CPU 사용률이 {peak:.1}%까지 올라갔습니다."),
        ));
    }
    let received = watched(check, facts, group, "NetworkIn", &[Statistic::Sum])?;
    let sent = watched(check, facts, group, "NetworkOut", &[Statistic::Sum])?;
    let moved = moved_by_one(&received, &sent, from.desired_capacity) / MEGABYTE;
    let network: Vec<_> = received.into_iter().chain(sent).collect();
    if network.iter().any(|one| one.profile.days.is_empty()) {
        return Err(unknown(
            "days-missing",
            "The network metrics were not summed per day.",
            "네트워크 지표의 일별 합계가 없습니다.",
            &["metrics:AWS/EC2:NetworkIn", "metrics:AWS/EC2:NetworkOut"],
        ));
    }
    let max_network = check.threshold_f64(facts, "max_network_mb_per_day");
    if moved >= max_network {
        return Ok(pass(
            "network-in-use",
            format!("The busiest day moved {moved:.1} MB for each instance."),
            format!("가장 바쁜 날의 인스턴스당 송수신량이 {moved:.1} MB입니다."),
        ));
    }
    let reference = group.reference(ResourceKind::AutoScalingGroup);
    let members = &group.kind.instance_ids;
    let savings = deletion(facts, &reference, members, INSTANCE_HOURS, cost(facts, group))?;
    let days = cpu.iter().chain(&network).map(Observation::days).fold(f64::INFINITY, f64::min);
    Ok(Proposal {
        action: Action::ResizeAutoScalingGroup {
            from,
            to: GroupSizes { min_size: 0, max_size: from.max_size, desired_capacity: 0 },
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("None of its {} instances went above {max_cpu} % of CPU or {max_network} MB a day in {days:.0} days.", from.desired_capacity),
            format!("인스턴스 {}개 모두 {days:.0}일 동안 CPU {max_cpu}%, 하루 {max_network} MB를 넘지 않았습니다.", from.desired_capacity),
        ),
        savings,
        performance_risk: risk(group.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The group starts new instances; what was only on the disks of the old ones is lost.",
            "그룹이 새 인스턴스를 시작하지만, 기존 인스턴스의 디스크에만 있던 데이터는 사라집니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("cpu_max", "CPU maximum", "CPU 최댓값", peak, "%").against(max_cpu),
                Figure::number("network_max", "Network on the busiest day, for each instance", "가장 바쁜 날의 인스턴스당 네트워크", moved, "MB/day").against(max_network),
            ],
            coverage: cpu.iter().chain(&network).map(Observation::coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it stands by for an emergency or for work that comes less than once in the window.",
                    "비상용이거나 관측 기간보다 긴 주기로 쓰이는 그룹인지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the bytes of the busiest instance on its busiest day.
///
/// A series of the whole group tells only the mean of its instances.
fn moved_by_one(received: &[Observation<'_>], sent: &[Observation<'_>], instances: u32) -> f64 {
    if received.len() == sent.len() && received.len() > 1 {
        let each =
            received.iter().zip(sent).map(|(received, sent)| busiest_day(&[*received, *sent]));
        return each.fold(0.0, f64::max);
    }
    let all: Vec<_> = received.iter().chain(sent).copied().collect();
    busiest_day(&all) / f64::from(instances.max(1))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, scene};

    fn group(cpu: f64) -> Scene {
        let mut scene = scene()
            .group(|group| {
                group.kind.desired_capacity = 2;
                group.kind.instance_ids = vec!["i-1".into(), "i-2".into()];
            })
            .instance_type(instance_facts("m5.large", 2, 8), "0.096");
        for id in ["i-1", "i-2"] {
            scene = scene
                .instance(|instance| instance.id = id.into())
                .metric(id, "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(cpu, 14))
                .metric(id, "AWS/EC2", "NetworkIn", Statistic::Sum, flat(100.0, 14))
                .metric(id, "AWS/EC2", "NetworkOut", Statistic::Sum, flat(100.0, 14));
        }
        scene
    }

    #[test]
    fn a_group_that_does_nothing_fires() {
        check(&CHECK, group(1.0), "recommend 87.60 / 140.16 / 140.16");
    }

    #[test]
    fn an_empty_group_passes() {
        let mut scene = group(1.0);
        scene.snapshot.auto_scaling_groups[0].kind.desired_capacity = 0;
        check(&CHECK, scene, "pass empty");
    }

    #[test]
    fn a_use_just_under_the_threshold_fires_and_at_it_passes() {
        check(&CHECK, group(4.9), "recommend 87.60 / 140.16 / 140.16");
        check(&CHECK, group(5.0), "pass cpu-in-use");
    }

    #[test]
    fn one_busy_instance_is_not_hidden_by_a_silent_one() {
        // 288 samples a day: 5 MB is 17,362 bytes each.
        let busy = |bytes| {
            group(1.0).metric("i-1", "AWS/EC2", "NetworkIn", Statistic::Sum, flat(bytes, 14))
        };
        check(&CHECK, busy(17_000.0), "recommend 87.60 / 140.16 / 140.16");
        check(&CHECK, busy(17_400.0), "pass network-in-use");
    }

    #[test]
    fn a_network_without_sums_of_days_is_unknown() {
        let mut series = flat(100.0, 14);
        series.days.clear();
        let scene = group(1.0).metric("i-2", "AWS/EC2", "NetworkOut", Statistic::Sum, series);
        check(&CHECK, scene, "unknown days-missing");
    }

    #[test]
    fn a_group_with_a_member_that_nobody_watched_is_unknown() {
        let mut scene = group(1.0);
        scene.snapshot.auto_scaling_groups[0].kind.instance_ids.push("i-3".into());
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn spare_capacity_has_no_list_price_and_is_unknown_without_a_bill() {
        let mut scene = group(1.0);
        scene.snapshot.instances[0].kind.instance_lifecycle = Some("spot".into());
        check(&CHECK, scene, "unknown price-missing");
    }

    #[test]
    fn a_node_group_is_exempt() {
        let mut scene = group(1.0);
        scene.snapshot.auto_scaling_groups[0].tags.insert("eks:nodegroup-name".into(), "a".into());
        check(&CHECK, scene, "exempt managed");
    }
}
