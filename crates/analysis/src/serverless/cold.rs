//! How often a run waits for a new environment.

use rust_decimal::Decimal;

use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::profile::Hours;
use trimtab_model::serverless::{
    ColdStarts, FunctionArchitecture, FunctionCost, Trigger, Workload,
};

use crate::pricing::Tariff;

/// Minutes without a run after which an environment is taken to be gone. AWS promises none; people who
/// measured it saw five and more, so that fewer runs are cold than are counted here.
const KEPT_MINUTES: u32 = 5;
/// From this share of the runs on the 95th percentile sees them.
const SEEN: f64 = 0.05;
/// Milliseconds in which 95 of 100 answers are to come.
const TARGET_MILLISECONDS: u32 = 200;

/// Returns how often a run is cold, and what keeping an environment ready would cost where somebody waits.
///
/// Runs of an hour are taken to come by themselves (a Poisson process): the share of them that nothing
/// preceded for `KEPT_MINUTES` is `exp(-rate × KEPT_MINUTES)`.
pub(super) fn cold_starts(
    workload: &Workload,
    requests_by_hour: Option<(&Hours, f64)>,
    trigger: Trigger,
    proposed: &FunctionCost,
    tariff: &Tariff<'_>,
) -> ColdStarts {
    let share = match requests_by_hour {
        Some((hours, factor)) => of_hours(hours, factor),
        None => of_distance(workload),
    };
    let matters = trigger == Trigger::Request;
    let is_seen = share >= SEEN;
    let kept_ready = (matters && is_seen)
        .then(|| kept_ready(proposed.memory_mb, proposed.architecture, tariff))
        .flatten();
    ColdStarts {
        share,
        kept_minutes: KEPT_MINUTES,
        matters,
        is_seen,
        kept_ready,
        target_milliseconds: TARGET_MILLISECONDS,
        keeps_target: keeps_target(proposed),
    }
}

/// Returns whether a run keeps the target, as far as is known how long one takes.
fn keeps_target(proposed: &FunctionCost) -> Option<bool> {
    let target = Decimal::from(TARGET_MILLISECONDS) / Decimal::ONE_THOUSAND;
    if proposed.seconds_high <= target {
        return Some(true);
    }
    (proposed.seconds_low > target).then_some(false)
}

fn of_hours(hours: &Hours, factor: f64) -> f64 {
    let (mut all, mut cold) = (0.0, 0.0);
    for (_, mean, ..) in hours.iter() {
        let requests = mean * factor;
        all += requests;
        cold += requests * (-requests / 60.0 * f64::from(KEPT_MINUTES)).exp();
    }
    if all > 0.0 { cold / all } else { 1.0 }
}

fn of_distance(workload: &Workload) -> f64 {
    match workload.usual_distance_seconds {
        Some(distance) if distance < u64::from(KEPT_MINUTES) * 60 => 0.0,
        // What comes so seldom that no distance is known is cold each time.
        Some(_) | None => 1.0,
    }
}

fn kept_ready(
    memory_mb: u32,
    architecture: FunctionArchitecture,
    tariff: &Tariff<'_>,
) -> Option<trimtab_model::recommendation::CostComponent> {
    let meter = match architecture {
        FunctionArchitecture::Arm64 => "lambda/provisioned_gb_second_arm",
        FunctionArchitecture::X86 => "lambda/provisioned_gb_second_x86",
    };
    let gigabytes = Decimal::from(memory_mb).checked_div(Decimal::from(1024))?;
    let seconds = Decimal::from(HOURS_PER_MONTH) * Decimal::from(3600);
    let quantity = gigabytes.checked_mul(seconds)?.round_dp(3);
    tariff.meter("One environment kept ready", quantity, meter).ok()
}
