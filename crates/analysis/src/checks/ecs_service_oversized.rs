//! Finds ECS services on Fargate whose tasks would do with a smaller size.
//!
//! **Why it costs.** Fargate charges what a task reserves, not what it uses, and processor and
//! memory come in fixed combinations, so that one of them easily drags the other up.
//!
//! **What we do.** Take the busiest task: the chosen percentile of its processor use with headroom,
//! and its highest memory use with headroom, by the same settings as for EC2. Of the combinations
//! that AWS offers we propose the cheapest that covers both. Both must have been measured for two
//! weeks, and the task must have had its size all that time: a percentage of another size says
//! nothing about this one. Where processor or memory follows users who are expected to become more, demand is
//! taken as much higher; a fall is not counted on. A service that is short of something is never made smaller.
//!
//! **What could go wrong.** Memory that runs out ends a task. A start that takes more processor
//! than the work, such as that of a Java program, becomes slower. A scaling policy that follows CPU
//! use adds tasks where each is smaller. Containers with limits of their own need lower ones too.
//! The service goes back by naming the old revision.
//!
//! **Where others err.** They size on means over all tasks and minutes, or change the processor and
//! forget that memory comes with it.
//!
//! # 한국어
//!
//! 더 작은 크기로도 충분한 Fargate ECS 서비스의 태스크를 찾습니다.
//!
//! **비용이 드는 이유.** Fargate는 사용량이 아니라 예약한 크기로 과금하며, CPU와 메모리는 정해진 조합으로만 고를 수 있어
//! 한쪽 때문에 다른 쪽까지 커지기 쉽습니다.
//!
//! **제안하는 조치.** 가장 바쁜 태스크를 기준으로, EC2와 같은 설정에 따라 CPU 사용률의 백분위와 최대 메모리 사용률에 각각
//! 여유분을 더하고, AWS가 제공하는 조합 중 둘 다 감당하는 가장 저렴한 크기를 제안합니다. 두 지표가 모두 2주 이상 있어야 하고,
//! 그동안 태스크 크기가 바뀌지 않았어야 합니다. 크기가 다를 때의 비율로는 지금 크기를 판단할 수 없기 때문입니다. CPU나 메모리가 사용자 수를
//! 따르고 사용자가 늘어날 것으로 예상되면 수요를 그만큼 크게 봅니다. 줄어든다는 예상은 반영하지 않습니다. 무언가 부족한 서비스는
//! 줄이지 않습니다.
//!
//! **주의할 점.** 메모리가 부족하면 태스크가 종료됩니다. Java 프로그램처럼 시작할 때 CPU를 더 쓰는 태스크는 시작이 느려집니다.
//! CPU 사용률을 따르는 조정 정책이 있으면 태스크가 작아진 만큼 수가 늘어납니다. 컨테이너에 별도 한도가 있으면 함께 낮춰야 합니다.
//! 이전 개정을 지정하면 되돌릴 수 있습니다.
//!
//! **다른 도구와 다른 점.** 모든 태스크와 시간의 평균으로 크기를 정하거나, CPU를 바꾸면 메모리 조합도 바뀐다는 점을 빠뜨리는
//! 도구가 있습니다.

use trimtab_model::action::{Action, Configuration, ContainerSetting, TaskShape};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::policy::SizingPolicy;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, PerformanceRisk, Projection, ReasonCode, Restart,
    Undo, Unknown, Verdict,
};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::fargate::cost::{counting, figures, formula, savings};
use crate::fargate::service::{CPU, MEMORY, NAMESPACE, PEAK, Running, TASKS, names, running};
use crate::fargate::size::{Size, amount, cheapest};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::sizing::demand::Percentiles;
use crate::sizing::headroom::{threshold_name, threshold_percent};
use crate::sizing::risk::step;
use crate::traffic::{Coming, ExpectedGrowth};
use crate::verdict::{Proposal, judge_each, pass, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ecs-service-oversized",
    title: StaticText {
        en: "ECS service on Fargate with larger tasks than its use needs",
        ko: "사용량에 비해 태스크가 큰 Fargate ECS 서비스",
    },
    kind: ResourceKind::EcsService,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::EcsService),
        Need::Metric(NAMESPACE, CPU, PEAK),
        Need::Metric(NAMESPACE, MEMORY, PEAK),
        Need::OptionalMetric(NAMESPACE, CPU, TASKS),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        let services = &facts.snapshot.ecs_services;
        // The users of the coming weeks, read once and not once per service.
        let coming = Coming::of(facts, ResourceKind::EcsService, services, names);
        judge_each(check, facts, ResourceKind::EcsService, services, |check, facts, service| {
            judge(check, facts, service, coming.growth(service))
        })
    },
};

