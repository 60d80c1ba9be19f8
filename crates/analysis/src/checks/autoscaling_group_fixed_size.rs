//! Finds Auto Scaling groups of a fixed size whose load comes and goes.
//!
//! **Why it costs.** A group without policy and schedule runs as many instances at night as at the peak.
//!
//! **What we do.** Let the group follow its CPU: a target tracking policy, the minimum at what the quietest hour
//! of the week needs, the maximum at what it has now. For each hour of the week we count how many
//! instances its mean CPU needs at the target use, never fewer than one in each zone; the saving is the
//! mean of what is left.
//!
//! **What could go wrong.** Instances must be able to come and go: what they keep on disk or in memory, such as
//! sessions, is lost with them. Memory or connections may need the number, not the CPU. The policy
//! needs some minutes to start instances when a rush comes. *Low* is zero for these reasons.
//!
//! **Where others err.** They flag every group with equal minimum and maximum and print its whole
//! price, whether its load moves or not.
//!
//! # 한국어
//!
//! 부하가 오르내리는데도 크기가 고정된 Auto Scaling 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 정책도 예약도 없는 그룹은 밤에도 피크 때와 같은 수의 인스턴스를 실행합니다.
//!
//! **제안하는 조치.** CPU에 따라 조정되도록 대상 추적 정책을 만들고, 최소 용량은 한 주 중 가장 한가한 시간에 필요한
//! 수, 최대 용량은 지금의 수로 설정합니다. 한 주의 시간대마다 평균 CPU를 목표 사용률로 처리하는 데 필요한 인스턴스
//! 수를 계산하고(가용 영역당 하나 이상), 남는 수의 평균을 절감액으로 봅니다.
//!
//! **주의할 점.** 인스턴스가 언제든 추가되고 종료될 수 있어야 합니다. 디스크나 메모리에만 있는 세션 같은 데이터는
//! 함께 사라집니다. CPU가 아니라 메모리나 연결 수 때문에 그 수가 필요할 수 있고, 부하가 몰리면 정책이 인스턴스를
//! 시작하는 데 몇 분이 걸립니다. 이런 이유로 최소 절감액은 0으로 봅니다.
//!
//! **다른 도구와 다른 점.** 부하가 변하는지와 관계없이 최소와 최대가 같은 그룹을 모두 보고하고, 그룹 전체 가격을
//! 표시하는 도구가 많습니다.

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

/// Hours of a week.
const HOURS_PER_WEEK: usize = 168;

