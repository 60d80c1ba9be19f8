//! Finds ECS services on Fargate that the minimum of their scaling keeps larger than the load needs.
//!
//! **Why it costs.** Application Auto Scaling takes tasks away down to its minimum and no further. Where a service stood at its
//! minimum all the time and its CPU was low all the same, the minimum decides, not the load.
//!
//! **What we do.** Lower the minimum to what the busiest half percent of at least 14 days needs at the target use, never below
//! 2 tasks, so that one may fail. The maximum stays; the policy takes tasks away as the load allows, and brings them back.
//!
//! **What could go wrong.** Memory, connections or work held in a task may need the number, not the CPU. A sudden rush meets
//! fewer tasks until others have started. *Low* is zero, because the policy decides how many go.
//!
//! **Where others err.** They ask whether a service has a scaling policy, and not whether its limits let the policy work.
//!
//! # 한국어
//!
//! Application Auto Scaling의 최솟값 때문에 부하에 비해 크게 유지되는 Fargate ECS 서비스를 찾습니다.
//!
//! **비용이 드는 이유.** Application Auto Scaling은 태스크를 최솟값까지만 줄입니다. 서비스가 내내 최솟값이었는데도 CPU 사용률이 낮았다면,
//! 태스크 수를 정하는 것은 부하가 아니라 최솟값입니다.
//!
//! **제안하는 조치.** 14일 이상 관측한 기간 중 가장 바쁜 0.5%를 목표 사용률로 처리할 수 있는 수까지 최솟값을 낮춥니다. 하나가 중단되어도
//! 괜찮도록 태스크 2개 밑으로는 낮추지 않습니다. 최댓값은 그대로 두며, 부하에 따라 정책이 태스크를 줄이고 다시 늘립니다.
//!
//! **주의할 점.** CPU가 아니라 메모리, 연결 수, 태스크가 들고 있는 작업 때문에 그 수가 필요할 수 있습니다. 갑자기 부하가 늘면 새 태스크가
//! 시작될 때까지 더 적은 수로 처리해야 합니다. 몇 개를 줄일지는 정책이 정하므로 *최소*는 0입니다.
//!
//! **다른 도구와 다른 점.** 조정 정책이 있는지만 보고, 한도 때문에 정책이 동작하지 못하는지는 보지 않습니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration, ContainerSetting, TaskLimits};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::scalable_target::ScalableTarget;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::fargate::cost::{counting, figures, formula, savings};
use crate::fargate::scaling::Scaling;
use crate::fargate::service::{CPU, NAMESPACE, PEAK, Running, TASKS, names, running};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::narrowed;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ecs-service-floor-high",
    title: StaticText {
        en: "ECS service on Fargate whose scaling minimum is more than the load needs",
        ko: "부하에 비해 조정 최솟값이 큰 Fargate ECS 서비스",
    },
    kind: ResourceKind::EcsService,
    action_type: ActionType::ScaleIn,
    needs: &[
        Need::Kind(ResourceKind::EcsService),
        Need::Kind(ResourceKind::ScalableTarget),
        Need::Metric(NAMESPACE, CPU, PEAK),
        Need::OptionalMetric(NAMESPACE, CPU, TASKS),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "target_cpu_percent",
            default: "60",
            unit: "%",
            text: StaticText {
                en: "CPU use that a task may have in the busiest half percent of the time.",
                ko: "가장 바쁜 0.5%의 시간에 태스크가 가져도 되는 CPU 사용률입니다.",
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

/// The fewest tasks that are left: one may fail.
const KEPT_TASKS: u32 = 2;

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    service: &Resource<EcsService>,
) -> Result<Verdict, Unknown> {
    let running = match running(facts, service)? {
        Ok(running) => running,
        Err(verdict) => return Ok(verdict),
    };
    let target = match scaled(facts, service)? {
        Ok(target) => target,
        Err(verdict) => return Ok(verdict),
    };
    let names = names(service);
    let watch = |statistics| {
        Observation::complete(check, facts, service, &names, NAMESPACE, CPU, statistics)
    };
    let (tasks, cpu) = (watch(TASKS)?, watch(PEAK)?);
    let from = target.min_capacity;
    let most = tasks.profile.max * 60.0 / f64::from(tasks.profile.period_seconds.max(1));
    // A task that is replaced runs beside its successor for a while.
    if most > f64::from(from) + 0.5 {
        return Ok(pass(
            "grows",
            format!("It had up to {most:.0} tasks: the load decides."),
            format!("태스크가 {most:.0}개까지 늘어난 서비스로, 부하에 따라 조정되고 있습니다."),
        ));
    }
    let busiest = cpu.profile.p99_5;
    let target_cpu = check.threshold_f64(facts, "target_cpu_percent").max(1.0);
    let needed = (f64::from(from) * busiest / target_cpu).ceil() as u32;
    let to = needed.max(KEPT_TASKS);
    if to >= from {
        return Ok(pass(
            "needed",
            format!("Its busiest task used {busiest:.0} % of CPU: the minimum is needed."),
            format!("가장 바쁜 태스크의 CPU 사용률이 {busiest:.0}%로 최솟값이 필요합니다."),
        ));
    }
    let tariff = Tariff::of(facts, service);
    let priced =
        |running: &Running<'_>| formula(&tariff, running, running.size, running.architecture);
    let fewer = Running {
        tasks: running.tasks * Decimal::from(to) / Decimal::from(from),
        ..running.clone()
    };
    let mut evidence = evidence(&running, &tasks, &cpu, (from, to), target_cpu);
    let savings = savings(
        facts,
        service,
        running.purchase,
        priced(&running)?,
        priced(&fewer)?,
        &mut evidence,
    )?;
    let limits = |min_capacity| {
        let max_capacity = target.max_capacity;
        let limits = TaskLimits { min_capacity, max_capacity };
        Configuration::Container(ContainerSetting::TaskLimits(limits))
    };
    let days = cpu.days().min(tasks.days());
    Ok(Proposal {
        action: Action::Configure { from: limits(from), to: limits(to) },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::CPUOverprovisioned],
        reason: Reason::new(
            "floor-high",
            format!("In {days:.0} days it stood at its minimum of {from} tasks, with CPU at {busiest:.0} % at most; {to} do."),
            format!("{days:.0}일 내내 최솟값인 태스크 {from}개였고 CPU는 최대 {busiest:.0}%였습니다. {to}개로 충분합니다."),
        ),
        savings: narrowed(savings, Decimal::ZERO, Decimal::ONE)?,
        performance_risk: risk(service.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence,
    }
    .into_verdict(check, service.reference(ResourceKind::EcsService)))
}

/// Returns the target that keeps a service above its floor, or the verdict on one without.
fn scaled<'a>(
    facts: &Facts<'a>,
    service: &Resource<EcsService>,
) -> Result<Result<&'a ScalableTarget, Verdict>, Unknown> {
    let target = match Scaling::of(facts, service) {
        Scaling::Target(target) => target,
        Scaling::Fixed => {
            return Ok(Err(pass(
                "not-scaled",
                "Nothing scales it: it runs as many tasks as it was told to.",
                "조정 대상이 아니며, 정해진 수의 태스크를 실행합니다.",
            )));
        }
        Scaling::Unknown => return Err(not_read("scaling-unknown")),
    };
    if target.min_capacity <= KEPT_TASKS {
        return Ok(Err(pass(
            "low-already",
            format!("Its minimum is {}.", target.min_capacity),
            format!("최솟값이 이미 {}개입니다.", target.min_capacity),
        )));
    }
    if target.scheduled_actions.as_ref().is_none_or(|actions| !actions.is_empty()) {
        return match target.scheduled_actions {
            None => Err(not_read("schedules-unknown")),
            Some(_) => Ok(Err(exempt(
                "scheduled",
                "Scheduled actions set its minimum by the hour.",
                "예약 작업이 시간대에 따라 최솟값을 바꾸고 있습니다.",
            ))),
        };
    }
    match target.scales_in() {
        None => Err(not_read("policies-unknown")),
        Some(false) => Ok(Err(pass(
            "no-policy",
            "No scaling policy would take tasks away.",
            "태스크를 줄일 조정 정책이 없습니다.",
        ))),
        Some(true) => Ok(Ok(target)),
    }
}

