//! What a server costs beside the function that would do its work.

use std::cmp::Reverse;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::profile::Hours;
use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::serverless::{
    Economics, FunctionArchitecture, FunctionCost, RunsBy, Sensitivity, Trigger, TriggerCost,
    Workload,
};
use trimtab_model::text::Text;

use super::beside::{Beside, triggers};
use super::cold::cold_starts;
use super::fit::{CUTTABLE, is_long};
use super::queue::unknown_duration;
use crate::function::MEMORY_OF_A_PROCESSOR_MB;
use crate::pricing::Tariff;
use crate::verdict::unknown;

/// The longest run, in seconds (Lambda developer guide, "Lambda quotas").
pub(super) const LONGEST_RUN_SECONDS: u64 = 900;
/// The sizes that are compared, in MB.
const SIZES_MB: [u32; 7] = [256, 512, 1024, 1769, 3008, 5120, 10_240];
/// No less is proposed: runtimes take some hundred megabytes of their own.
const LEAST_PROPOSED_MB: u32 = 256;
/// Bytes that Lambda itself writes to the log for each run: its lines START, END and REPORT.
const LOG_BYTES: u32 = 512;
/// What an account has free each month (Lambda pricing: requests, and GB-seconds).
const FREE_REQUESTS: u32 = 1_000_000;
const FREE_GB_SECONDS: u32 = 400_000;
/// Times of today's work that are told beside one another.
const FACTORS: [&str; 6] = ["0.1", "0.5", "1", "2", "5", "10"];
/// So many times as much is clearly more.
const CLEARLY: f64 = 1.5;
/// Digits behind the point of dollars and seconds.
const DIGITS: u32 = 6;

/// What the costs are made of.
pub(super) struct Question<'a> {
    /// The work.
    pub(super) workload: &'a Workload,
    /// What starts it.
    pub(super) trigger: Trigger,
    /// Requests of the samples by hour, and by what they are multiplied for those of an hour that the server answers.
    pub(super) requests_by_hour: Option<(&'a Hours, f64)>,
    /// What the server costs.
    pub(super) now: Vec<CostComponent>,
    /// What ends when it is deleted.
    pub(super) beside: Beside,
    /// The prices of its region.
    pub(super) tariff: Tariff<'a>,
}

