//! Finds ECS services on Fargate whose tasks do nothing.
//!
//! **Why it costs.** Fargate charges the vCPUs and the memory that a task reserves for every second
//! it runs, used or not.
//!
//! **What we do.** Set the number of tasks to zero, which keeps the service and its settings.
//! Nothing means: in two weeks no task used 1 % of its processor or of its memory, and, where an
//! Application Load Balancer counts them, no request came. The saving is tasks times vCPU and
//! memory at the bill's rates, else at list prices.
//!
//! **What could go wrong.** The service may stand by for an emergency or for work that comes less
//! often than the window. A scaling policy with a minimum above zero starts tasks again: lower its
//! minimum too. The first request after a return waits for a task to start.
//!
//! **Where others err.** They look at a mean over all tasks, behind which a busy one hides, or call
//! a service idle on the processor alone though its memory is full of something.
//!
//! # 한국어
//!
//! 태스크가 아무 일도 하지 않는 Fargate ECS 서비스를 찾습니다.
//!
//! **비용이 드는 이유.** Fargate는 사용 여부와 관계없이 태스크가 실행되는 동안 예약한 vCPU와 메모리에 대해 초 단위로
//! 과금합니다.
//!
//! **제안하는 조치.** 서비스와 설정은 그대로 두고 태스크 수를 0으로 줄입니다. 2주 동안 어떤 태스크도 CPU나 메모리를 1% 이상
//! 사용하지 않았고, Application Load Balancer가 요청 수를 집계하는 경우에는 요청도 없었을 때만 해당합니다. 절감액은
//! 태스크 수에 vCPU와 메모리를 곱하고 청구서 단가를, 없으면 정가를 적용해 계산합니다.
//!
//! **주의할 점.** 비상용이거나 관측 기간보다 드물게 쓰는 서비스일 수 있습니다. 최솟값이 0보다 큰 조정 정책이 있으면 태스크가 다시
//! 시작되므로 최솟값도 함께 낮추세요. 다시 켠 뒤 첫 요청은 태스크가 시작될 때까지 기다려야 합니다.
//!
//! **다른 도구와 다른 점.** 모든 태스크의 평균만 보면 바쁜 태스크 하나가 가려집니다. 메모리는 차 있는데 CPU만 보고 유휴로
//! 판단하는 도구도 있습니다.

use trimtab_model::action::{Action, Configuration, ContainerSetting, TaskLimits};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::fargate::cost::{counting, figures, formula, savings};
use crate::fargate::scaling::Scaling;
use crate::fargate::service::{CPU, MEMORY, NAMESPACE, PEAK, TASKS, names, running};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::quiet::{Signal, seen_use};
use crate::verdict::{Proposal, judge_each, pass, risk};

/// A target group sends no sample while no request comes, so this proves use and never the lack of it.
const REQUESTS: Signal = Signal::any(
    "AWS/ApplicationELB",
    "RequestCountPerTarget",
    &[Statistic::Sum],
    ("Requests for each target", "대상당 요청 수"),
);

