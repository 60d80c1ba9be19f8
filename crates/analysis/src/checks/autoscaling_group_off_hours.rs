//! Finds Auto Scaling groups outside production whose instances nobody uses at night or at weekends.
//!
//! **Why it costs.** The group keeps its minimum running around the clock, whatever the instances do.
//!
//! **What we do.** Set minimum and desired capacity to 0 by a scheduled action of the group in the hours in which no instance was
//! used in any week that was read, and back to what they are an hour before the first use. `trimtab schedule show` draws the week.
//! An hour is idle if CPU of every instance stayed below 5 % and the network below 1000 bytes a second for each, in at least 2 weeks.
//! A stop must last 4 hours.
//!
//! **What it saves.** The hourly rate of the instances for the hours off, at a month of 730 hours.
//!
//! **What could go wrong.** Instances are terminated, and what is only on their disks is lost. Starting needs free capacity and as long
//! as an instance takes to become ready. A group that another tool sizes, or that has a schedule of its own, is left alone.
//! What has no environment counts as production and is never scheduled.
//!
//! **Where others err.** They stop the members, and the group replaces them within minutes.
//!
//! # 한국어
//!
//! 운영 환경이 아니면서 밤이나 주말에 아무도 쓰지 않는 Auto Scaling 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 그룹은 인스턴스가 무엇을 하든 최소 용량을 하루 종일 실행합니다.
//!
//! **제안하는 조치.** 읽은 모든 주에서 어떤 인스턴스도 쓰지 않은 시간에 그룹의 예약 작업으로 최소 용량과 원하는 용량을 0으로 만들고, 첫 사용
//! 1시간 전에 원래대로 되돌립니다. `trimtab schedule show`가 한 주를 그려 줍니다. 2주 이상, 모든 인스턴스의 CPU가 5% 미만이고
//! 네트워크가 인스턴스마다 초당 1000바이트 미만일 때 유휴로 봅니다. 중지는 4시간 이상 이어져야 합니다.
//!
//! **절감액.** 꺼 두는 시간에 인스턴스의 시간당 요금을 곱하며, 한 달은 730시간입니다.
//!
//! **주의할 점.** 인스턴스가 종료되므로 디스크에만 있는 데이터는 사라집니다. 다시 시작하려면 여유 용량이 있어야 하고 인스턴스가 준비될 때까지
//! 시간이 걸립니다. 다른 도구가 크기를 정하거나 이미 일정이 있는 그룹은 제안하지 않습니다. 환경을 알 수 없는 것은 운영 환경으로
//! 보고 제안하지 않습니다.
//!
//! **다른 도구와 다른 점.** 구성원을 중지하는 도구가 있지만, 그룹이 몇 분 안에 새 인스턴스로 바꿉니다.

use trimtab_model::action::ScheduleTarget;
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Threshold, Unknown, Verdict};
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::group_use::{cost, not_ours, sizes, watched};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::saving::{INSTANCE_HOURS, deletion};
use crate::schedule::demand::{Bound, Proof, Scale, Signal};
use crate::schedule::gate::{MIN_WEEKS, START_LEAD_HOURS, production};
use crate::schedule::proposal::{Case, judge as judge_case, min_off_hours};
use crate::verdict::{judge_each, pass};

/// The check.
pub static CHECK: Check = Check {
    id: "autoscaling-group-off-hours",
    title: StaticText {
        en: "Auto Scaling group outside production that nobody uses at night or at weekends",
        ko: "운영 환경이 아니면서 밤이나 주말에 쓰지 않는 Auto Scaling 그룹",
    },
    kind: ResourceKind::AutoScalingGroup,
    action_type: ActionType::Schedule,
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
                en: "CPU use of any instance from which an hour counts as used.",
                ko: "어느 인스턴스든 CPU 사용률이 이 값 이상이면 사용한 시간으로 봅니다.",
            },
        },
        Threshold {
            name: "max_network_bytes_per_second",
            default: "1000",
            unit: "B/s",
            text: StaticText {
                en: "Bytes in and out a second, for each instance, from which an hour counts as used.",
                ko: "인스턴스당 초당 송수신 바이트가 이 값 이상이면 사용한 시간으로 봅니다.",
            },
        },
        MIN_WEEKS,
        min_off_hours("4"),
        START_LEAD_HOURS,
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
    if let Some(verdict) = production(group.environment)? {
        return Ok(verdict);
    }
    let scheduled = group.kind.scheduled_actions.as_deref().unwrap_or_default();
    if scheduled.iter().any(|action| action.recurrence.is_some()) {
        return Ok(pass(
            "has-schedule",
            "The group has a scheduled action that comes again.",
            "이미 반복되는 예약 작업이 있는 그룹입니다.",
        ));
    }
    let cpu = watched(check, facts, group, "CPUUtilization", &[Statistic::Maximum])?;
    let received = watched(check, facts, group, "NetworkIn", &[Statistic::Sum])?;
    let sent = watched(check, facts, group, "NetworkOut", &[Statistic::Sum])?;
    let reference = group.reference(ResourceKind::AutoScalingGroup);
    let members = &group.kind.instance_ids;
    let mut notes = Vec::new();
    if group.kind.scheduled_actions.is_none() {
        notes.push(Text::new(
            "Its scheduled actions were not read: look at them first.",
            "예약 작업 목록을 읽지 못했습니다. 먼저 확인하세요.",
        ));
    }
    let case = Case {
        signals: signals(check, facts, cpu, received, sent, from.desired_capacity),
        stopped: deletion(facts, &reference, members, INSTANCE_HOURS, cost(facts, group)),
        resource: reference,
        target: ScheduleTarget::AutoScalingGroup { sizes: from },
        idle_check: "autoscaling-group-idle",
        base_risk: 1,
        loss: Text::new(
            "The group starts new instances; what was only on the disks of the old ones is lost.",
            "그룹이 새 인스턴스를 시작하지만, 기존 인스턴스의 디스크에만 있던 데이터는 사라집니다.",
        ),
        unseen: UnseenSignal {
            name: "rare_jobs".to_owned(),
            text: Text::new(
                "Work that comes less often than the window is long.",
                "관측 기간보다 드물게 실행되는 작업은 알 수 없습니다.",
            ),
        },
        notes,
    };
    judge_case(check, facts, case)
}