/// Compares both costs.
///
/// How long a run takes as a function is not known before it is one. It takes no less than its work on the processor
/// (`seconds_low`), and no more than all of the time in which the server worked, or than the access logs tell of a request,
/// longer where the function has fewer processors (`seconds_high`). What is proposed is the cheapest at `seconds_high` that ends in time.
///
/// # Errors
/// Returns `Unknown` if a price is missing or an amount too large.
pub(super) fn economics(question: &Question<'_>) -> Result<Economics, Unknown> {
    let Question { workload, now, tariff, .. } = question;
    if workload.runs_by == RunsBy::Requests && workload.seconds_of_a_request.is_none() {
        return Err(unknown(
            "duration-unknown",
            "How long a request takes is not known: the access logs of the load balancer tell it.",
            "요청 하나에 걸리는 시간을 알 수 없습니다. 로드 밸런서의 접근 로그가 있으면 알 수 있습니다.",
            &["traffic"],
        ));
    }
    if workload.runs_by == RunsBy::Messages && held(workload).is_none() {
        return Err(unknown_duration());
    }
    if does_more(workload) {
        return Err(unknown(
            "work-beside-requests",
            "It works more than its requests take: something else runs there too, of which nothing is known.",
            "요청을 처리하는 것보다 많이 작업합니다. 알 수 없는 다른 작업도 함께 실행되고 있습니다.",
            &["traffic"],
        ));
    }
    let ways = |runs: f64| triggers(question.trigger, runs, question.beside.has_balancer, tariff);
    let mut options = Vec::new();
    for memory_mb in SIZES_MB {
        let started = generated(&ways(paid(workload, memory_mb).runs)?);
        for architecture in FunctionArchitecture::ALL {
            options.push(cost(workload, (memory_mb, architecture), started.as_ref(), tariff)?);
        }
    }
    // What work takes beyond waiting has to fit, whatever the program holds all of the time.
    let rise = workload.memory_rise_mb.unwrap_or_default();
    let is_large =
        |one: &FunctionCost| one.memory_mb >= LEAST_PROPOSED_MB && f64::from(one.memory_mb) >= rise;
    let best = options
        .iter()
        .filter(|one| one.unfit.is_none() && is_large(one))
        .min_by(|one, other| one.monthly_high.cmp(&other.monthly_high))
        .or_else(|| options.iter().max_by_key(|one| (one.memory_mb, Reverse(one.architecture))))
        .map(|one| (one.memory_mb, one.architecture))
        .ok_or_else(too_large)?;
    for one in &mut options {
        one.is_proposed = (one.memory_mb, one.architecture) == best;
    }
    options.sort_by_key(|one| (!one.is_proposed, one.memory_mb, one.architecture));
    let proposed = options.first().ok_or_else(too_large)?;
    let server = sum(now)?;
    let function = proposed.monthly_high;
    // What is paid however much it works.
    let started = generated(&ways(paid(workload, proposed.memory_mb).runs)?);
    let fixed = match question.trigger {
        Trigger::Queue => sum(started.as_slice())?,
        Trigger::Request | Trigger::Schedule | Trigger::Event => Decimal::ZERO,
    };
    let work = function.saturating_sub(fixed);
    let room = server.saturating_sub(fixed).max(Decimal::ZERO);
    let break_even = room.checked_div(work).map(|times| times.round_dp(2));
    let paid = paid(workload, proposed.memory_mb);
    let runs = Decimal::from_f64(paid.runs).unwrap_or_default();
    let triggers = ways(paid.runs)?;
    let beside = question.beside.clone();
    Ok(Economics {
        now: now.clone(),
        ends_later: beside.known,
        ends_later_unknown: beside.unknown,
        free_tier: free_tier(&proposed.components)?,
        break_even,
        break_even_runs: break_even
            .and_then(|times| times.checked_mul(runs))
            .map(|all| all.round()),
        sensitivity: sensitivity((work, fixed), server)?,
        cold_starts: cold_starts(
            workload,
            question.requests_by_hour,
            question.trigger,
            proposed,
            tariff,
        ),
        triggers,
        nat_gateway: tariff.meter("NAT gateway", HOURS_PER_MONTH.into(), "nat/gateway_hour").ok(),
        has_nat_gateway: beside.has_nat_gateway,
        options,
    })
}

/// Returns whether a server whose requests are counted works clearly more than these take: each takes one vCPU at most.
fn does_more(workload: &Workload) -> bool {
    let Some(seconds) = workload.seconds_of_a_request else { return false };
    workload.runs_by == RunsBy::Requests
        && workload.processor_seconds > workload.runs * seconds * CLEARLY
}

/// Returns what a function of one size costs.
fn cost(
    workload: &Workload,
    (memory_mb, architecture): (u32, FunctionArchitecture),
    started: Option<&CostComponent>,
    tariff: &Tariff<'_>,
) -> Result<FunctionCost, Unknown> {
    let Paid { pieces, runs, low, high } = paid(workload, memory_mb);
    let priced = |seconds: f64| -> Result<Vec<CostComponent>, Unknown> {
        let mut parts = components(runs, seconds, (memory_mb, architecture), tariff)?;
        parts.extend(started.cloned());
        Ok(parts)
    };
    let components = priced(high)?;
    let monthly_low = sum(&priced(low)?)?;
    let rounded = |seconds: f64| {
        Decimal::from_f64(seconds).map(|seconds| seconds.round_dp(3)).ok_or_else(too_large)
    };
    Ok(FunctionCost {
        memory_mb,
        architecture,
        is_proposed: false,
        pieces: (pieces > 1).then_some(pieces),
        seconds_low: rounded(low)?,
        seconds_high: rounded(high)?,
        monthly_low,
        monthly_high: sum(&components)?,
        components,
        unfit: is_too_long(high).then(|| {
            Text::new(
                format!("A run may take {high:.0} s, and {LONGEST_RUN_SECONDS} s is the longest."),
                format!("한 번 실행에 {high:.0}초까지 걸릴 수 있는데, 최대 실행 시간은 {LONGEST_RUN_SECONDS}초입니다."),
            )
        }),
    })
}