/// The check.
pub static CHECK: Check = Check {
    id: "ecs-service-idle",
    title: StaticText {
        en: "ECS service on Fargate whose tasks do nothing",
        ko: "태스크가 아무 일도 하지 않는 Fargate ECS 서비스",
    },
    kind: ResourceKind::EcsService,
    action_type: ActionType::Stop,
    needs: &[
        Need::Kind(ResourceKind::EcsService),
        Need::Kind(ResourceKind::ScalableTarget),
        Need::Metric(NAMESPACE, CPU, PEAK),
        Need::Metric(NAMESPACE, MEMORY, PEAK),
        Need::OptionalMetric(NAMESPACE, CPU, TASKS),
        Need::OptionalMetric("AWS/ApplicationELB", "RequestCountPerTarget", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_cpu_percent",
            default: "1",
            unit: "%",
            text: StaticText {
                en: "The highest CPU use of any task must stay below this, as Compute Optimizer asks for.",
                ko: "모든 태스크의 최대 CPU 사용률이 이 값보다 낮아야 합니다(Compute Optimizer와 같은 기준).",
            },
        },
        Threshold {
            name: "max_memory_percent",
            default: "1",
            unit: "%",
            text: StaticText {
                en: "The highest memory use of any task must stay below this, as Compute Optimizer asks for.",
                ko: "모든 태스크의 최대 메모리 사용률이 이 값보다 낮아야 합니다(Compute Optimizer와 같은 기준).",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let services = &facts.snapshot.ecs_services;
        judge_each(check, facts, ResourceKind::EcsService, services, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    service: &Resource<EcsService>,
) -> Result<Verdict, Unknown> {
    let running = match running(facts, service)? {
        Ok(running) => running,
        Err(verdict) => return Ok(verdict),
    };
    let groups: Vec<Vec<ResourceId>> =
        service.kind.target_groups.iter().map(|group| vec![group.clone()]).collect();
    if let Some(verdict) = seen_use(facts, service, &groups, &[REQUESTS]) {
        return Ok(verdict);
    }
    let names = names(service);
    let watch =
        |metric| Observation::complete(check, facts, service, &names, NAMESPACE, metric, PEAK);
    let cpu = watch(CPU)?;
    let max_cpu = check.threshold_f64(facts, "max_cpu_percent");
    if cpu.profile.max >= max_cpu {
        return Ok(pass(
            "cpu-in-use",
            format!("A task used {:.1} % of its CPU.", cpu.profile.max),
            format!("CPU를 {:.1}%까지 사용한 태스크가 있습니다.", cpu.profile.max),
        ));
    }
    let memory = watch(MEMORY)?;
    let max_memory = check.threshold_f64(facts, "max_memory_percent");
    if memory.profile.max >= max_memory {
        return Ok(pass(
            "memory-in-use",
            format!("A task used {:.1} % of its memory.", memory.profile.max),
            format!("메모리를 {:.1}%까지 사용한 태스크가 있습니다.", memory.profile.max),
        ));
    }
    let days = cpu.days().min(memory.days());
    let tariff = Tariff::of(facts, service);
    let now = formula(&tariff, &running, running.size, running.architecture)?;
    let mut evidence = Evidence {
        window_days: Some(days as u32),
        figures: figures(&running),
        coverage: vec![cpu.coverage(), memory.coverage()],
        signals_not_seen: unseen(service),
        notes: vec![counting()],
    };
    evidence.figures.extend([
        Figure::number("cpu_max", "CPU maximum", "CPU 최댓값", cpu.profile.max, "%")
            .against(max_cpu),
        Figure::number("memory_max", "Memory maximum", "메모리 최댓값", memory.profile.max, "%")
            .against(max_memory),
    ]);
    let savings = savings(facts, service, running.purchase, now, Vec::new(), &mut evidence)?;
    let scaling = Scaling::of(facts, service);
    evidence.signals_not_seen.extend(scaling.unseen());
    let (from, to) = match scaling.limits() {
        Some(limits) => (
            ContainerSetting::TaskLimits(limits),
            ContainerSetting::TaskLimits(TaskLimits { min_capacity: 0, max_capacity: 0 }),
        ),
        None => (
            ContainerSetting::ServiceTasks(service.kind.desired_count),
            ContainerSetting::ServiceTasks(0),
        ),
    };
    Ok(Proposal {
        action: Action::Configure {
            from: Configuration::Container(from),
            to: Configuration::Container(to),
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("In {days:.0} days no task used {max_cpu} % of its CPU or {max_memory} % of its memory."),
            format!("{days:.0}일 동안 CPU {max_cpu}%, 메모리 {max_memory}% 이상을 사용한 태스크가 없습니다."),
        ),
        savings,
        performance_risk: risk(service.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence,
    }
    .into_verdict(check, service.reference(ResourceKind::EcsService)))
}

fn unseen(service: &Resource<EcsService>) -> Vec<UnseenSignal> {
    let mut unseen = vec![UnseenSignal {
        name: "purpose".to_owned(),
        text: Text::new(
            "Whether it stands by for an emergency or for work that comes less than once in the window.",
            "비상용이거나 관측 기간보다 긴 주기로 쓰이는 서비스인지 알 수 없습니다.",
        ),
    }];
    if !service.kind.target_groups.is_empty() {
        unseen.push(UnseenSignal {
            name: "connections".to_owned(),
            text: Text::new(
                "Connections through a Network Load Balancer, which no metric counts for each target group.",
                "Network Load Balancer를 거친 연결은 대상 그룹별 지표가 없어 확인할 수 없습니다.",
            ),
        });
    }
    unseen
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    const GROUP: &str =
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/match/0a1b";

    fn service(cpu: f64, memory: f64, days: i64) -> Scene {
        scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .ecs_service(|service| service.kind.target_groups = vec![GROUP.into()])
            .metric("arena/match", "AWS/ECS", "CPUUtilization", Statistic::Maximum, flat(cpu, days))
            .metric(
                "arena/match",
                "AWS/ECS",
                "MemoryUtilization",
                Statistic::Maximum,
                flat(memory, days),
            )
    }

    #[test]
    fn a_service_that_does_nothing_fires() {
        check(&CHECK, service(0.2, 0.4, 14), "recommend 45.05 / 72.08 / 72.08");
    }

    #[test]
    fn what_auto_scaling_keeps_up_loses_its_minimum_too() {
        let scene = service(0.2, 0.4, 14).scalable_target(|_| ());
        let commands = recommended(&CHECK, &scene);
        let commands = commands.action.commands(&commands.resource);
        assert!(commands.apply[0].contains("--min-capacity 0 --max-capacity 0"), "{commands:?}");
        assert!(commands.undo[0].contains("--min-capacity 2 --max-capacity 8"), "{commands:?}");
        check(&CHECK, scene, "recommend 45.05 / 72.08 / 72.08");
    }

    #[test]
    fn a_service_in_use_passes() {
        check(&CHECK, service(12.0, 0.4, 14), "pass cpu-in-use");
        check(&CHECK, service(0.2, 40.0, 14), "pass memory-in-use");
        let requests = service(0.2, 0.4, 14).metric(
            GROUP,
            "AWS/ApplicationELB",
            "RequestCountPerTarget",
            Statistic::Sum,
            flat(1.0, 14),
        );
        check(&CHECK, requests, "pass in-use");
    }

    #[test]
    fn a_use_just_under_the_threshold_fires_and_at_it_passes() {
        check(&CHECK, service(0.99, 0.99, 14), "recommend 45.05 / 72.08 / 72.08");
        check(&CHECK, service(1.0, 0.99, 14), "pass cpu-in-use");
        check(&CHECK, service(0.99, 1.0, 14), "pass memory-in-use");
    }

    #[test]
    fn a_service_on_machines_is_judged_by_them() {
        let mut scene = service(0.2, 0.4, 14);
        scene.snapshot.ecs_services[0].kind.launch_type = Some("EC2".into());
        check(&CHECK, scene, "pass not-fargate");
    }

    #[test]
    fn fewer_tasks_on_the_mean_than_now_count_less() {
        // One task sends five samples in five minutes.
        let mean = service(0.2, 0.4, 14).metric(
            "arena/match",
            "AWS/ECS",
            "CPUUtilization",
            Statistic::SampleCount,
            flat(5.0, 14),
        );
        check(&CHECK, mean, "recommend 22.53 / 36.04 / 36.04");
    }

    #[test]
    fn without_metrics_or_two_weeks_of_them_it_is_unknown() {
        check(&CHECK, scene().ecs_service(|_| ()), "unknown metric-missing");
        check(&CHECK, service(0.2, 0.4, 13), "unknown window-too-short");
    }
}
