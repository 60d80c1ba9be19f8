//! The recommendation that a candidate leads to.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, MetricCoverage};
use trimtab_model::recommendation::{
    CostComponent, Estimate, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::serverless::{
    Candidate, Conversion, Economics, Fit, FunctionCost, QueueWork, RunsBy, Trigger,
};
use trimtab_model::text::{Reason, Text};

use super::economics::{cautious_cost, dollars, sum};
use super::fit::BUSY;
use super::server::Found;
use crate::check::Check;
use crate::saving::in_place_of;
use crate::verdict::{Proposal, pass, risk};

/// Judges what was found of a server. `estimate` says what its end saves.
///
/// # Errors
/// Returns `Unknown` if a price is missing, and as `estimate` does.
pub fn verdict(
    check: &Check,
    found: Found,
    estimate: impl FnOnce(Vec<CostComponent>, &mut Evidence) -> Result<Estimate, Unknown>,
) -> Result<Verdict, Unknown> {
    let (candidate, coverage) = match found {
        Found::Other(verdict) => return Ok(*verdict),
        Found::Candidate(candidate, coverage) => (*candidate, coverage),
    };
    if let Some(obstacle) = candidate.obstacles.first() {
        return Ok(refused(&candidate, obstacle));
    }
    let economics = candidate.economics.clone()?;
    let Some(function) = economics.options.first() else {
        return Ok(pass(
            "no-function",
            "No size of a function does its work.",
            "이 작업을 처리할 함수 크기가 없습니다.",
        ));
    };
    let mut evidence = evidence(&candidate, &economics, function, coverage);
    let ended = estimate(economics.now.clone(), &mut evidence)?;
    let cautious = cautious_cost(&economics, candidate.workload.memory_mb);
    let savings = in_place_of(ended, function.components.clone(), cautious)?;
    let environment = candidate.environment();
    Ok(Proposal {
        action: Action::ConvertServerless(Conversion {
            server: candidate.server.clone(),
            memory_mb: function.memory_mb,
            architecture: function.architecture,
            trigger: candidate.trigger,
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::MostlyWaiting],
        reason: reason(&candidate),
        savings,
        performance_risk: risk(environment, 2),
        effort: match candidate.fit {
            Fit::Fits => ImplementationEffort::Medium,
            Fit::FitsAfterChanges | Fit::DoesNotFit => ImplementationEffort::High,
        },
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(Text::new(
            "The server is started again and called as before; that needs free capacity of its type, and what the function has written meanwhile stays.",
            "서버를 다시 시작하고 이전처럼 호출합니다. 해당 유형의 여유 용량이 있어야 하며, 그동안 함수가 쓴 데이터는 그대로 남습니다.",
        )),
        evidence,
    }
    .into_verdict(check, candidate.resource))
}

fn reason(candidate: &Candidate) -> Reason {
    let workload = &candidate.workload;
    let duty = workload.duty_cycle * 100.0;
    Reason::new(
        "mostly-waiting",
        format!(
            "It works {duty:.1} % of the time, {} at most at a stretch, and waits for the rest of it.",
            minutes(workload.longest_seconds).en
        ),
        format!(
            "전체 시간의 {duty:.1}%만 작업하고(한 번에 최대 {}) 나머지 시간은 기다립니다.",
            minutes(workload.longest_seconds).ko
        ),
    )
}

fn minutes(seconds: u64) -> Text {
    let minutes = seconds.div_ceil(60);
    let en = if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") };
    Text::new(en, format!("{minutes}분"))
}

/// Says why it does not fit, and what the function would cost where that is known.
fn refused(candidate: &Candidate, obstacle: &Reason) -> Verdict {
    // Where a function could do the work, and would only be no good bargain.
    let priced = candidate.economics.as_ref().ok().filter(|_| obstacle.code == BUSY);
    let costs = priced.and_then(|economics| {
        let function = economics.options.first()?;
        Some((dollars(function.monthly_high), dollars(sum(&economics.now).ok()?)))
    });
    let Some((function, server)) = costs else { return Verdict::Pass(obstacle.clone()) };
    Verdict::Pass(Reason::new(
        &obstacle.code,
        format!(
            "{} As a function its work would cost up to {function:.2} USD a month beside {server:.2} USD now.",
            obstacle.text.en
        ),
        format!(
            "{} 같은 작업을 함수로 처리하면 월 최대 {function:.2} USD이고, 지금은 월 {server:.2} USD입니다.",
            obstacle.text.ko
        ),
    ))
}

fn evidence(
    candidate: &Candidate,
    economics: &Economics,
    function: &FunctionCost,
    coverage: Vec<MetricCoverage>,
) -> Evidence {
    let workload = &candidate.workload;
    let number = Figure::number;
    let mut figures = vec![
        number(
            "duty_cycle",
            "Time in which it works",
            "작업하는 시간의 비율",
            workload.duty_cycle * 100.0,
            "%",
        ),
        number("working_cpu", "CPU while it works", "작업 중 CPU", workload.working_percent, "%"),
        number("waiting_cpu", "CPU while it waits", "대기 중 CPU", workload.waiting_percent, "%"),
        number(
            "longest_work",
            "Longest stretch of work",
            "가장 긴 작업 구간",
            workload.longest_seconds as f64 / 60.0,
            "min",
        ),
        number("runs", "Runs a month", "월간 실행 횟수", workload.runs, ""),
    ];
    if let Some(queues) = &workload.queues {
        figures.extend(queue_figures(queues));
    }
    if let Some(pieces) = function.pieces {
        figures.push(number(
            "pieces",
            "Runs that each of these is cut into",
            "실행 한 번을 나눈 횟수",
            f64::from(pieces),
            "",
        ));
    }
    if let Some(memory) = workload.memory_mb {
        figures.push(number(
            "memory_max",
            "Most memory in use, system included",
            "최대 메모리 사용량(시스템 포함)",
            memory,
            "MB",
        ));
    }
    let longest = match workload.runs_by {
        RunsBy::Stretches => ("Longest time of a run", "최대 실행 시간"),
        RunsBy::Requests | RunsBy::Messages => ("Time of a run, the mean", "평균 실행 시간"),
    };
    figures.extend([
        number(
            "function_memory",
            "Memory of the function",
            "함수 메모리",
            f64::from(function.memory_mb),
            "MB",
        ),
        number("function_seconds", longest.0, longest.1, dollars(function.seconds_high), "s"),
        number(
            "cold_starts",
            "Runs in a new environment",
            "새 환경에서 시작하는 실행의 비율",
            economics.cold_starts.share * 100.0,
            "%",
        ),
    ]);
    if let Some(times) = economics.break_even {
        figures.push(number(
            "break_even",
            "Costs are equal at so many times the work",
            "비용이 같아지는 작업량(현재의 배수)",
            dollars(times),
            "×",
        ));
    }
    let mut notes: Vec<Text> = candidate.changes.iter().map(|change| change.text.clone()).collect();
    notes.push(Text::new(
        "Amounts count the hours of the server: its volumes and Elastic IP addresses cost on until it is deleted.",
        "금액은 서버의 가동 시간만 계산한 것입니다. 볼륨과 Elastic IP는 서버를 삭제할 때까지 계속 과금됩니다.",
    ));
    if let Some(Err(unknown)) =
        economics.triggers.iter().find(|one| one.is_generated).map(|one| &one.cost)
    {
        notes.push(Text::new(
            format!("What starts the function is in no amount: {}", unknown.reason.text.en),
            format!(
                "함수를 시작시키는 비용은 금액에 들어 있지 않습니다. {}",
                unknown.reason.text.ko
            ),
        ));
    }
    if let Some(queues) = workload.queues.as_ref().filter(|_| candidate.trigger == Trigger::Queue) {
        let names = queues.names.join(", ");
        notes.push(Text::new(
            format!("It reads {names}. A generated project has a queue of its own: whoever sends messages sends them to both at first, and to that one alone later."),
            format!("{names} 대기열을 읽는 서버입니다. 생성되는 프로젝트에는 자체 대기열이 있으므로, 메시지를 보내는 쪽에서 처음에는 두 곳에 함께 보내고 나중에는 새 대기열에만 보냅니다."),
        ));
    }
    if workload.runs_by == RunsBy::Stretches {
        notes.push(Text::new(
            "The function's cost assumes that all of the time in which the server worked is paid for.",
            "함수 비용은 서버가 작업한 시간 전체를 실행 시간으로 보고 계산했습니다.",
        ));
    }
    Evidence {
        window_days: Some(workload.days as u32),
        figures,
        coverage,
        signals_not_seen: candidate.signals_not_seen.clone(),
        notes,
    }
}

/// Returns what was measured of the queues that it reads.
fn queue_figures(queues: &QueueWork) -> impl Iterator<Item = Figure> {
    let figures = [
        ("queue_messages", "Messages received a month", "월간 수신 메시지", queues.messages, ""),
        ("queue_deepest", "Most messages that waited", "가장 많이 쌓인 메시지", queues.deepest, ""),
        (
            "message_seconds",
            "Time for which a message is held",
            "메시지 처리 시간",
            queues.seconds_of_a_message,
            "s",
        ),
    ];
    figures
        .into_iter()
        .filter_map(|(id, en, ko, value, unit)| Some(Figure::number(id, en, ko, value?, unit)))
}