/// Returns what is paid in the way of starting that a project has, where its price is known.
fn generated(ways: &[TriggerCost]) -> Option<CostComponent> {
    ways.iter().find(|one| one.is_generated)?.cost.as_ref().ok()?.clone()
}

/// Returns the runs a month, before any is cut: work that never pauses is one of them, and not none.
fn runs(workload: &Workload) -> f64 {
    if workload.working_seconds > 0.0 { workload.runs.max(1.0) } else { workload.runs }
}

/// Returns the least and the most that one run takes, in seconds.
///
/// Requests overlap, and each is paid for: of them the time counts that the access logs tell. Messages may overlap too: of them
/// the longer counts of the time for which one is held and of its part of the time in which the server worked.
pub(super) fn seconds(workload: &Workload, memory_mb: u32) -> (f64, f64) {
    let runs = runs(workload).max(1.0);
    let has = f64::from(memory_mb) / MEMORY_OF_A_PROCESSOR_MB;
    // A program that took less than one processor may be able to use one only.
    let uses = has.min(workload.processors.max(1.0));
    let low = workload.processor_seconds / runs / uses;
    let slower = (workload.processors / has).max(1.0);
    let high = match (workload.runs_by, workload.seconds_of_a_request) {
        (RunsBy::Requests, Some(seconds)) => seconds * slower,
        (RunsBy::Messages, _) => seconds_of_a_message(workload) * slower,
        (RunsBy::Requests, None) | (RunsBy::Stretches, _) => {
            workload.working_seconds / runs * slower
        }
    };
    (low.min(high).max(0.001), high.max(0.001))
}

/// Returns the most seconds that a message takes on the server, the mean over all.
fn seconds_of_a_message(workload: &Workload) -> f64 {
    let part = workload.working_seconds / runs(workload).max(1.0);
    held(workload).map_or(part, |held| held.max(part))
}

/// Returns for how many seconds the server held a message, the mean.
pub(super) fn held(workload: &Workload) -> Option<f64> {
    workload.queues.as_ref()?.seconds_of_a_message
}

/// The runs of a function that are paid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paid {
    /// Into how many of them one stretch of work is cut.
    pub(super) pieces: u32,
    /// How many of them there are in a month.
    pub(super) runs: f64,
    /// The least that one takes, in seconds.
    pub(super) low: f64,
    /// The most.
    pub(super) high: f64,
}

/// Returns the runs of a function of one size.
///
/// Work that is longer than a run is cut into runs that are not: the same GB-seconds, and more requests.
pub(super) fn paid(workload: &Workload, memory_mb: u32) -> Paid {
    let (low, high) = seconds(workload, memory_mb);
    let pieces = pieces(workload, high);
    let times = f64::from(pieces);
    Paid { pieces, runs: runs(workload) * times, low: low / times, high: high / times }
}

/// Returns whether a run would not end in time, beyond what rounding makes of its seconds.
fn is_too_long(seconds: f64) -> bool {
    seconds > LONGEST_RUN_SECONDS as f64 + 0.001
}

/// Returns into how many runs one stretch of work has to be cut; one where it is short, or too long to be cut.
fn pieces(workload: &Workload, seconds: f64) -> u32 {
    let ends = |pieces: &u32| !is_too_long(seconds / f64::from(*pieces));
    let needed = (1..=CUTTABLE).find(ends).filter(|_| is_long(workload));
    needed.unwrap_or(1)
}