/// Returns CPU of the busiest instance, and the network of each.
///
/// A series of the whole group tells only the mean of its instances.
fn signals<'a>(
    check: &Check,
    facts: &Facts<'_>,
    cpu: Vec<Observation<'a>>,
    received: Vec<Observation<'a>>,
    sent: Vec<Observation<'a>>,
    instances: u32,
) -> Vec<Signal<'a>> {
    let of_each = received.len() == sent.len() && received.len() > 1;
    let (subjects, sharers) = if of_each {
        let pairs = received.into_iter().zip(sent);
        (pairs.map(|(received, sent)| vec![received, sent]).collect(), 1.0)
    } else {
        (vec![received.into_iter().chain(sent).collect()], f64::from(instances))
    };
    vec![
        Signal {
            name: "cpu_off_max",
            label: ("Highest CPU use while off", "꺼 두는 시간의 최대 CPU 사용률"),
            unit: "%",
            limit: check.threshold_f64(facts, "max_cpu_percent"),
            bound: Bound::From,
            scale: Scale::Plain,
            proof: Proof::UseAndRest,
            subjects: cpu.into_iter().map(|one| vec![one]).collect(),
        },
        Signal {
            name: "network_off_max",
            label: (
                "Highest network use while off, for each instance",
                "꺼 두는 시간의 인스턴스당 최대 네트워크",
            ),
            unit: "B/s",
            limit: check.threshold_f64(facts, "max_network_bytes_per_second"),
            bound: Bound::From,
            scale: Scale::PerSecondOf(sharers),
            proof: Proof::UseAndRest,
            subjects,
        },
    ]
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::auto_scaling_group::ScheduledAction;

    use super::CHECK;
    use crate::scene::{Scene, check, instance_facts, office, scene};

    /// A group of two, used at work, with this CPU and these bytes a second otherwise.
    fn group(cpu: f64, bytes_per_second: f64, days: i64) -> Scene {
        let mut scene = scene()
            .group(|group| {
                group.kind.desired_capacity = 2;
                group.kind.instance_ids = vec!["i-1".into(), "i-2".into()];
            })
            .instance_type(instance_facts("m5.large", 2, 8), "0.096");
        for (id, cpu) in [("i-1", 1.0), ("i-2", cpu)] {
            let network = || office(9_000_000.0, bytes_per_second * 300.0 / 2.0, days);
            scene = scene
                .instance(|instance| instance.id = id.into())
                .metric(
                    id,
                    "AWS/EC2",
                    "CPUUtilization",
                    Statistic::Maximum,
                    office(40.0, cpu, days),
                )
                .metric(id, "AWS/EC2", "NetworkIn", Statistic::Sum, network())
                .metric(id, "AWS/EC2", "NetworkOut", Statistic::Sum, network());
        }
        scene
    }

    #[test]
    fn a_group_that_rests_at_night_fires() {
        // 118 of 168 hours of twice 70.08 USD.
        check(&CHECK, group(2.0, 100.0, 14), "recommend 61.53 / 98.45 / 98.45");
    }

    #[test]
    fn a_group_with_one_busy_instance_passes() {
        check(&CHECK, group(30.0, 100.0, 14), "pass no-off-hours");
    }

    #[test]
    fn just_under_both_thresholds_it_fires_and_at_either_it_passes() {
        check(&CHECK, group(4.99, 999.9, 14), "recommend 61.53 / 98.45 / 98.45");
        check(&CHECK, group(5.0, 100.0, 14), "pass no-off-hours");
        check(&CHECK, group(2.0, 1000.0, 14), "pass no-off-hours");
    }

    #[test]
    fn without_enough_weeks_or_a_member_it_is_unknown() {
        check(&CHECK, group(2.0, 100.0, 13), "unknown window-too-short");
        let mut young = group(2.0, 100.0, 14);
        young.snapshot.auto_scaling_groups[0].kind.instance_ids.push("i-3".into());
        check(&CHECK, young, "unknown metric-missing");
    }

    #[test]
    fn production_and_a_group_with_a_schedule_pass() {
        let mut production = group(2.0, 100.0, 14);
        production.snapshot.auto_scaling_groups[0].environment = Environment::Prod;
        check(&CHECK, production, "pass production");
        let mut scheduled = group(2.0, 100.0, 14);
        scheduled.snapshot.auto_scaling_groups[0].kind.scheduled_actions =
            Some(vec![ScheduledAction {
                scheduled_action_name: "nights".into(),
                recurrence: Some("0 20 * * *".into()),
                min_size: Some(0),
                max_size: None,
                desired_capacity: Some(0),
            }]);
        check(&CHECK, scheduled, "pass has-schedule");
    }

    #[test]
    fn a_node_group_is_exempt() {
        let mut scene = group(2.0, 100.0, 14);
        scene.snapshot.auto_scaling_groups[0].tags.insert("eks:nodegroup-name".into(), "a".into());
        check(&CHECK, scene, "exempt managed");
    }
}
