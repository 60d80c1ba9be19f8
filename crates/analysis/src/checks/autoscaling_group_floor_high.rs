//! Finds Auto Scaling groups that their minimum keeps larger than the load needs.
//!
//! **Why it costs.** A scaling policy can only take away what is above the minimum. Where the group stood
//! at its minimum all the time and its CPU was low all the same, the minimum decides, not the load.
//!
//! **What we do.** Lower the minimum to what the busiest half percent of at least 14 days needs at the
//! target use, never below one instance in each zone. The desired capacity stays; the policy
//! takes instances away as the load allows, and brings them back.
//!
//! **What could go wrong.** Memory, connections or a licence may need the number, not the CPU. A sudden
//! rush meets fewer instances until the policy has started others. *Low* is zero, because the
//! policy decides how many go.
//!
//! **Where others err.** They multiply the minimum by the price and call all of it a saving, or lower the
//! minimum of a group without a policy, which changes nothing.
//!
//! # 한국어
//!
//! 최소 용량 때문에 부하에 비해 크게 유지되는 Auto Scaling 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 조정 정책은 최소 용량을 넘는 인스턴스만 줄일 수 있습니다. 그룹이 내내 최소 용량이었는데도
//! CPU 사용률이 낮았다면, 크기를 정하는 것은 부하가 아니라 최소 용량입니다.
//!
//! **제안하는 조치.** 14일 이상 관측한 기간 중 가장 바쁜 0.5%를 목표 사용률로 처리할 수 있는 수까지 최소 용량을
//! 낮춥니다. 가용 영역마다 하나씩은 남깁니다. 원하는 용량은 그대로 두며, 부하에 따라 정책이 인스턴스를 줄이고
//! 다시 늘립니다.
//!
//! **주의할 점.** CPU가 아니라 메모리, 연결 수, 라이선스 때문에 그 수가 필요할 수 있습니다. 갑자기 부하가 늘면
//! 정책이 인스턴스를 추가할 때까지 더 적은 수로 처리해야 합니다. 몇 개를 줄일지는 정책이 정하므로 최소 절감액은
//! 0입니다.
//!
//! **다른 도구와 다른 점.** 최소 용량 전체의 가격을 절감액으로 표시하거나, 정책이 없어 최소 용량을 낮춰도 줄지
//! 않는 그룹까지 보고하는 도구가 많습니다.