fn components(
    runs: f64,
    seconds: f64,
    (memory_mb, architecture): (u32, FunctionArchitecture),
    tariff: &Tariff<'_>,
) -> Result<Vec<CostComponent>, Unknown> {
    let meter = match architecture {
        FunctionArchitecture::Arm64 => "lambda/gb_second_arm",
        FunctionArchitecture::X86 => "lambda/gb_second_x86",
    };
    let amount = |value: f64| {
        Decimal::from_f64(value).map(|value| value.round_dp(DIGITS)).ok_or_else(too_large)
    };
    let gb_seconds = amount(runs * seconds * f64::from(memory_mb) / 1024.0)?;
    let log = amount(runs * f64::from(LOG_BYTES) / 1e9)?;
    let name = format!("GB-seconds, {memory_mb} MB, {}", architecture.as_str());
    Ok(vec![
        tariff.meter("Lambda requests", amount(runs)?, "lambda/request")?,
        tariff.meter(&name, gb_seconds, meter)?,
        tariff.meter("Lambda's own log lines", log, "cloudwatch/logs_ingestion")?,
    ])
}

/// Returns what the free tier would take off, if nothing else used it.
fn free_tier(components: &[CostComponent]) -> Result<Decimal, Unknown> {
    let limits = [Decimal::from(FREE_REQUESTS), Decimal::from(FREE_GB_SECONDS)];
    let mut free = Decimal::ZERO;
    for (component, limit) in components.iter().zip(limits) {
        let part = component.quantity.min(limit).checked_mul(component.price.usd);
        free = part.and_then(|part| free.checked_add(part)).ok_or_else(too_large)?;
    }
    Ok(free.round_dp(DIGITS))
}

/// Returns both costs with more or less work: of the function the first part grows with it.
fn sensitivity(
    (work, fixed): (Decimal, Decimal),
    server: Decimal,
) -> Result<Vec<Sensitivity>, Unknown> {
    FACTORS
        .iter()
        .filter_map(|factor| factor.parse::<Decimal>().ok())
        .map(|factor| {
            let grown = work.checked_mul(factor).and_then(|work| work.checked_add(fixed));
            let scaled = grown.ok_or_else(too_large)?;
            Ok(Sensitivity { factor, function: scaled.round_dp(DIGITS), server })
        })
        .collect()
}

/// Sums components, in dollars.
pub(super) fn sum(components: &[CostComponent]) -> Result<Decimal, Unknown> {
    components
        .iter()
        .try_fold(Decimal::ZERO, |sum, one| {
            sum.checked_add(one.quantity.checked_mul(one.price.usd)?)
        })
        .map(|sum| sum.round_dp(DIGITS))
        .ok_or_else(too_large)
}

/// Returns what the function may cost a month at most: twice as much, or as much as one that has all of the memory that was in
/// use, the system's included.
pub(super) fn cautious_cost(economics: &Economics, memory_mb: Option<f64>) -> Decimal {
    let Some(proposed) = economics.options.first() else { return Decimal::ZERO };
    let twice = proposed.monthly_high.saturating_mul(Decimal::TWO);
    let holds = |one: &&FunctionCost| {
        one.architecture == proposed.architecture
            && memory_mb.is_some_and(|memory| f64::from(one.memory_mb) >= memory)
    };
    let large = economics.options.iter().filter(holds).min_by_key(|one| one.memory_mb);
    large.map_or(twice, |one| one.monthly_high.max(twice))
}

/// Returns dollars as a number for words.
pub(super) fn dollars(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

pub(super) fn too_large() -> Unknown {
    unknown(
        "amounts-not-computable",
        "The work is too large or too odd to be priced.",
        "작업량이 너무 크거나 이상하여 비용을 계산할 수 없습니다.",
        &["metrics:AWS/EC2:CPUUtilization"],
    )
}