/// The check.
pub static CHECK: Check = Check {
    id: "autoscaling-group-fixed-size",
    title: StaticText {
        en: "Auto Scaling group of a fixed size whose load comes and goes",
        ko: "부하가 변하는데 크기가 고정된 Auto Scaling 그룹",
    },
    kind: ResourceKind::AutoScalingGroup,
    action_type: ActionType::ScaleIn,
    needs: &[
        Need::Kind(ResourceKind::AutoScalingGroup),
        Need::Kind(ResourceKind::Instance),
        Need::Metric("AWS/EC2", "CPUUtilization", &[Statistic::Average]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "target_cpu_percent",
            default: "50",
            unit: "%",
            text: StaticText {
                en: "Mean CPU use that the policy keeps: half is left for the peaks within an hour.",
                ko: "정책이 유지할 평균 CPU 사용률입니다. 한 시간 안의 피크를 위해 절반을 남깁니다.",
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
    let size = from.desired_capacity;
    let keep = zones(&group.kind);
    if size <= keep {
        return Ok(pass(
            "small",
            "The group has no more than one instance in each zone.",
            "가용 영역당 인스턴스가 하나 이하인 그룹입니다.",
        ));
    }
    if let Some(verdict) = not_ours(group).or(moves(&group.kind)?) {
        return Ok(verdict);
    }
    let cpu = watched(check, facts, group, "CPUUtilization", &[Statistic::Average])?;
    let target = check.threshold(facts, "target_cpu_percent");
    let needed =
        needed_by_hour(&cpu, size, keep, check.threshold_f64(facts, "target_cpu_percent"))?;
    let sum: u64 = needed.iter().map(|count| u64::from(*count)).sum();
    let hours = Decimal::from(needed.len() as u64);
    let mean = (Decimal::from(sum) / hours).round_dp(2);
    let least = needed.iter().copied().min().unwrap_or(size);
    if least >= size {
        return Ok(pass(
            "needed-always",
            "Every hour of the week needs its size.",
            "한 주의 모든 시간대에 지금 크기가 필요합니다.",
        ));
    }
    let reference = group.reference(ResourceKind::AutoScalingGroup);
    let now = cost(facts, group)?;
    let after = scaled(&now, Decimal::from(sum) / hours / Decimal::from(size));
    let members = &group.kind.instance_ids;
    let savings = estimate_of(facts, &reference, members, INSTANCE_HOURS, now, after)?;
    let savings = narrowed(savings, Decimal::ZERO, Decimal::ONE)?;
    let days = cpu.iter().map(Observation::days).fold(f64::INFINITY, f64::min);
    use rust_decimal::prelude::ToPrimitive;
    Ok(Proposal {
        action: Action::FollowLoad {
            from,
            to: GroupSizes { min_size: least, max_size: from.max_size.max(size), ..from },
            target_cpu_percent: target.to_u32().unwrap_or(50),
        },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::CPUOverprovisioned],
        reason: Reason::new(
            "fixed-size",
            format!("It always runs {size} instances; at {target} % of CPU the hours of the week need {mean} on average, {least} at the least."),
            format!("항상 인스턴스 {size}개를 실행하지만, CPU {target}% 기준으로 평균 {mean}개, 가장 한가할 때 {least}개면 충분합니다."),
        ),
        savings,
        performance_risk: risk(group.environment, 2),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The old sizes come back with new instances; what was only on the disks of those that went is lost.",
            "원래 크기로 되돌리면 새 인스턴스가 시작되지만, 종료된 인스턴스의 디스크에만 있던 데이터는 사라집니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: [
                Figure::number("needed_mean", "Instances needed on average", "평균 필요 인스턴스 수", mean.to_f64().unwrap_or_default(), "").against(f64::from(size)),
                Figure::number("needed_min", "Instances needed in the quietest hour", "가장 한가한 시간의 필요 인스턴스 수", f64::from(least), ""),
            ]
            .into_iter()
            .chain(recent_activities(&group.kind))
            .collect(),
            coverage: cpu.iter().map(Observation::coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "state".to_owned(),
                text: Text::new(
                    "Whether its instances keep what must not be lost, and whether memory or connections need the number.",
                    "인스턴스에 잃어서는 안 되는 데이터가 있는지, 메모리나 연결 수 때문에 그 수가 필요한지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the verdict on a group whose size moves already.
fn moves(group: &AutoScalingGroup) -> Result<Option<Verdict>, Unknown> {
    if group.mixed_instances.as_ref().is_some_and(|mixed| mixed.is_weighted) {
        return Err(unknown(
            "weighted",
            "Its sizes count weights, not instances.",
            "크기가 인스턴스 수가 아니라 가중치로 계산되는 그룹입니다.",
            &["metrics:AWS/AutoScaling:GroupInServiceCapacity"],
        ));
    }
    let (Some(policies), Some(actions)) = (&group.scaling_policies, &group.scheduled_actions)
    else {
        return Err(unknown(
            "policies-unknown",
            "The scaling policies and scheduled actions of the group were not read.",
            "그룹의 조정 정책과 예약된 작업 정보가 없습니다.",
            &["inventory:describe-policies", "inventory:describe-scheduled-actions"],
        ));
    };
    if !policies.is_empty() || !actions.is_empty() {
        return Ok(Some(pass(
            "scales",
            "The group has a scaling policy or a schedule.",
            "조정 정책이나 예약된 작업이 있는 그룹입니다.",
        )));
    }
    Ok(None)
}

/// Returns how many instances each hour of the week needs.
fn needed_by_hour(
    cpu: &[Observation<'_>],
    size: u32,
    keep: u32,
    target: f64,
) -> Result<Vec<u32>, Unknown> {
    (0..HOURS_PER_WEEK)
        .map(|hour| {
            let seen: Option<Vec<f64>> = cpu
                .iter()
                .map(|one| one.profile.hour_of_week.get(hour).copied().flatten())
                .collect();
            let Some(seen) = seen.filter(|seen| !seen.is_empty()) else {
                return Err(unknown(
                    "hours-missing",
                    "CPUUtilization has no sample in some hours of the week.",
                    "CPUUtilization 지표에 데이터가 없는 시간대가 있습니다.",
                    &["metrics:AWS/EC2:CPUUtilization"],
                ));
            };
            let mean = seen.iter().sum::<f64>() / seen.len() as f64;
            let wanted = (f64::from(size) * mean / target.max(1.0)).ceil() as u32;
            Ok(wanted.clamp(keep, size))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, recommended, scene};

    /// A group of ten whose CPU is `night` for half of the week and `day` for the other half.
    fn group(night: f64, day: f64) -> Scene {
        let ids: Vec<String> = (0..10).map(|one| format!("i-{one}")).collect();
        let mut profile = flat(night, 14);
        profile.hour_of_week =
            (0..168).map(|hour| Some(if hour % 2 == 0 { night } else { day })).collect();
        let mut scene = scene()
            .group(|group| {
                group.kind.min_size = 10;
                group.kind.max_size = 10;
                group.kind.desired_capacity = 10;
                group.kind.instance_ids = ids.iter().map(|id| id.as_str().into()).collect();
            })
            .instance_type(instance_facts("m5.large", 2, 8), "0.1")
            .metric("lobby", "AWS/EC2", "CPUUtilization", Statistic::Average, profile);
        for id in &ids {
            scene = scene.instance(|instance| instance.id = id.as_str().into());
        }
        scene
    }

    #[test]
    fn a_group_that_rests_half_of_the_time_fires() {
        // Two for half of the time and ten for the other: six on average of ten at 73 USD.
        check(&CHECK, group(5.0, 50.0), "recommend 0.00 / 292.00 / 292.00");
    }

    #[test]
    fn the_commands_make_a_policy() {
        let scene = group(5.0, 50.0);
        let recommendation = recommended(&CHECK, &scene);
        let commands = recommendation.action.commands(&recommendation.resource);
        assert_eq!(
            commands.apply[0],
            r#"aws autoscaling put-scaling-policy --auto-scaling-group-name=lobby --policy-name trimtab-cpu --policy-type TargetTrackingScaling --target-tracking-configuration '{"PredefinedMetricSpecification":{"PredefinedMetricType":"ASGAverageCPUUtilization"},"TargetValue":50}' --region us-east-1"#
        );
        assert_eq!(
            commands.apply[1],
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name=lobby --min-size 2 --max-size 10 --region us-east-1"
        );
    }

    #[test]
    fn a_group_with_a_schedule_passes() {
        let mut scene = group(5.0, 50.0);
        scene.snapshot.auto_scaling_groups[0].kind.scheduled_actions =
            Some(vec![trimtab_model::resource::auto_scaling_group::ScheduledAction {
                scheduled_action_name: "night".into(),
                recurrence: None,
                min_size: None,
                max_size: None,
                desired_capacity: Some(2),
            }]);
        check(&CHECK, scene, "pass scales");
    }

    #[test]
    fn a_use_just_under_the_target_all_the_time_passes() {
        check(&CHECK, group(46.0, 49.0), "pass needed-always");
        check(&CHECK, group(45.0, 49.0), "recommend 0.00 / 36.50 / 36.50");
    }

    #[test]
    fn policies_that_were_not_read_are_unknown() {
        let mut scene = group(5.0, 50.0);
        scene.snapshot.auto_scaling_groups[0].kind.scaling_policies = None;
        check(&CHECK, scene, "unknown policies-unknown");
    }
}
