//! Finds ECS services on Fargate outside production that nobody uses at night or at weekends.
//!
//! **Why it costs.** Fargate charges what its tasks reserve around the clock, whatever they do.
//!
//! **What we do.** Set the number of tasks to 0 by EventBridge Scheduler in the hours in which no task was used in any week that was
//! read, and back to what it is an hour before the first use. `trimtab schedule show` draws the week. An hour is idle if CPU of every
//! task stayed below 5 %, memory below 10 points above that of the quietest hour of the week, and no request came where an
//! Application Load Balancer counts them, in at least 2 weeks. A stop must last 4 hours.
//!
//! **What it saves.** vCPUs and memory of the tasks for the hours off, at a month of 730 hours. Of the tasks that run now, that run
//! on the mean, and that run in the quietest hour of the week, the fewest count. A service on EC2 saves nothing by itself: its machines
//! go on running.
//!
//! **What could go wrong.** What is only on a task's disk or in its memory is lost. A start takes as long as a task needs to become
//! healthy. Application Auto Scaling with a minimum above zero would start tasks again: where it keeps the service, its limits are
//! scheduled in place of the tasks, and where that was not read we say so. Connections that use little CPU and pass no Application Load Balancer are not seen.
//! What has no environment counts as production and is never scheduled.
//!
//! **Where others err.** They take the same hours for every service, used or not, or count as saved what a service runs by day, though
//! it has fewer tasks at night.
//!
//! # 한국어
//!
//! 운영 환경이 아니면서 밤이나 주말에 아무도 쓰지 않는 Fargate ECS 서비스를 찾습니다.
//!
//! **비용이 드는 이유.** Fargate는 태스크가 무엇을 하든 예약한 만큼 하루 종일 과금합니다.
//!
//! **제안하는 조치.** 읽은 모든 주에서 어떤 태스크도 쓰지 않은 시간에 EventBridge Scheduler로 태스크 수를 0으로 만들고, 첫 사용 1시간 전에
//! 원래대로 되돌립니다. `trimtab schedule show`가 한 주를 그려 줍니다. 2주 이상, 모든 태스크의 CPU가 5% 미만이고 메모리가 일주일 중 가장
//! 한가한 시간보다 10포인트 이상 높지 않으며, Application Load Balancer가 요청 수를 집계하는 경우에는 요청도 없을 때 유휴로 봅니다. 중지는
//! 4시간 이상 이어져야 합니다.
//!
//! **절감액.** 꺼 두는 시간에 태스크의 vCPU와 메모리 요금을 곱하며, 한 달은 730시간입니다. 태스크 수는 지금 실행 중인 수, 평균, 일주일 중 가장
//! 한가한 시간의 수 가운데 가장 작은 값입니다. EC2에서 실행되는 서비스는 인스턴스가 계속 켜져 있으므로 그 자체로는 절감되지 않습니다.
//!
//! **주의할 점.** 태스크의 디스크나 메모리에만 있는 데이터는 사라집니다. 다시 시작하면 태스크가 정상 상태가 될 때까지 기다려야 합니다. 최솟값이 0보다
//! 큰 Application Auto Scaling은 태스크를 다시 시작합니다. 그런 서비스는 태스크 수 대신 그 한도를 예약하고, 읽지 못했으면 그렇다고
//! 알립니다. Application Load Balancer를 거치지 않고 CPU를 거의 쓰지 않는 연결은 보이지 않습니다. 환경을 알 수 없는 것은 운영 환경으로 보고
//! 제안하지 않습니다.
//!
//! **다른 도구와 다른 점.** 사용 여부와 관계없이 모든 서비스에 같은 시간을 적용하거나, 밤에는 태스크가 적은데도 낮의 태스크 수로 절감액을 계산하는
//! 도구가 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::action::ScheduleTarget;
use trimtab_model::calendar::WeekHour;
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Threshold, Unknown, Verdict};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::fargate::cost::{formula, savings};
use crate::fargate::scaling::Scaling;
use crate::fargate::service::{CPU, MEMORY, NAMESPACE, PEAK, TASKS, names, running};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::schedule::demand::{Bound, Proof, Scale, Signal};
use crate::schedule::gate::{MIN_WEEKS, START_LEAD_HOURS, production};
use crate::schedule::proposal::{Case, judge as judge_case, min_off_hours};
use crate::verdict::{exempt, judge_each, pass};