/// What the busiest task needs, and how that was found.
struct Demand<'a> {
    cpu: Observation<'a>,
    memory: Observation<'a>,
    cpu_percent: f64,
    cpu_units: f64,
    memory_mib: f64,
}

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    service: &Resource<EcsService>,
    growth: Option<&ExpectedGrowth>,
) -> Result<Verdict, Unknown> {
    let running = match running(facts, service)? {
        Ok(running) => running,
        Err(verdict) => return Ok(verdict),
    };
    let policy = facts.policy.sizing(service.environment);
    let demand = demand(check, facts, service, &running, policy)?;
    require_one_size(facts, &running, &demand)?;
    let now = running.size;
    let short = demand.cpu_units > f64::from(now.cpu_units)
        || demand.memory_mib > f64::from(now.memory_mib);
    let tariff = Tariff::of(facts, service);
    let price = |size| formula(&tariff, &running, size, running.architecture);
    let before = price(now)?;
    let cost_now = amount(&before).unwrap_or_default();
    let cheaper = |cpu: f64, memory: f64| {
        cheapest(demand.cpu_units * cpu, demand.memory_mib * memory, price)
            .filter(|(_, after)| amount(after).is_some_and(|cost| cost < cost_now))
    };
    let (cpu, memory) = growth.map_or((1.0, 1.0), |growth| (growth.cpu, growth.memory));
    let Some((size, after)) = cheaper(cpu, memory).filter(|_| !short) else {
        let held = growth.filter(|_| !short && cheaper(1.0, 1.0).is_some());
        let held = held.map(|growth| Verdict::Pass(growth.held()));
        return Ok(held.unwrap_or_else(|| optimized(&demand, short)));
    };
    let mut evidence = evidence(&running, &demand, policy, size);
    evidence.notes.extend(growth.map(|growth| growth.note.clone()));
    let savings = savings(facts, service, running.purchase, before, after, &mut evidence)?;
    let task = running.task;
    let shape = |revision, size: Size| {
        Configuration::Container(ContainerSetting::Task(TaskShape {
            family: task.family.clone(),
            revision,
            cpu_units: size.cpu_units,
            memory_mib: size.memory_mib,
            cpu_architecture: running.architecture.as_str().to_owned(),
        }))
    };
    let (cpu, memory) = (demand.cpu_percent, demand.memory.profile.max);
    let (vcpu, gb) = (size.vcpu().normalize(), size.memory_gb().normalize());
    let proposal = Proposal {
        action: Action::Configure { from: shape(Some(task.revision), now), to: shape(None, size) },
        finding: Finding::Overprovisioned,
        reason_codes: [
            (size.cpu_units < now.cpu_units).then_some(ReasonCode::CPUOverprovisioned),
            (size.memory_mib < now.memory_mib).then_some(ReasonCode::MemoryOverprovisioned),
        ]
        .into_iter()
        .flatten()
        .collect(),
        reason: Reason::new(
            "smaller-size-covers-demand",
            format!(
                "Its busiest task used {cpu:.1} % of its CPU and at most {memory:.1} % of its memory; {vcpu} vCPU with {gb} GB covers that."
            ),
            format!(
                "가장 바쁜 태스크의 사용률은 CPU {cpu:.1}%, 메모리 최대 {memory:.1}%입니다. {vcpu} vCPU, {gb} GB로 충분합니다."
            ),
        ),
        savings,
        performance_risk: risk_of(now, size, &demand),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence,
    };
    Ok(proposal.into_verdict(check, service.reference(ResourceKind::EcsService)).with(
        |recommendation| {
            recommendation.projected = projected(now, size, &demand);
        },
    ))
}