use rust_decimal::Decimal;

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
use crate::group_use::{cost, not_ours, recent_activities, scaled, sizes, watched, zones};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::saving::{INSTANCE_HOURS, estimate_of, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Group metrics of EC2 Auto Scaling.
const NAMESPACE: &str = "AWS/AutoScaling";

/// The check.
pub static CHECK: Check = Check {
    id: "autoscaling-group-floor-high",
    title: StaticText {
        en: "Auto Scaling group whose minimum is more than the load needs",
        ko: "부하에 비해 최소 용량이 큰 Auto Scaling 그룹",
    },
    kind: ResourceKind::AutoScalingGroup,
    action_type: ActionType::ScaleIn,
    needs: &[
        Need::Kind(ResourceKind::AutoScalingGroup),
        Need::Kind(ResourceKind::Instance),
        Need::Metric(NAMESPACE, "GroupInServiceInstances", &[Statistic::Maximum]),
        Need::Metric("AWS/EC2", "CPUUtilization", &[Statistic::Maximum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "target_cpu_percent",
            default: "60",
            unit: "%",
            text: StaticText {
                en: "CPU use that an instance may have in the busiest half percent of the time.",
                ko: "가장 바쁜 0.5%의 시간에 인스턴스가 가져도 되는 CPU 사용률입니다.",
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
    let keep = zones(&group.kind);
    if from.min_size <= keep {
        return Ok(pass(
            "low-already",
            "The minimum is no more than one instance in each zone.",
            "최소 용량이 가용 영역당 인스턴스 하나 이하입니다.",
        ));
    }
    if let Some(verdict) = not_ours(group).or(not_scaling(&group.kind)?) {
        return Ok(verdict);
    }
    let names = std::slice::from_ref(&group.id);
    let in_service = Observation::complete(
        check,
        facts,
        group,
        names,
        NAMESPACE,
        "GroupInServiceInstances",
        &[Statistic::Maximum],
    )?;
    if in_service.profile.max > f64::from(from.min_size) {
        return Ok(pass(
            "grows",
            format!(
                "The group had up to {:.0} instances: the load decides.",
                in_service.profile.max
            ),
            format!(
                "인스턴스가 {:.0}개까지 늘어난 그룹으로, 부하에 따라 조정되고 있습니다.",
                in_service.profile.max
            ),
        ));
    }
    let cpu = watched(check, facts, group, "CPUUtilization", &[Statistic::Maximum])?;
    let busiest = cpu.iter().map(|seen| seen.profile.p99_5).fold(0.0, f64::max);
    let target = check.threshold_f64(facts, "target_cpu_percent").max(1.0);
    let needed = (f64::from(from.min_size) * busiest / target).ceil() as u32;
    let min_size = needed.max(keep);
    if min_size >= from.min_size {
        return Ok(pass(
            "needed",
            format!("Its busiest instance used {busiest:.0} % of CPU: the minimum is needed."),
            format!("가장 바쁜 인스턴스의 CPU 사용률이 {busiest:.0}%로 최소 용량이 필요합니다."),
        ));
    }
    let reference = group.reference(ResourceKind::AutoScalingGroup);
    let now = cost(facts, group)?;
    let share = Decimal::from(min_size) / Decimal::from(from.min_size);
    let after = scaled(&now, share);
    let members = &group.kind.instance_ids;
    let savings = estimate_of(facts, &reference, members, INSTANCE_HOURS, now, after)?;
    let savings = narrowed(savings, Decimal::ZERO, Decimal::ONE)?;
    let days = cpu.iter().map(Observation::days).fold(in_service.days(), f64::min);
    Ok(Proposal {
        action: Action::ResizeAutoScalingGroup { from, to: GroupSizes { min_size, ..from } },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::CPUOverprovisioned],
        reason: Reason::new(
            "floor-high",
            format!("It stood at its minimum of {} all the time, with CPU at {busiest:.0} % at most; {min_size} do.", from.min_size),
            format!("내내 최소 용량 {}개였고 CPU는 최대 {busiest:.0}%였습니다. {min_size}개로 충분합니다.", from.min_size),
        ),
        savings,
        performance_risk: risk(group.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: [
                Figure::number("cpu_p99_5", "CPU p99.5 of the busiest instance", "가장 바쁜 인스턴스의 CPU p99.5", busiest, "%").against(target),
                Figure::number("min_size", "Minimum afterwards", "변경 후 최소 용량", f64::from(min_size), "").against(f64::from(from.min_size)),
            ]
            .into_iter()
            .chain(recent_activities(&group.kind))
            .collect(),
            coverage: std::iter::once(&in_service).chain(&cpu).map(Observation::coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "memory".to_owned(),
                text: Text::new(
                    "Whether memory, connections or licences need the number.",
                    "메모리, 연결 수, 라이선스 때문에 그 수가 필요한지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the verdict on a group that no policy takes below its size.
fn not_scaling(group: &AutoScalingGroup) -> Result<Option<Verdict>, Unknown> {
    if group.mixed_instances.as_ref().is_some_and(|mixed| mixed.is_weighted) {
        return Err(unknown(
            "weighted",
            "Its sizes count weights, not instances.",
            "크기가 인스턴스 수가 아니라 가중치로 계산되는 그룹입니다.",
            &["metrics:AWS/AutoScaling:GroupInServiceCapacity"],
        ));
    }
    let Some(policies) = &group.scaling_policies else {
        return Err(unknown(
            "policies-unknown",
            "The scaling policies of the group were not read.",
            "그룹의 조정 정책 정보가 없습니다.",
            &["inventory:describe-policies"],
        ));
    };
    let paused = group.suspended_processes.iter().flatten().any(|one| one == "AlarmNotification");
    if paused || !policies.iter().any(|policy| policy.enabled != Some(false)) {
        return Ok(Some(pass(
            "no-policy",
            "No scaling policy would take instances away.",
            "인스턴스를 줄일 조정 정책이 없습니다.",
        )));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::auto_scaling_group::ScalingPolicy;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, scene};

    /// A group at its minimum of ten, with a policy.
    fn group(cpu: f64) -> Scene {
        let ids: Vec<String> = (0..10).map(|one| format!("i-{one}")).collect();
        let mut scene = scene()
            .group(|group| {
                group.kind.min_size = 10;
                group.kind.max_size = 20;
                group.kind.desired_capacity = 10;
                group.kind.instance_ids = ids.iter().map(|id| id.as_str().into()).collect();
                group.kind.scaling_policies = Some(vec![ScalingPolicy {
                    policy_name: "cpu".into(),
                    policy_type: Some("TargetTrackingScaling".into()),
                    enabled: Some(true),
                }]);
            })
            .instance_type(instance_facts("m5.large", 2, 8), "0.1")
            .metric(
                "lobby",
                "AWS/AutoScaling",
                "GroupInServiceInstances",
                Statistic::Maximum,
                flat(10.0, 14),
            )
            .metric("lobby", "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(cpu, 14));
        for id in &ids {
            scene = scene.instance(|instance| instance.id = id.as_str().into());
        }
        scene
    }

    #[test]
    fn a_group_held_up_by_its_minimum_fires() {
        // 10 x 12 % are 2 at 60 %: 8 of 730 USD a month for ten.
        check(&CHECK, group(12.0), "recommend 0.00 / 584.00 / 584.00");
    }

    #[test]
    fn a_group_that_grows_passes() {
        let scene = group(12.0).metric(
            "lobby",
            "AWS/AutoScaling",
            "GroupInServiceInstances",
            Statistic::Maximum,
            flat(11.0, 14),
        );
        check(&CHECK, scene, "pass grows");
    }

    #[test]
    fn a_group_without_policy_passes() {
        let mut scene = group(12.0);
        scene.snapshot.auto_scaling_groups[0].kind.scaling_policies = Some(Vec::new());
        check(&CHECK, scene, "pass no-policy");
    }

    #[test]
    fn a_use_just_under_the_target_passes() {
        check(&CHECK, group(59.0), "pass needed");
        check(&CHECK, group(54.0), "recommend 0.00 / 73.00 / 73.00");
    }

    #[test]
    fn policies_that_were_not_read_are_unknown() {
        let mut scene = group(12.0);
        scene.snapshot.auto_scaling_groups[0].kind.scaling_policies = None;
        check(&CHECK, scene, "unknown policies-unknown");
    }
}