fn not_read(code: &str) -> Unknown {
    unknown(
        code,
        "What Application Auto Scaling does to it was not read.",
        "Application Auto Scaling 설정을 읽지 못했습니다.",
        &["inventory:describe-scalable-targets"],
    )
}

fn evidence(
    running: &Running<'_>,
    tasks: &Observation<'_>,
    cpu: &Observation<'_>,
    (from, to): (u32, u32),
    target_cpu: f64,
) -> Evidence {
    let mut all = figures(running);
    all.extend([
        Figure::number(
            "cpu_p99_5",
            "CPU p99.5 of the busiest task",
            "가장 바쁜 태스크의 CPU p99.5",
            cpu.profile.p99_5,
            "%",
        )
        .against(target_cpu),
        Figure::number("min_capacity", "Minimum afterwards", "변경 후 최솟값", f64::from(to), "")
            .against(f64::from(from)),
    ]);
    Evidence {
        window_days: Some(cpu.days().min(tasks.days()) as u32),
        figures: all,
        coverage: vec![cpu.coverage(), tasks.coverage()],
        signals_not_seen: vec![UnseenSignal {
            name: "memory".to_owned(),
            text: Text::new(
                "Whether memory, connections or work held in a task need the number.",
                "메모리, 연결 수, 태스크가 들고 있는 작업 때문에 그 수가 필요한지 알 수 없습니다.",
            ),
        }],
        notes: vec![counting()],
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    const SERVICE: &str = "arena/match";

    /// A service at its minimum of ten tasks, whose busiest has so much CPU use.
    fn service(cpu: f64) -> Scene {
        scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .ecs_service(|service| {
                service.kind.desired_count = 10;
                service.kind.running_count = 10;
            })
            .scalable_target(|target| {
                target.kind.min_capacity = 10;
                target.kind.max_capacity = 20;
            })
            .metric(SERVICE, "AWS/ECS", "CPUUtilization", Statistic::Maximum, flat(cpu, 14))
            // Fifty samples in five minutes are ten tasks.
            .metric(SERVICE, "AWS/ECS", "CPUUtilization", Statistic::SampleCount, flat(50.0, 14))
    }

    #[test]
    fn a_service_held_up_by_its_minimum_fires() {
        // 10 x 12 % are 2 at 60 %: eight of ten tasks at 36.04 USD.
        check(&CHECK, service(12.0), "recommend 0.00 / 288.32 / 288.32");
        let recommendation = recommended(&CHECK, &service(12.0));
        let commands = recommendation.action.commands(&recommendation.resource);
        assert!(commands.apply[0].contains("--min-capacity 2 --max-capacity 20"), "{commands:?}");
        assert!(commands.undo[0].contains("--min-capacity 10 --max-capacity 20"), "{commands:?}");
    }

    #[test]
    fn a_service_that_grows_or_that_nothing_scales_passes() {
        let grows = service(12.0).metric(
            SERVICE,
            "AWS/ECS",
            "CPUUtilization",
            Statistic::SampleCount,
            flat(55.0, 14),
        );
        check(&CHECK, grows, "pass grows");
        let mut fixed = service(12.0);
        fixed.snapshot.scalable_targets.clear();
        check(&CHECK, fixed, "pass not-scaled");
        let mut idle = service(12.0);
        idle.snapshot.scalable_targets[0].kind.policies = Some(Vec::new());
        check(&CHECK, idle, "pass no-policy");
    }

    #[test]
    fn a_use_just_under_the_target_passes() {
        check(&CHECK, service(59.0), "pass needed");
        check(&CHECK, service(54.0), "recommend 0.00 / 36.04 / 36.04");
    }

    #[test]
    fn a_minimum_of_two_stays() {
        let mut scene = service(1.0);
        check(&CHECK, scene.clone(), "recommend 0.00 / 288.32 / 288.32");
        scene.snapshot.scalable_targets[0].kind.min_capacity = 2;
        check(&CHECK, scene, "pass low-already");
    }

    #[test]
    fn unknown_where_targets_or_policies_were_not_read() {
        let mut unread = service(12.0);
        unread.snapshot.scalable_targets[0].kind.policies = None;
        check(&CHECK, unread, "unknown policies-unknown");
        let mut unlisted = service(12.0);
        unlisted.snapshot.scalable_targets.clear();
        let kind = trimtab_model::resource::ResourceKind::ScalableTarget;
        unlisted.snapshot.listed.remove(&kind);
        check(&CHECK, unlisted, "unknown scaling-unknown");
    }
}
