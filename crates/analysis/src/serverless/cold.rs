//! How often a run waits for a new environment.

use rust_decimal::Decimal;

use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::profile::Hours;
use trimtab_model::serverless::{ColdStarts, FunctionArchitecture, Trigger, Workload};

use crate::pricing::Tariff;

/// Minutes without a run after which an environment is taken to be gone. AWS promises none; people who
/// measured it saw five and more, so that fewer runs are cold than are counted here.
const KEPT_MINUTES: u32 = 5;
/// From this share of the runs on the 95th percentile sees them.
const SEEN: f64 = 0.05;

/// Returns how often a run is cold, and what keeping an environment ready would cost where somebody waits.
///
/// Runs of an hour are taken to come by themselves (a Poisson process): the share of them that nothing
/// preceded for `KEPT_MINUTES` is `exp(-rate × KEPT_MINUTES)`.
pub(super) fn cold_starts(
    workload: &Workload,
    requests_by_hour: Option<(&Hours, u32)>,
    trigger: Trigger,
    (memory_mb, architecture): (u32, FunctionArchitecture),
    tariff: &Tariff<'_>,
) -> ColdStarts {
    let share = match requests_by_hour {
        Some((hours, period_seconds)) => of_hours(hours, period_seconds),
        None => of_distance(workload),
    };
    let matters = trigger == Trigger::Request;
    let kept_ready =
        (matters && share >= SEEN).then(|| kept_ready(memory_mb, architecture, tariff)).flatten();
    ColdStarts { share, kept_minutes: KEPT_MINUTES, matters, kept_ready }
}

fn of_hours(hours: &Hours, period_seconds: u32) -> f64 {
    let samples_of_an_hour = 3600.0 / f64::from(period_seconds.max(1));
    let (mut all, mut cold) = (0.0, 0.0);
    for (_, mean, ..) in hours.iter() {
        let requests = mean * samples_of_an_hour;
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