const BALANCER: &str = "AWS/ApplicationELB";
const REQUESTS: &str = "RequestCountPerTarget";

/// The check.
pub static CHECK: Check = Check {
    id: "ecs-service-off-hours",
    title: StaticText {
        en: "ECS service on Fargate outside production that nobody uses at night or at weekends",
        ko: "운영 환경이 아니면서 밤이나 주말에 쓰지 않는 Fargate ECS 서비스",
    },
    kind: ResourceKind::EcsService,
    action_type: ActionType::Schedule,
    needs: &[
        Need::Kind(ResourceKind::EcsService),
        Need::Kind(ResourceKind::ScalableTarget),
        Need::Metric(NAMESPACE, CPU, PEAK),
        Need::Metric(NAMESPACE, MEMORY, PEAK),
        Need::OptionalMetric(NAMESPACE, CPU, TASKS),
        Need::OptionalMetric(BALANCER, REQUESTS, &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_cpu_percent",
            default: "5",
            unit: "%",
            text: StaticText {
                en: "CPU use of any task from which an hour counts as used.",
                ko: "어느 태스크든 CPU 사용률이 이 값 이상이면 사용한 시간으로 봅니다.",
            },
        },
        Threshold {
            name: "max_memory_rise_percent",
            default: "10",
            unit: "%",
            text: StaticText {
                en: "An hour counts as used where the memory of any task is so many points above that of the quietest hour of the week: programs hold memory while nobody uses them.",
                ko: "어느 태스크든 메모리 사용률이 일주일 중 가장 한가한 시간보다 이만큼(포인트) 높으면 사용한 시간으로 봅니다. 프로그램은 아무도 쓰지 않을 때도 메모리를 잡고 있기 때문입니다.",
            },
        },
        MIN_WEEKS,
        min_off_hours("4"),
        START_LEAD_HOURS,
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
    let found = running(facts, service);
    if let Ok(Err(verdict)) = &found {
        return Ok(verdict.clone());
    }
    if let Some(verdict) = production(service.environment)? {
        return Ok(verdict);
    }
    let mut running = match found? {
        Ok(running) => running,
        Err(verdict) => return Ok(verdict),
    };
    if service.kind.desired_count == 0 {
        return Ok(pass(
            "stopping",
            "No task is wanted: those that run are ending.",
            "원하는 태스크 수가 0이며, 남은 태스크가 종료되는 중입니다.",
        ));
    }
    let scaling = Scaling::of(facts, service);
    if let Some(verdict) = scheduled_already(scaling) {
        return Ok(verdict);
    }
    let signals = signals(check, facts, service)?;
    let at_rest = tasks_of_quietest_hour(facts, service);
    running.tasks = at_rest.map_or(running.tasks, |tasks| tasks.min(running.tasks));
    let tariff = Tariff::of(facts, service);
    let mut money = Evidence::default();
    let stopped = formula(&tariff, &running, running.size, running.architecture)
        .and_then(|now| savings(facts, service, running.purchase, now, Vec::new(), &mut money));
    let case = Case {
        resource: service.reference(ResourceKind::EcsService),
        target: ScheduleTarget::EcsService {
            tasks: service.kind.desired_count,
            limits: scaling.limits(),
        },
        signals,
        stopped,
        idle_check: "ecs-service-idle",
        base_risk: 1,
        loss: Text::new(
            "New tasks start; what was only on the disk or in the memory of the old ones is lost.",
            "새 태스크가 시작되며, 기존 태스크의 디스크나 메모리에만 있던 데이터는 사라집니다.",
        ),
        unseen: UnseenSignal {
            name: "connections".to_owned(),
            text: Text::new(
                "Connections that use little CPU and pass no Application Load Balancer, and work that comes less often than the window is long.",
                "Application Load Balancer를 거치지 않고 CPU를 거의 쓰지 않는 연결과, 관측 기간보다 드물게 실행되는 작업은 알 수 없습니다.",
            ),
        },
        notes: money.notes.into_iter().chain(notes(scaling)).collect(),
    };
    judge_case(check, facts, case)
}

/// Returns CPU and memory of the busiest task, and the requests of each target group that has any.
fn signals<'a>(
    check: &Check,
    facts: &Facts<'a>,
    service: &Resource<EcsService>,
) -> Result<Vec<Signal<'a>>, Unknown> {
    let names = names(service);
    let watch =
        |metric| Observation::complete(check, facts, service, &names, NAMESPACE, metric, PEAK);
    let (cpu, memory) = (watch(CPU)?, watch(MEMORY)?);
    let requests: Vec<Vec<Observation<'a>>> = service
        .kind
        .target_groups
        .iter()
        .filter_map(|group| requests(facts, service, group))
        .map(|found| vec![found])
        .collect();
    let mut memory = Signal {
        name: "memory_off_max",
        label: ("Highest memory use while off", "꺼 두는 시간의 최대 메모리 사용률"),
        unit: "%",
        limit: check.threshold_f64(facts, "max_memory_rise_percent"),
        bound: Bound::From,
        scale: Scale::Plain,
        proof: Proof::UseAndRest,
        subjects: vec![vec![memory]],
    };
    let floor = WeekHour::all().filter_map(|hour| memory.highest(hour)).reduce(f64::min);
    memory.limit += floor.unwrap_or_default();
    let mut signals = vec![
        Signal {
            name: "cpu_off_max",
            label: ("Highest CPU use while off", "꺼 두는 시간의 최대 CPU 사용률"),
            unit: "%",
            limit: check.threshold_f64(facts, "max_cpu_percent"),
            bound: Bound::From,
            scale: Scale::Plain,
            proof: Proof::UseAndRest,
            subjects: vec![vec![cpu]],
        },
        memory,
    ];
    if !requests.is_empty() {
        signals.push(Signal {
            name: "requests_off_max",
            label: (
                "Most requests for each target while off",
                "꺼 두는 시간의 대상당 최대 요청 수",
            ),
            unit: "",
            limit: 0.0,
            bound: Bound::Above,
            scale: Scale::Plain,
            // A target group sends no sample while no request comes.
            proof: Proof::UseOnly,
            subjects: requests,
        });
    }
    Ok(signals)
}

