//! Finds Lambda functions so busy that containers would do their work for less.
//!
//! **Why it costs.** A GB-second of a function costs several times what the same vCPU and memory cost in a task on Fargate. It pays
//! while there are pauses; a function that never rests pays for its elasticity without using it.
//!
//! **What we do.** From the sum of durations come the GB-seconds and, of the busiest five minutes, how many calls were
//! at work at once. As many vCPUs and as much memory as these had, with room above them, are priced as tasks on
//! Fargate of the same processor, two at least, with the load balancer that would call them. Time without calls counts as rest
//! until the last sample of any function, and a function that was not called in the last three days is left as it is.
//!
//! **What it saves.** GB-seconds and requests of the bill, else of the metrics, less tasks and load balancer. *Low* counts the tasks
//! twice. The saving depends on work on the program: it is in no sum of likely savings.
//!
//! **What could go wrong.** Tasks grow in minutes and not in milliseconds: calls that come in a rush wait. A function
//! that is called by a queue or a stream needs a program that reads it. Memory is counted as it is configured; what the calls use of it
//! together in one process is less.
//!
//! **Where others err.** They size the function and leave it one, however busy it is.
//!
//! # 한국어
//!
//! 쉬지 않고 실행되어 컨테이너로 처리하는 편이 더 저렴한 Lambda 함수를 찾습니다.
//!
//! **비용이 드는 이유.** 함수의 GB-초 단가는 같은 vCPU와 메모리를 Fargate 태스크로 쓸 때의 몇 배입니다. 쉬는 시간이 있어야
//! 이득이며, 쉬지 않는 함수는 쓰지도 않는 탄력성에 비용을 내는 셈입니다.
//!
//! **제안하는 조치.** 실행 시간의 합에서 GB-초와, 가장 바쁜 5분 동안 동시에 처리한 호출 수를 구합니다. 그만큼의 vCPU와 메모리에
//! 여유를 더해 같은 프로세서의 Fargate 태스크 최소 2개와 이를 호출할 로드 밸런서의 비용을 계산합니다. 호출이 없던 시간은
//! 다른 함수의 마지막 지표가 있는 때까지 쉬는 시간으로 보고, 마지막 3일 동안 호출되지 않은 함수는 그대로 둡니다.
//!
//! **절감액.** 청구서의, 없으면 지표의 GB-초와 요청 요금에서 태스크와 로드 밸런서 비용을 뺀 금액입니다. 하한(*low*)은 태스크
//! 비용을 두 배로 봅니다. 프로그램 작업에 달려 있으므로 예상 절감 합계에는 넣지 않습니다.
//!
//! **주의할 점.** 태스크는 밀리초가 아니라 분 단위로 늘어나므로 갑자기 몰린 호출은 기다립니다. 대기열이나 스트림이 호출하던
//! 함수라면 그것을 직접 읽는 프로그램이 필요합니다. 메모리는 설정값으로 계산하지만, 한 프로세스에서 함께 처리하면 그보다 적게 씁니다.
//!
//! **다른 도구와 다른 점.** 아무리 바빠도 함수의 크기만 조정하고 함수로 남겨 둡니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::action::{Action, ContainerMove};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::function::Function;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::serverless::FunctionArchitecture;
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::fargate::size::{MIB_PER_GB, Size, UNITS_PER_VCPU, amount, cheapest};
use crate::function::{MEMORY_OF_A_PROCESSOR_MB, architecture, names};
use crate::observation::{MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{OF_LAMBDA, estimate_of, in_place_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];
/// The longest samples that still show how many calls are at work at once, in seconds.
const LONGEST_SAMPLE_SECONDS: u32 = 300;
/// Tasks at least: one may fail.
const LEAST_TASKS: u32 = 2;
/// Tasks that are looked at, at most.
const MOST_TASKS: u32 = 64;
/// Share of the days that have to be seen: a series seldom begins with its window.
const LEAST_SEEN: f64 = 0.9;
/// Days without a call at the end of the window from which on a function rests, longer than a weekend: it may be retired, and its busy
/// days save nothing any more.
const LONGEST_SILENCE_DAYS: f64 = 3.0;
/// Share of their processor and memory that tasks are filled to in the busiest five minutes.
const FILLED: f64 = 0.7;

/// The check.
pub static CHECK: Check = Check {
    id: "lambda-function-always-busy",
    title: StaticText {
        en: "Lambda function so busy that containers would cost less",
        ko: "쉬지 않고 실행되어 컨테이너가 더 저렴한 Lambda 함수",
    },
    kind: ResourceKind::Function,
    action_type: ActionType::MoveToContainers,
    needs: &[
        Need::Kind(ResourceKind::Function),
        Need::Metric("AWS/Lambda", "Duration", SUM),
        Need::Metric("AWS/Lambda", "Invocations", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_calls_at_once",
            default: "1",
            unit: "calls",
            text: StaticText {
                en: "Calls at work at once, on average over the window: below one a function rests.",
                ko: "관측 기간 평균 동시 호출 수입니다. 1보다 적으면 쉬는 시간이 있는 함수입니다.",
            },
        },
        MIN_DAYS,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Function, &facts.snapshot.functions, judge)
    },
};