fn demand<'a>(
    check: &Check,
    facts: &Facts<'a>,
    service: &Resource<EcsService>,
    running: &Running<'_>,
    policy: SizingPolicy,
) -> Result<Demand<'a>, Unknown> {
    let names = names(service);
    let watch =
        |metric| Observation::complete(check, facts, service, &names, NAMESPACE, metric, PEAK);
    let (cpu, memory) = (watch(CPU)?, watch(MEMORY)?);
    let profile = cpu.profile;
    let percentiles = Percentiles {
        p90: profile.p90,
        p95: profile.p95,
        p99_5: profile.p99_5,
        max: profile.max,
        mean: profile.mean,
    };
    let cpu_percent = threshold_percent(&percentiles, policy.cpu_threshold);
    let needed =
        |percent: f64, of: u32, headroom: f64| percent / 100.0 * f64::from(of) / (1.0 - headroom);
    Ok(Demand {
        cpu,
        memory,
        cpu_percent,
        cpu_units: needed(cpu_percent, running.size.cpu_units, policy.cpu_headroom.share()),
        memory_mib: needed(
            memory.profile.max,
            running.size.memory_mib,
            policy.memory_headroom.share(),
        ),
    })
}

/// Makes sure that every percentage is one of the size that runs now.
fn require_one_size(
    facts: &Facts<'_>,
    running: &Running<'_>,
    demand: &Demand<'_>,
) -> Result<(), Unknown> {
    let days = demand.cpu.days().max(demand.memory.days());
    let Some(since) = running.task.same_size_since else {
        return Err(unknown(
            "size-history-unknown",
            "Since when its tasks have had this size is not known.",
            "태스크 크기가 언제부터 지금과 같았는지 알 수 없습니다.",
            &["inventory:describe-services"],
        ));
    };
    let had = days_between(since, facts.now);
    if f64::from(had) >= days.floor() {
        return Ok(());
    }
    Err(unknown(
        "size-changed",
        format!(
            "Its tasks may have had this size for {had} of the {days:.0} days only: earlier percentages are of another one."
        ),
        format!(
            "관측한 {days:.0}일 중 최근 {had}일만 지금 크기였을 수 있어, 그 전의 사용률은 다른 크기 기준일 수 있습니다."
        ),
        &["metrics:AWS/ECS:CPUUtilization", "metrics:AWS/ECS:MemoryUtilization"],
    ))
}

fn optimized(demand: &Demand<'_>, short: bool) -> Verdict {
    let (cpu, memory) = (demand.cpu_percent, demand.memory.profile.max);
    if short {
        return pass(
            "underprovisioned",
            format!(
                "It has too little room (CPU {cpu:.1} %, memory {memory:.1} %) and must not shrink."
            ),
            format!("여유가 부족하므로(CPU {cpu:.1}%, 메모리 {memory:.1}%) 줄이면 안 됩니다."),
        );
    }
    pass(
        "optimized",
        format!("No cheaper size covers its use (CPU {cpu:.1} %, memory {memory:.1} %)."),
        format!("사용량(CPU {cpu:.1}%, 메모리 {memory:.1}%)을 감당하는 더 저렴한 크기가 없습니다."),
    )
}

fn scales(now: Size, after: Size) -> (f64, f64) {
    let scale = |now: u32, after: u32| f64::from(now) / f64::from(after.max(1));
    (scale(now.cpu_units, after.cpu_units), scale(now.memory_mib, after.memory_mib))
}

fn risk_of(now: Size, after: Size, demand: &Demand<'_>) -> PerformanceRisk {
    let (cpu, memory) = scales(now, after);
    let share = |percent: f64, scale: f64| percent / 100.0 * scale;
    let steps = [
        step(share(demand.cpu.profile.max, cpu), [0.8, 0.9, 1.0, 1.5]),
        step(share(demand.cpu.profile.p99_5, cpu), [0.8, 0.9, 0.95, 1.0]),
        step(share(demand.memory.profile.max, memory), [0.8, 0.9, 0.95, 1.0]),
    ];
    PerformanceRisk::new(steps.into_iter().max().unwrap_or(0))
}

fn projected(now: Size, after: Size, demand: &Demand<'_>) -> Vec<Projection> {
    let (cpu, memory) = scales(now, after);
    [
        ("cpu_p99_5", demand.cpu.profile.p99_5 * cpu),
        ("cpu_max", demand.cpu.profile.max * cpu),
        ("memory_max", demand.memory.profile.max * memory),
    ]
    .into_iter()
    .map(|(name, percent)| Projection {
        name: name.to_owned(),
        percent: (percent * 100.0).round() / 100.0,
    })
    .collect()
}