fn requests<'a>(
    facts: &Facts<'a>,
    service: &Resource<EcsService>,
    group: &ResourceId,
) -> Option<Observation<'a>> {
    let names = std::slice::from_ref(group);
    Observation::find(facts, service, names, BALANCER, REQUESTS, &[Statistic::Sum])
}

/// Returns how many tasks run in the hour of the week with the fewest; absent where nobody counted.
///
/// A policy may run fewer tasks at night than on the mean, and only those can be stopped then.
fn tasks_of_quietest_hour(facts: &Facts<'_>, service: &Resource<EcsService>) -> Option<Decimal> {
    let seen = Observation::find(facts, service, &names(service), NAMESPACE, CPU, TASKS)?;
    let week = seen.profile.local_week.as_ref()?;
    let fewest = WeekHour::all().filter_map(|hour| week.max(hour)).reduce(f64::min)?;
    let tasks = fewest * 60.0 / f64::from(seen.profile.period_seconds.max(1));
    Decimal::from_f64(tasks).map(|tasks| tasks.round_dp(4)).filter(|tasks| *tasks > Decimal::ZERO)
}

/// Returns the verdict on a service that scheduled actions move: they would undo another schedule.
fn scheduled_already(scaling: Scaling<'_>) -> Option<Verdict> {
    let Scaling::Target(target) = scaling else { return None };
    let name = &target.scheduled_actions.as_ref()?.first()?.scheduled_action_name;
    Some(exempt(
        "scheduled-already",
        format!("Scheduled actions of Application Auto Scaling move its tasks already: {name}."),
        format!("Application Auto Scaling의 예약 작업이 이미 태스크 수를 바꾸고 있습니다: {name}."),
    ))
}