/// What a function does.
struct Busy {
    /// Calls at work at once, the mean.
    mean: f64,
    /// The same in the busiest sample.
    peak: f64,
    /// Calls a month.
    calls: f64,
    memory_mb: u32,
    architecture: FunctionArchitecture,
    /// Days from its first sample to the last one of any function.
    days: f64,
    /// Days of these without a call at their end.
    silent_days: f64,
    /// Days from its last sample to the end of the window, whether functions were read in them or not.
    unread_days: f64,
}

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    function: &Resource<Function>,
) -> Result<Verdict, Unknown> {
    let names = names(function);
    let find = |metric| Observation::find(facts, function, &names, "AWS/Lambda", metric, SUM);
    let (Some(duration), Some(calls)) = (find("Duration"), find("Invocations")) else {
        return Err(crate::observation::missing("AWS/Lambda", "Duration", SUM));
    };
    let busy = busy(facts, function, &duration, &calls)?;
    let least = check.threshold_f64(facts, "min_calls_at_once");
    if busy.mean < least {
        return Ok(pass(
            "rests",
            format!("{:.2} calls are at work at once on average, fewer than {least}.", busy.mean),
            format!("평균 동시 호출이 {:.2}개로 {least}개보다 적습니다.", busy.mean),
        ));
    }
    if busy.silent_days > LONGEST_SILENCE_DAYS {
        return Ok(pass(
            "rests",
            format!("No call of it was measured in the last {:.0} days.", busy.silent_days),
            format!("최근 {:.0}일 동안 측정된 호출이 없습니다.", busy.silent_days),
        ));
    }
    if busy.unread_days > LONGEST_SILENCE_DAYS {
        return Err(unknown(
            "metrics-ended",
            format!(
                "No metric of a function is newer than {:.0} days: whether it is called still is not known.",
                busy.unread_days
            ),
            format!(
                "최근 {:.0}일 동안의 함수 지표가 없어 아직 호출되는지 알 수 없습니다.",
                busy.unread_days
            ),
            &["metrics:AWS/Lambda:Duration"],
        ));
    }
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    if busy.days < min_days * LEAST_SEEN {
        return Err(unknown(
            "window-too-short",
            format!("Its metrics cover {:.0} days; {min_days:.0} are needed.", busy.days),
            format!("지표가 {:.0}일치뿐입니다. {min_days:.0}일치가 필요합니다.", busy.days),
            &["metrics:AWS/Lambda:Duration"],
        ));
    }
    if duration.profile.period_seconds > LONGEST_SAMPLE_SECONDS {
        return Err(unknown(
            "period-too-long",
            "Samples of more than five minutes do not show how many calls are at work at once.",
            "5분보다 긴 간격의 지표로는 동시에 처리한 호출 수를 알 수 없습니다.",
            &["metrics:AWS/Lambda:Duration"],
        ));
    }
    let tariff = Tariff::of(facts, function);
    let now = now(&tariff, &busy)?;
    let Some((tasks, size, after)) = containers(&tariff, &busy)? else {
        return Ok(pass(
            "too-large",
            format!("No {MOST_TASKS} tasks hold {:.0} calls at once.", busy.peak),
            format!("태스크 {MOST_TASKS}개로도 동시 호출 {:.0}개를 처리할 수 없습니다.", busy.peak),
        ));
    };
    let reference = function.reference(ResourceKind::Function);
    let twice = amount(&after).unwrap_or_default().saturating_mul(Decimal::TWO);
    let ended = estimate_of(facts, &reference, &names, OF_LAMBDA, now, Vec::new())?;
    let savings = in_place_of(ended, after, twice)?;
    Ok(Proposal {
        action: Action::MoveToContainers(ContainerMove {
            memory_mb: busy.memory_mb,
            architecture: busy.architecture,
            tasks,
            cpu_units: size.cpu_units,
            memory_mib: size.memory_mib,
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::AlwaysBusy],
        reason: Reason::new(
            "always-busy",
            format!(
                "{:.1} calls are at work at once on average, {:.1} in the busiest minutes.",
                busy.mean, busy.peak
            ),
            format!("평균 동시 호출이 {:.1}개, 가장 바쁠 때 {:.1}개입니다.", busy.mean, busy.peak),
        ),
        savings,
        performance_risk: risk(function.environment, 2),
        effort: ImplementationEffort::High,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: evidence(&busy, &[duration, calls]),
    }
    .into_verdict(check, reference))
}

fn busy(
    facts: &Facts<'_>,
    function: &Resource<Function>,
    duration: &Observation<'_>,
    calls: &Observation<'_>,
) -> Result<Busy, Unknown> {
    let Some(memory_mb) = function.kind.memory_size_mb else {
        return Err(unknown(
            "memory-unknown",
            "The memory of the function is not known.",
            "함수의 메모리 크기를 알 수 없습니다.",
            &["inventory:list-functions"],
        ));
    };
    let Some(architecture) = architecture(&function.kind) else {
        return Err(unknown(
            "architecture-unknown",
            "The architecture of the function is not known.",
            "함수의 아키텍처를 알 수 없습니다.",
            &["inventory:list-functions"],
        ));
    };
    // Nothing is written while a function rests: it may not be older than its first sample, and rested after its last one.
    let profile = duration.profile;
    let seen = duration.seconds(facts, function).max(1.0);
    let of_a_sample = f64::from(profile.period_seconds.max(1));
    let months = seen / 3600.0 / f64::from(HOURS_PER_MONTH);
    Ok(Busy {
        mean: profile.sum / 1000.0 / seen,
        peak: profile.max / 1000.0 / of_a_sample,
        calls: calls.profile.sum / months,
        memory_mb,
        architecture,
        days: seen / 86_400.0,
        silent_days: (seen - profile.span_seconds()).max(0.0) / 86_400.0,
        unread_days: profile.window.end().duration_since(profile.end()).as_secs_f64() / 86_400.0,
    })
}

/// Returns what the function costs a month.
fn now(tariff: &Tariff<'_>, busy: &Busy) -> Result<Vec<CostComponent>, Unknown> {
    let meter = match busy.architecture {
        FunctionArchitecture::Arm64 => "lambda/gb_second_arm",
        FunctionArchitecture::X86 => "lambda/gb_second_x86",
    };
    let month = f64::from(HOURS_PER_MONTH) * 3600.0;
    let gb_seconds = busy.mean * month * f64::from(busy.memory_mb) / 1024.0;
    Ok(vec![
        tariff.meter("GB-seconds", quantity(gb_seconds)?, meter)?,
        tariff.meter("Lambda requests", quantity(busy.calls)?, "lambda/request")?,
    ])
}

/// Returns the cheapest tasks that hold the busiest five minutes, and what they and their load balancer cost a month.
fn containers(
    tariff: &Tariff<'_>,
    busy: &Busy,
) -> Result<Option<(u32, Size, Vec<CostComponent>)>, Unknown> {
    let make = match busy.architecture {
        FunctionArchitecture::Arm64 => "arm",
        FunctionArchitecture::X86 => "x86",
    };
    let memory = f64::from(busy.memory_mb);
    let units = busy.peak * memory / MEMORY_OF_A_PROCESSOR_MB * f64::from(UNITS_PER_VCPU) / FILLED;
    let mib = busy.peak * memory / 1024.0 * f64::from(MIB_PER_GB) / FILLED;
    let balancer =
        tariff.meter("Application Load Balancer", HOURS_PER_MONTH.into(), "elb/alb_hour")?;
    let (vcpu, gb) = (format!("fargate/vcpu_hour_{make}"), format!("fargate/gb_hour_{make}"));
    // A price that is missing is no size that is.
    tariff.meter_price(&vcpu)?;
    tariff.meter_price(&gb)?;
    // A task holds one call at least, with the processor and the memory that it had.
    let least_units = memory / MEMORY_OF_A_PROCESSOR_MB * f64::from(UNITS_PER_VCPU);
    let mut best: Option<(Decimal, u32, Size, Vec<CostComponent>)> = None;
    for tasks in LEAST_TASKS..=MOST_TASKS {
        let hours = Decimal::from(HOURS_PER_MONTH) * Decimal::from(tasks);
        let formula = |size: Size| -> Result<Vec<CostComponent>, Unknown> {
            Ok(vec![
                tariff.meter("Fargate vCPU", hours * size.vcpu(), &vcpu)?,
                tariff.meter("Fargate GB", hours * size.memory_gb(), &gb)?,
            ])
        };
        let share = f64::from(tasks);
        let (units, mib) = ((units / share).max(least_units), (mib / share).max(memory));
        let Some((size, parts)) = cheapest(units, mib, formula) else { continue };
        let Some(cost) = amount(&parts) else { continue };
        if best.as_ref().is_none_or(|(known, ..)| cost < *known) {
            best = Some((cost, tasks, size, parts));
        }
    }
    Ok(best.map(|(_, tasks, size, mut parts)| {
        parts.push(balancer);
        (tasks, size, parts)
    }))
}

fn quantity(value: f64) -> Result<Decimal, Unknown> {
    Decimal::from_f64(value)
        .map(|value| value.round_dp(3))
        .ok_or_else(|| crate::observation::missing("AWS/Lambda", "Duration", SUM))
}

fn evidence(busy: &Busy, seen: &[Observation<'_>]) -> Evidence {
    let seconds = busy
        .calls
        .to_f64()
        .filter(|calls| *calls > 0.0)
        .map(|calls| busy.mean * f64::from(HOURS_PER_MONTH) * 3600.0 / calls);
    let mut figures = vec![
        Figure::number("calls_at_once", "Calls at once, mean", "평균 동시 호출", busy.mean, ""),
        Figure::number(
            "calls_at_once_peak",
            "Calls at once, busiest",
            "최대 동시 호출",
            busy.peak,
            "",
        ),
        Figure::number("calls", "Calls a month", "월간 호출", busy.calls, ""),
    ];
    figures.extend(
        seconds.map(|value| Figure::number("seconds", "Time of a call", "호출 시간", value, "s")),
    );
    Evidence {
        window_days: Some(busy.days as u32),
        figures,
        coverage: seen.iter().map(Observation::coverage).collect(),
        signals_not_seen: vec![
            UnseenSignal {
                name: "memory_used".to_owned(),
                text: Text::new(
                    "How much of its memory a call uses: all of it is counted.",
                    "호출 하나가 메모리를 실제로 얼마나 쓰는지 알 수 없어 설정된 전부를 계산에 넣었습니다.",
                ),
            },
            UnseenSignal {
                name: "rush".to_owned(),
                text: Text::new(
                    "How many calls come at once within the busiest five minutes.",
                    "가장 바쁜 5분 안에서 순간적으로 몰리는 호출 수는 알 수 없습니다.",
                ),
            },
            UnseenSignal {
                name: "lcu".to_owned(),
                text: Text::new(
                    "How much the calls carry: the hours of a load balancer are counted, and its LCUs are not.",
                    "호출이 주고받는 데이터 양을 알 수 없어 로드 밸런서는 시간 요금만 넣고 LCU 요금은 넣지 않았습니다.",
                ),
            },
            UnseenSignal {
                name: "caller".to_owned(),
                text: Text::new(
                    "Who calls it: a load balancer is counted, which a queue does not need.",
                    "호출하는 쪽을 알 수 없어 로드 밸런서 비용을 넣었습니다. 대기열이라면 필요하지 않습니다.",
                ),
            },
        ],
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::metric::Statistic;
    use trimtab_model::profile::UsageProfile;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, flat, scene};

    /// A function of 1 GB with so many calls at work at once, each of half a second.
    fn at_once(calls: f64) -> Scene {
        with(calls, 14, |_| ())
    }

    /// The same for so many days, with both metrics as `change` leaves them.
    fn with(calls: f64, days: i64, change: impl Fn(&mut UsageProfile)) -> Scene {
        let series = |value: f64| {
            let mut profile = flat(value, days);
            change(&mut profile);
            profile
        };
        let of_a_sample = calls * 300.0;
        let (sum, name) = (Statistic::Sum, "AWS/Lambda");
        scene()
            .price("lambda/request", "0.0000002")
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .function(|_| ())
            .metric("resize", name, "Duration", sum, series(of_a_sample * 1000.0))
            .metric("resize", name, "Invocations", sum, series(of_a_sample * 2.0))
    }

    #[test]
    fn a_function_that_never_rests_fires() {
        // 8 GB all month cost 350.40 USD and 8.41 USD for the calls.
        let found = crate::scene::outcome(&CHECK, &at_once(8.0));
        assert!(found.starts_with("recommend "), "{found}");
    }

    #[test]
    fn a_function_just_under_one_call_at_once_passes() {
        check(&CHECK, at_once(0.99), "pass rests");
    }

    #[test]
    fn a_function_without_metrics_is_unknown() {
        check(&CHECK, scene().function(|_| ()), "unknown metric-missing");
    }

    #[test]
    fn a_function_that_was_busy_and_is_silent_since_rests() {
        // Busy for 15 of 32 days: 0.7 calls at once over all of them, and then 3.75, which were long ago.
        for calls in [1.5, 8.0] {
            let ended = || {
                with(calls, 32, |profile| {
                    profile.last = days_ago(17);
                    profile.sum *= 15.0 / 32.0;
                })
            };
            let newer = flat(1.0, 32);
            let beside = ended().metric("other", "AWS/Lambda", "Duration", Statistic::Sum, newer);
            check(&CHECK, beside, "pass rests");
            // Of that time nothing was read of any function.
            check(&CHECK, ended(), "unknown metrics-ended");
        }
    }

    #[test]
    fn a_weekend_without_a_call_is_no_end() {
        let quiet = with(8.0, 14, |profile| {
            profile.last = days_ago(2);
            profile.sum *= 12.0 / 14.0;
        });
        let other = flat(1.0, 14);
        let quiet = quiet.metric("other", "AWS/Lambda", "Duration", Statistic::Sum, other);
        let found = crate::scene::outcome(&CHECK, &quiet);
        assert!(found.starts_with("recommend "), "{found}");
    }

    #[test]
    fn a_window_without_a_call_in_its_first_and_last_minutes_is_long_enough() {
        let inside = with(8.0, 14, |profile| {
            profile.first += SignedDuration::from_mins(5);
            profile.last -= SignedDuration::from_mins(5);
        });
        let found = crate::scene::outcome(&CHECK, &inside);
        assert!(found.starts_with("recommend "), "{found}");
        // Nine tenths of fourteen days are 12.6.
        check(&CHECK, with(8.0, 12, |_| ()), "unknown window-too-short");
    }

    #[test]
    fn a_function_whose_tasks_would_cost_more_passes() {
        // One call of 1 GB at once costs 44.85 USD; two tasks and a load balancer cost more.
        check(&CHECK, at_once(1.0), "pass no-saving");
    }
}
