//! Finds EC2 instances that run and do nothing.
//!
//! **Why it costs.** A running instance is charged by the second, whatever it does.
//!
//! **What we do.** Stop it. Its volumes stay and are still charged; if nobody misses it for
//! 30 days, `ec2-instance-stopped` proposes to delete it.
//!
//! **What could go wrong.** A standby, a licence server or a job that runs once a month
//! looks idle. Starting again needs free capacity of the type, and a public address without
//! an Elastic IP changes. The thresholds are Compute Optimizer's: CPU below 5 % in every
//! interval and less than 5 MB of network a day, for 14 days or as long as was read.
//!
//! **Where others err.** Averages hide the peak of a nightly job, and an absent network
//! metric is read as silence. We want the Maximum of CPU and the Sum of both network
//! directions, each for 95 % of the window, or we say *unknown*.
//!
//! # 한국어
//!
//! 실행 중이지만 아무 일도 하지 않는 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 실행 중인 인스턴스는 무엇을 하든 초 단위로 요금이 부과됩니다.
//!
//! **제안하는 조치.** 인스턴스를 중지합니다. 볼륨은 그대로 남아 계속 과금됩니다. 30일 동안 아무도 찾지
//! 않으면 `ec2-instance-stopped`에서 삭제를 제안합니다.
//!
//! **주의할 점.** 대기용 서버, 라이선스 서버, 한 달에 한 번 도는 작업도 유휴로 보입니다. 다시
//! 시작하려면 그 유형의 여유 용량이 있어야 하고, Elastic IP가 아닌 퍼블릭 주소는 바뀝니다. 기준값은
//! Compute Optimizer의 것을 따릅니다. 14일 또는 읽은 기간 전체에서 모든 구간의 CPU가 5% 미만이고
//! 네트워크 사용량이 하루 5 MB 미만이어야 합니다.
//!
//! **다른 도구와 다른 점.** 평균은 야간 작업의 피크를 감추고, 네트워크 지표가 없는 것을 트래픽이 없는
//! 것으로 읽는 도구도 있습니다. trimtab은 CPU의 Maximum과 네트워크 양방향의 Sum이 각각 기간의 95% 이상
//! 있어야 판단하고, 그렇지 않으면 *판단 보류*로 둡니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation, busiest_day};
use crate::ownership::{Manager, manager};
use crate::pricing::Tariff;
use crate::saving::{INSTANCE_HOURS, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Bytes in the megabyte of the network threshold.
const MEGABYTE: f64 = 1_000_000.0;

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-idle",
    title: StaticText {
        en: "EC2 instance that does nothing",
        ko: "아무 일도 하지 않는 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Stop,
    needs: &[
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
                en: "The highest CPU use of any interval must stay below this.",
                ko: "모든 구간의 최대 CPU 사용률이 이 값보다 낮아야 합니다.",
            },
        },
        Threshold {
            name: "max_network_mb_per_day",
            default: "5",
            unit: "MB/day",
            text: StaticText {
                en: "Bytes in and out on the busiest day must stay below this.",
                ko: "가장 바쁜 날의 송수신 합계가 이 값보다 작아야 합니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    if instance.kind.state != InstanceState::Running {
        return Ok(pass(
            "not-running",
            "The instance does not run.",
            "실행 중인 인스턴스가 아닙니다.",
        ));
    }
    if instance.kind.auto_scaling_group_name.is_some() {
        return Ok(Verdict::Exempt(Manager::AutoScaling.reason()));
    }
    if let Some(manager) = manager(&instance.tags).filter(|manager| manager.replaces()) {
        return Ok(Verdict::Exempt(manager.reason()));
    }
    if let Some(lifecycle) = &instance.kind.instance_lifecycle {
        return Ok(exempt(
            "not-on-demand",
            format!(
                "The instance is of the life cycle {lifecycle} and cannot be stopped like others."
            ),
            format!("수명 주기가 {lifecycle}인 인스턴스라 일반 인스턴스처럼 중지할 수 없습니다."),
        ));
    }
    if instance.kind.root_device_type.as_deref() == Some("instance-store") {
        return Ok(exempt(
            "instance-store",
            "The root device is instance store: the instance cannot be stopped.",
            "루트 디바이스가 인스턴스 스토어라 중지할 수 없습니다.",
        ));
    }
    let names = std::slice::from_ref(&instance.id);
    let max_cpu = check.threshold_f64(facts, "max_cpu_percent");
    let max_network = check.threshold_f64(facts, "max_network_mb_per_day");
    // A busy signal settles it, even where the others are missing or short.
    let found = |metric, statistics: &[Statistic]| {
        Observation::find_highest(facts, instance, names, "AWS/EC2", metric, statistics)
    };
    if let Some(cpu) = found("CPUUtilization", &[Statistic::Maximum, Statistic::Average])
        && cpu.profile.max >= max_cpu
    {
        return Ok(pass(
            "cpu-in-use",
            format!("CPU reached {:.1} %.", cpu.profile.max),
            format!("CPU 사용률이 {:.1}%까지 올라갔습니다.", cpu.profile.max),
        ));
    }
    let directions: Vec<_> = ["NetworkIn", "NetworkOut"]
        .iter()
        .filter_map(|metric| found(metric, &[Statistic::Sum]))
        .collect();
    let network = busiest_day(&directions) / MEGABYTE;
    if network >= max_network {
        return Ok(pass(
            "network-in-use",
            format!("The busiest day moved {network:.1} MB."),
            format!("가장 바쁜 날의 송수신량이 {network:.1} MB입니다."),
        ));
    }
    let complete = |metric, statistics| {
        Observation::complete(check, facts, instance, names, "AWS/EC2", metric, statistics)
    };
    let cpu = complete("CPUUtilization", &[Statistic::Maximum])?;
    let received = complete("NetworkIn", &[Statistic::Sum])?;
    let sent = complete("NetworkOut", &[Statistic::Sum])?;
    if received.profile.days.is_empty() || sent.profile.days.is_empty() {
        return Err(unknown(
            "days-missing",
            "The network metrics were not summed per day.",
            "네트워크 지표의 일별 합계가 없습니다.",
            &["metrics:AWS/EC2:NetworkIn", "metrics:AWS/EC2:NetworkOut"],
        ));
    }
    let days = cpu.days().min(received.days()).min(sent.days());
    let reference = instance.reference(ResourceKind::Instance);
    let list = Tariff::of(facts, instance).running_hours(&instance.kind);
    let savings = deletion(facts, &reference, names, INSTANCE_HOURS, list.map(|part| vec![part]))?;
    Ok(Proposal {
        action: Action::StopInstance { instance_type: instance.kind.instance_type.clone() },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("CPU stayed below {max_cpu} % and the network below {max_network} MB a day for {}.", counted(format_args!("{days:.0}"), "day")),
            format!("{days:.0}일 동안 CPU는 {max_cpu}% 미만, 네트워크는 하루 {max_network} MB 미만이었습니다."),
        ),
        savings,
        performance_risk: risk(instance.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(Text::new(
            "Starting again needs free capacity of the type; a public address without an Elastic IP changes.",
            "다시 시작하려면 해당 유형의 여유 용량이 있어야 하며, Elastic IP가 아닌 퍼블릭 IP는 바뀝니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("cpu_max", "Highest CPU use", "최대 CPU 사용률", cpu.profile.max, "%").against(max_cpu),
                Figure::number("network_max", "Network on the busiest day", "가장 바쁜 날의 네트워크", network, "MB/day")
                    .against(max_network),
            ],
            coverage: [cpu, received, sent].iter().map(Observation::coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it is a standby or runs less than once in the window.",
                    "대기용 서버이거나 관측 기간보다 긴 주기로 실행되는 서버인지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Its volumes and Elastic IP addresses stay and are still charged.",
                "볼륨과 Elastic IP는 남아서 계속 과금됩니다.",
            )],
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, recommended, scene};

    /// An instance with this CPU and these bytes a day in each direction.
    fn instance(cpu: f64, bytes_per_day: f64, days: i64) -> Scene {
        let network = || flat(bytes_per_day / 288.0, days);
        scene()
            .instance(|_| ())
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(cpu, days))
            .metric("i-1", "AWS/EC2", "NetworkIn", Statistic::Sum, network())
            .metric("i-1", "AWS/EC2", "NetworkOut", Statistic::Sum, network())
    }

    #[test]
    fn an_instance_that_does_nothing_fires() {
        check(&CHECK, instance(1.0, 100_000.0, 14), "recommend 43.80 / 70.08 / 70.08");
    }

    #[test]
    fn an_instance_with_a_peak_passes() {
        check(&CHECK, instance(5.0, 100_000.0, 14), "pass cpu-in-use");
    }

    #[test]
    fn an_instance_whose_network_carries_data_passes() {
        check(&CHECK, instance(1.0, 2_500_001.0, 14), "pass network-in-use");
    }

    #[test]
    fn an_instance_just_under_the_threshold_of_both_fires() {
        check(&CHECK, instance(4.99, 2_499_999.0, 14), "recommend 43.80 / 70.08 / 70.08");
        check(&CHECK, instance(1.0, 1.0, 13), "unknown window-too-short");
    }

    #[test]
    fn an_instance_without_network_metrics_is_unknown() {
        let scene = scene().instance(|_| ()).metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Maximum,
            flat(1.0, 14),
        );
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn use_that_only_prometheus_saw_is_a_use() {
        let scene = instance(1.0, 1.0, 14).metric(
            "i-1",
            "Prometheus",
            "CPUUtilization",
            Statistic::Maximum,
            flat(60.0, 1),
        );
        check(&CHECK, scene, "pass cpu-in-use");
    }

    #[test]
    fn an_average_does_not_stand_in_for_the_maximum() {
        let scene = scene().instance(|_| ()).metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Average,
            flat(1.0, 14),
        );
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn a_member_of_a_group_is_exempt() {
        let scene =
            scene().instance(|instance| instance.kind.auto_scaling_group_name = Some("web".into()));
        check(&CHECK, scene, "exempt managed");
    }

    #[test]
    fn f10_what_a_commitment_covers_saves_nothing() {
        let scene = instance(1.0, 1.0, 14).committed("i-1", "BoxUsage:m5.large", "720", "40");
        check(&CHECK, scene, "pass covered-by-commitment");
    }

    #[test]
    fn production_carries_a_higher_risk() {
        let mut scene = instance(1.0, 1.0, 14);
        let dev = recommended(&CHECK, &scene).performance_risk;
        scene.snapshot.instances[0].environment = Environment::Prod;
        assert!(recommended(&CHECK, &scene).performance_risk > dev);
    }
}