fn evidence(
    running: &Running<'_>,
    demand: &Demand<'_>,
    policy: SizingPolicy,
    size: Size,
) -> Evidence {
    let mut figures = figures(running);
    figures.extend([
        Figure::number(
            "cpu_percent",
            "CPU of the busiest task",
            "가장 바쁜 태스크의 CPU",
            demand.cpu_percent,
            "%",
        ),
        Figure::word("cpu_threshold", "Percentile", "백분위", threshold_name(policy.cpu_threshold)),
        Figure::number(
            "memory_max",
            "Memory maximum",
            "메모리 최댓값",
            demand.memory.profile.max,
            "%",
        ),
    ]);
    let mut notes = vec![counting()];
    let task = running.task;
    if task.container_cpu_units > size.cpu_units || task.container_memory_mib > size.memory_mib {
        notes.push(Text::new(
            format!("Its containers reserve {} CPU units and {} MiB of their own: lower these too.", task.container_cpu_units, task.container_memory_mib),
            format!("컨테이너가 CPU {} 단위, 메모리 {} MiB를 따로 예약하고 있으므로 함께 낮춰야 합니다.", task.container_cpu_units, task.container_memory_mib),
        ));
    }
    Evidence {
        window_days: Some(demand.cpu.days().min(demand.memory.days()) as u32),
        figures,
        coverage: vec![demand.cpu.coverage(), demand.memory.coverage()],
        signals_not_seen: vec![UnseenSignal {
            name: "scaling_policy".to_owned(),
            text: Text::new(
                "Whether a scaling policy follows CPU or memory use: it adds tasks where each is smaller.",
                "CPU나 메모리 사용률을 따르는 조정 정책이 있는지 알 수 없습니다. 있으면 태스크 수가 늘어납니다.",
            ),
        }],
        notes,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use trimtab_model::metric::Statistic;

    use super::*;
    use crate::scene::{Scene, check, days_ago, flat, recommended, scene};
    use crate::traffic::tests::{following, users};

    fn service(cpu: f64, memory: f64, days: i64) -> Scene {
        let scene = scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .ecs_service(|_| ());
        [("CPUUtilization", cpu), ("MemoryUtilization", memory)].into_iter().fold(
            scene,
            |scene, (metric, value)| {
                let series = flat(value, days);
                scene.metric("arena/match", "AWS/ECS", metric, Statistic::Maximum, series)
            },
        )
    }

    fn sized(mut scene: Scene, cpu_units: u32, memory_mib: u32) -> Scene {
        let task = scene.snapshot.ecs_services[0].kind.task_definition.as_mut().expect("one");
        (task.cpu_units, task.memory_mib) = (Some(cpu_units), Some(memory_mib));
        scene
    }

    #[test]
    fn a_service_with_large_tasks_fires() {
        // 0.25 vCPU with 1 GB cover 10 % of 1 vCPU and 30 % of 2 GB.
        check(&CHECK, service(10.0, 30.0, 14), "recommend 31.76 / 50.82 / 50.82");
        let action = recommended(&CHECK, &service(10.0, 30.0, 14)).action;
        let Action::Configure { to: Configuration::Container(setting), .. } = action else {
            panic!("a size")
        };
        assert_eq!(setting.phrase(), "X86_64 256/1024 MiB");
    }

    #[test]
    fn a_service_that_uses_its_tasks_passes() {
        check(&CHECK, service(70.0, 70.0, 14), "pass optimized");
        check(&CHECK, service(95.0, 10.0, 14), "pass underprovisioned");
        check(&CHECK, service(10.0, 90.0, 14), "pass underprovisioned");
    }

    #[test]
    fn a_use_just_under_the_next_size_fires_and_above_it_passes() {
        // 40 % of 1 vCPU with 20 % of headroom are half a vCPU, and 79 % of 2 GB nearly 2 GB.
        check(&CHECK, service(39.9, 79.0, 14), "recommend 18.47 / 29.55 / 29.55");
        check(&CHECK, service(40.1, 79.0, 14), "pass optimized");
    }

    #[test]
    fn a_size_that_was_changed_within_the_window_is_unknown() {
        let mut scene = service(10.0, 30.0, 14);
        let task = scene.snapshot.ecs_services[0].kind.task_definition.as_mut().expect("one");
        task.same_size_since = Some(days_ago(13));
        check(&CHECK, scene, "unknown size-changed");
    }

    #[test]
    fn without_both_metrics_it_is_unknown() {
        check(&CHECK, scene().ecs_service(|_| ()), "unknown metric-missing");
        check(&CHECK, service(10.0, 30.0, 13), "unknown window-too-short");
        let cpu_only = scene().ecs_service(|_| ()).metric(
            "arena/match",
            "AWS/ECS",
            "CPUUtilization",
            Statistic::Maximum,
            flat(10.0, 14),
        );
        check(&CHECK, cpu_only, "unknown metric-missing");
    }

    /// The service with `memory` percent, and a processor that follows users who become more.
    fn visited(per_day: f64, per_percent: f64, memory: f64) -> Scene {
        let users = users(per_day);
        let mut scene = service(0.0, memory, 28);
        let cpu = following(&users, 2.0, per_percent);
        scene = scene.metric("arena/match", "AWS/ECS", "CPUUtilization", Statistic::Maximum, cpu);
        let task = scene.snapshot.ecs_services[0].kind.task_definition.as_mut().expect("one");
        task.same_size_since = Some(days_ago(40));
        scene.traffic = users;
        scene
    }

    fn unvisited(mut scene: Scene) -> Scene {
        scene.traffic = trimtab_model::traffic::Traffic::default();
        scene
    }

    fn size(scene: &Scene) -> String {
        let action = recommended(&CHECK, scene).action;
        let Action::Configure { to: Configuration::Container(setting), .. } = action else {
            panic!("a size")
        };
        setting.phrase()
    }

    #[test]
    fn users_that_are_expected_to_grow_keep_a_larger_size() {
        let grown = visited(0.02, 180.0, 30.0);
        assert_eq!(size(&unvisited(grown.clone())), "X86_64 256/1024 MiB");
        assert_eq!(size(&grown), "X86_64 512/1024 MiB");
        let notes = recommended(&CHECK, &grown).evidence.notes;
        let note =
            notes.iter().find(|note| note.en.starts_with("Users are expected")).expect("one");
        assert!(note.ko.contains("프로세서 수요를"), "{note:?}");
        let held = visited(0.02, 90.0, 79.0);
        assert_eq!(size(&unvisited(held.clone())), "X86_64 512/2048 MiB");
        check(&CHECK, held, "pass users-expected-to-grow");
    }

    #[test]
    fn a_fall_of_users_is_not_counted_on() {
        let fallen = visited(-0.02, 180.0, 30.0);
        assert_eq!(size(&fallen), size(&unvisited(fallen.clone())));
    }

    proptest! {
        #[test]
        fn a_proposed_size_covers_the_demand_and_costs_less(
            cpu in 0.0_f64..100.0,
            memory in 0.0_f64..100.0,
            index in 0_usize..74,
        ) {
            let now = Size::offered().nth(index).expect("so many");
            let scene = sized(service(cpu, memory, 14), now.cpu_units, now.memory_mib);
            let judged = (CHECK.judge)(&CHECK, &scene.facts()).into_iter().next().expect("one");
            let Verdict::Recommend(recommendation) = judged.verdict else { return Ok(()) };
            let Action::Configure {
                to: Configuration::Container(ContainerSetting::Task(to)), ..
            } = &recommendation.action else { panic!("a size") };
            let room = 1.0 - 0.2 + 1e-9;
            prop_assert!(cpu / 100.0 * f64::from(now.cpu_units) <= f64::from(to.cpu_units) * room);
            prop_assert!(
                memory / 100.0 * f64::from(now.memory_mib) <= f64::from(to.memory_mib) * room
            );
            let size = Size { cpu_units: to.cpu_units, memory_mib: to.memory_mib };
            prop_assert!(Size::offered().any(|offered| offered == size));
            let savings = &recommendation.estimated_monthly_savings;
            prop_assert!(savings.cost_after.amount < savings.cost_now.amount);
            prop_assert!(savings.likely.amount > Decimal::ZERO);
        }
    }
}