fn notes(scaling: Scaling<'_>) -> Vec<Text> {
    let counted = Text::new(
        "The tasks are those that run now, on the mean, or in the quietest hour of the week, whichever is fewest.",
        "태스크 수는 지금 실행 중인 수, 평균, 일주일 중 가장 한가한 시간의 수 가운데 가장 작은 값입니다.",
    );
    let moved = match scaling {
        Scaling::Fixed => None,
        Scaling::Unknown => Some(Text::new(
            "Whether a scaling policy moves its tasks was not read: one with a minimum above zero needs scheduled actions of Application Auto Scaling that make it 0 in the same hours.",
            "조정 정책이 태스크 수를 바꾸는지는 읽지 않았습니다. 최솟값이 0보다 큰 정책이 있으면 Application Auto Scaling의 예약 작업으로 같은 시간에 최솟값도 0으로 낮추어야 합니다.",
        )),
        Scaling::Target(target) => Some(Text::new(
            format!(
                "Application Auto Scaling keeps it between {} and {} tasks: its scheduled actions make both 0 and bring them back, and its policy takes over from the minimum.",
                target.min_capacity, target.max_capacity
            ),
            format!(
                "Application Auto Scaling이 태스크를 {}개에서 {}개 사이로 유지합니다. 그 예약 작업으로 두 한도를 0으로 만들었다가 되돌리며, 그 뒤에는 조정 정책이 최솟값부터 다시 조정합니다.",
                target.min_capacity, target.max_capacity
            ),
        )),
    };
    std::iter::once(counted).chain(moved).collect()
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::Action;
    use trimtab_model::environment::Environment;
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::scalable_target::TargetSchedule;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, office, recommended, scene};

    const GROUP: &str =
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/match/0a1b";
    const SERVICE: &str = "arena/match";

    /// Two tasks that are used at work, with this CPU and this memory otherwise.
    fn service(cpu: f64, memory: f64, days: i64) -> Scene {
        let mut scene = scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .ecs_service(|service| service.kind.target_groups = vec![GROUP.into()]);
        for (metric, series) in [
            ("CPUUtilization", office(10.0, cpu, days)),
            ("MemoryUtilization", office(20.0, memory, days)),
        ] {
            scene = scene.metric(SERVICE, "AWS/ECS", metric, Statistic::Maximum, series);
        }
        scene
    }

    #[test]
    fn a_service_that_rests_at_night_fires() {
        // 118 of 168 hours of 72.08 USD.
        check(&CHECK, service(2.0, 18.0, 14), "recommend 31.64 / 50.63 / 50.63");
        let Action::ApplySchedule { schedule, .. } =
            recommended(&CHECK, &service(2.0, 18.0, 14)).action
        else {
            panic!("a schedule");
        };
        assert_eq!(schedule.phrase().en, "Mon–Fri 09–19");
    }

    #[test]
    fn a_service_that_works_around_the_clock_passes() {
        check(&CHECK, service(10.0, 18.0, 14), "pass no-off-hours");
    }

    #[test]
    fn just_under_both_thresholds_it_fires_and_at_either_it_passes() {
        check(&CHECK, service(4.99, 29.99, 14), "recommend 31.64 / 50.63 / 50.63");
        check(&CHECK, service(5.0, 18.0, 14), "pass no-off-hours");
        check(&CHECK, service(2.0, 30.0, 14), "pass no-off-hours");
    }

    #[test]
    fn without_enough_weeks_or_a_metric_it_is_unknown() {
        check(&CHECK, service(2.0, 18.0, 13), "unknown window-too-short");
        check(&CHECK, scene().ecs_service(|_| ()), "unknown metric-missing");
        let mut series = office(10.0, 2.0, 14);
        series.local_week.as_mut().expect("a week").complete[3] = 1;
        let once = service(2.0, 18.0, 14).metric(
            SERVICE,
            "AWS/ECS",
            "CPUUtilization",
            Statistic::Maximum,
            series,
        );
        check(&CHECK, once, "unknown hours-unseen");
    }

    #[test]
    fn requests_prove_use_and_their_absence_nothing() {
        let mut series = office(100.0, 0.0, 14);
        let week = series.local_week.as_mut().expect("a week");
        week.complete = vec![0; 168];
        // Tuesday 22:00.
        week.max[46] = Some(1.0);
        let scene = service(2.0, 18.0, 14).metric(
            GROUP,
            "AWS/ApplicationELB",
            "RequestCountPerTarget",
            Statistic::Sum,
            series,
        );
        let Action::ApplySchedule { schedule, .. } = recommended(&CHECK, &scene).action else {
            panic!("a schedule");
        };
        assert!(schedule.phrase().en.contains("Tue 09–23"), "{}", schedule.phrase().en);
    }

    #[test]
    fn the_limits_of_auto_scaling_are_scheduled_with_it() {
        let scene = service(2.0, 18.0, 14).scalable_target(|_| ());
        let recommendation = recommended(&CHECK, &scene);
        let commands = recommendation.action.commands(&recommendation.resource);
        assert!(commands.apply[0].contains("MinCapacity=0,MaxCapacity=0"), "{commands:?}");
        assert!(commands.apply[1].contains("MinCapacity=2,MaxCapacity=8"), "{commands:?}");
        let scheduled = service(2.0, 18.0, 14).scalable_target(|target| {
            target.kind.scheduled_actions = Some(vec![TargetSchedule {
                scheduled_action_name: "nights".into(),
                schedule: "cron(0 20 ? * MON-FRI *)".into(),
                timezone: None,
                min_capacity: Some(0),
                max_capacity: Some(0),
            }]);
        });
        check(&CHECK, scheduled, "exempt scheduled-already");
    }

    #[test]
    fn fewer_tasks_at_night_save_less() {
        // Ten samples in five minutes are two tasks, five are one.
        let scaled = service(2.0, 18.0, 14).metric(
            SERVICE,
            "AWS/ECS",
            "CPUUtilization",
            Statistic::SampleCount,
            office(10.0, 5.0, 14),
        );
        check(&CHECK, scaled, "recommend 15.82 / 25.31 / 25.31");
    }

    #[test]
    fn what_is_never_used_is_left_to_the_idle_check() {
        let scene = service(2.0, 18.0, 14)
            .metric(SERVICE, "AWS/ECS", "CPUUtilization", Statistic::Maximum, flat(2.0, 14))
            .metric(SERVICE, "AWS/ECS", "MemoryUtilization", Statistic::Maximum, flat(20.0, 14));
        check(&CHECK, scene, "pass never-used");
    }

    #[test]
    fn production_passes_and_an_unnamed_environment_is_treated_like_it() {
        let of = |environment| {
            let mut scene = service(2.0, 18.0, 14);
            scene.snapshot.ecs_services[0].environment = environment;
            scene
        };
        check(&CHECK, of(Environment::Prod), "pass production");
        check(&CHECK, of(Environment::Unknown), "unknown environment-unknown");
    }

    #[test]
    fn a_service_on_machines_saves_nothing_by_itself() {
        let mut scene = service(2.0, 18.0, 14);
        scene.snapshot.ecs_services[0].kind.launch_type = Some("EC2".into());
        check(&CHECK, scene, "pass not-fargate");
        let mut ending = service(2.0, 18.0, 14);
        ending.snapshot.ecs_services[0].kind.desired_count = 0;
        check(&CHECK, ending, "pass stopping");
    }

    #[test]
    fn hours_count_what_they_cost_in_the_size_that_is_recommended_too() {
        let checks = [&crate::checks::ecs_service_oversized::CHECK, &CHECK];
        let scene = service(2.0, 18.0, 14).metric(
            SERVICE,
            "AWS/ECS",
            "CPUUtilization",
            Statistic::SampleCount,
            office(10.0, 5.0, 14),
        );
        let analysis = crate::analyze_with(&checks, &scene.facts());
        let of = |check: &str| {
            let found = analysis.items.iter().find(|item| item.check.as_str() == check);
            &found.expect("both stand").estimated_monthly_savings
        };
        let (size, hours) = (of("ecs-service-oversized"), of("ecs-service-off-hours"));
        let saved = size.likely.amount + hours.likely.amount;
        assert!(saved < size.cost_now.amount, "{size:?} {hours:?}");
        for (left, counted) in size.formula_after.iter().zip(&hours.formula_now) {
            assert_eq!((&left.price, &left.name), (&counted.price, &counted.name));
            assert!(counted.quantity <= left.quantity, "{left:?} {counted:?}");
        }
        let sum: rust_decimal::Decimal =
            hours.formula_now.iter().map(|part| part.amount().expect("it fits").amount).sum();
        assert_eq!(sum.round_dp(2), hours.cost_now.rounded().amount.round_dp(2));
    }
}
