//! What a function would cost with figures that somebody measured or expects.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::recommendation::CostComponent;
use trimtab_model::serverless::{
    Candidate, Economics, FunctionArchitecture, FunctionSimulation, SimulationFault, Trigger,
};

use super::economics::{LONGEST_RUN_SECONDS, paid, sum};
use super::tuning::MEMORY_MB;

/// Digits behind the point.
const DIGITS: u32 = 6;

/// What is taken for granted; what is absent is as it was measured, or as proposed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Assumed {
    /// Times of today's runs.
    pub factor: Option<Decimal>,
    /// Runs a month, before `factor`, each a stretch of work, a request or a message of today's.
    pub runs: Option<Decimal>,
    /// Seconds of one of these runs as a function, a duration that was measured. Where it is absent, work that is longer than a
    /// run may be is cut.
    pub seconds: Option<Decimal>,
    /// `MemorySize` in MB.
    pub memory_mb: Option<u32>,
    /// The processor.
    pub architecture: Option<FunctionArchitecture>,
}

/// Prices the function of a candidate under other assumptions, beside the server as it is.
///
/// # Errors
/// Says which assumption cannot be, or what is not known of the candidate.
pub fn simulate(
    candidate: &Candidate,
    assumed: &Assumed,
) -> Result<FunctionSimulation, SimulationFault> {
    let economics = candidate
        .economics
        .as_ref()
        .map_err(|unknown| SimulationFault::Unknown(unknown.reason.text.clone()))?;
    let proposed = economics.options.first().ok_or(SimulationFault::TooLarge)?;
    let memory_mb = assumed.memory_mb.unwrap_or(proposed.memory_mb);
    if !MEMORY_MB.contains(&memory_mb) {
        return Err(SimulationFault::Memory(memory_mb));
    }
    let architecture = assumed.architecture.unwrap_or(proposed.architecture);
    // What is not assumed is as in the option of this size: cut where work has to be.
    let paid = paid(&candidate.workload, memory_mb);
    let pieces = Decimal::from(paid.pieces);
    let measured = Decimal::from_f64(paid.runs).unwrap_or_default() / pieces;
    let runs = assumed.runs.unwrap_or(measured);
    let (pieces, taken) = match assumed.seconds {
        Some(taken) => (Decimal::ONE, taken),
        None => {
            let taken = Decimal::from_f64(paid.high).ok_or(SimulationFault::TooLarge)?;
            (pieces, taken.round_dp(3))
        }
    };
    let factor = times(assumed.factor.unwrap_or(Decimal::ONE), pieces)?;
    let runs = times(runs, factor)?.round_dp(DIGITS);
    if taken <= Decimal::ZERO || taken > Decimal::from(LONGEST_RUN_SECONDS) {
        return Err(SimulationFault::Seconds(taken));
    }
    let size = (memory_mb, architecture);
    let components = components(economics, candidate.trigger, size, runs, taken)?;
    let total = |parts: &[CostComponent]| sum(parts).map_err(|_| SimulationFault::TooLarge);
    let function = total(&components)?;
    let fixed = match (candidate.trigger, components.as_slice()) {
        (Trigger::Queue, [_, _, _, started @ ..]) => total(started)?,
        _ => Decimal::ZERO,
    };
    let server = total(&economics.now)?;
    Ok(FunctionSimulation {
        runs,
        seconds: taken,
        memory_mb,
        architecture,
        components,
        function,
        server,
        saved: server.checked_sub(function).ok_or(SimulationFault::TooLarge)?,
        equal_runs: equal_runs(
            server.saturating_sub(fixed).max(Decimal::ZERO),
            function.saturating_sub(fixed),
            runs,
        ),
    })
}

/// Returns the runs a month at which both cost the same: what a function costs grows with its runs, beyond what it costs anyway.
fn equal_runs(server: Decimal, function: Decimal, runs: Decimal) -> Option<Decimal> {
    Some(server.checked_mul(runs)?.checked_div(function)?.round())
}

/// Returns requests, GB-seconds, log lines and what starts it, at the prices of the candidate's own.
fn components(
    economics: &Economics,
    trigger: Trigger,
    (memory_mb, architecture): (u32, FunctionArchitecture),
    runs: Decimal,
    seconds: Decimal,
) -> Result<Vec<CostComponent>, SimulationFault> {
    let priced = economics
        .options
        .iter()
        .find(|one| one.architecture == architecture)
        .ok_or(SimulationFault::TooLarge)?;
    let [requests, gb_seconds, logs, started @ ..] = priced.components.as_slice() else {
        return Err(SimulationFault::TooLarge);
    };
    let gigabytes = Decimal::from(memory_mb) / Decimal::from(1024);
    // Of log lines, and of what starts it, one run has as much as any other. A queue is asked for messages whether any come or not.
    let of_a_run =
        |one: &CostComponent| one.quantity.checked_div(requests.quantity).unwrap_or_default();
    let name = format!("GB-seconds, {memory_mb} MB, {}", architecture.as_str());
    let of = |one: &CostComponent, name: &str, quantity: Decimal| CostComponent {
        name: name.to_owned(),
        quantity: quantity.round_dp(DIGITS),
        price: one.price.clone(),
    };
    let mut all = vec![
        of(requests, &requests.name, runs),
        of(gb_seconds, &name, times(times(runs, seconds)?, gigabytes)?),
    ];
    all.push(of(logs, &logs.name, times(runs, of_a_run(logs))?));
    for one in started {
        let quantity = match trigger {
            Trigger::Queue => one.quantity,
            Trigger::Request | Trigger::Schedule | Trigger::Event => times(runs, of_a_run(one))?,
        };
        all.push(of(one, &one.name, quantity));
    }
    Ok(all)
}

fn times(one: Decimal, other: Decimal) -> Result<Decimal, SimulationFault> {
    one.checked_mul(other).ok_or(SimulationFault::TooLarge)
}
